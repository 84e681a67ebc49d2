/** What a lake holds while nobody writes it: the sum over each partition's newest entry. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Totals } from './entry.ts'
import { loadEntry, startsOf } from './recover.ts'

/** Zeros where there is no lake. A partition that a person has to look at counts as nothing here. */
export async function lakeTotals(dir: string): Promise<Totals> {
  const found: Totals[] = []
  const topics = await readdir(join(dir, 'topics')).catch(() => [])
  for (const topic of topics) {
    for (const name of await readdir(join(dir, 'topics', topic)).catch(() => [])) {
      const partition = Number(/^partition=(\d+)$/.exec(name)?.[1] ?? Number.NaN)
      if (Number.isNaN(partition)) continue
      const last = (await startsOf(dir, topic, partition)).data.at(-1)
      const entry = last === undefined ? null : await loadEntry(dir, topic, partition, last).catch(() => null)
      if (entry !== null) found.push(entry.upTo)
    }
  }
  const sum = (of: keyof Totals) => found.reduce((total, each) => total + each[of], 0)
  return { files: sum('files'), records: sum('records'), bytes: sum('bytes') }
}
