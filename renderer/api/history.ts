/** The last rates of each topic and stream, kept while the page is open: what the sparklines draw. */
import type { Overview } from '../../shared/contract/local.ts'

/** Values of one line: at two a second, the last half minute. */
const kept = 60

const lines = new Map<string, readonly number[]>()
const seen = new Map<string, number>()

const keyOf = (pipeline: string, name: string) => `${pipeline} ${name}`

/** Notes each snapshot once; a rate that is not known leaves no value. */
export function noteRates(pipeline: string, overview: Overview): void {
  if (seen.get(pipeline) === overview.at) return
  seen.set(pipeline, overview.at)
  for (const { name, rate } of overview.nodes.flatMap((node) => node.rows)) {
    if (rate === null) continue
    const key = keyOf(pipeline, name)
    lines.set(key, [...(lines.get(key) ?? []), rate].slice(-kept))
  }
}

/** Oldest first; the same array until a new value comes. */
export function ratesOf(pipeline: string, name: string): readonly number[] {
  return lines.get(keyOf(pipeline, name)) ?? none
}
const none: readonly number[] = []
