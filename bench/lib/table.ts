/** The benches' output as text: the machine, then one Markdown table, which also reads well in a terminal. */
import { median, type Row, type Target } from '../bench.ts'
import type { Machine } from './machine.ts'

export interface Result {
  readonly name: string
  readonly title: string
  readonly tookMs: number
  readonly rows: readonly Row[]
  /** Why it did not come to its end; null where it did. */
  readonly problem: string | null
}

export function machineText(machine: Machine, startedAt: Date, marks: readonly string[]): string {
  const { cpu, cores, memoryGiB, os, node, java, load, commit } = machine
  return [
    `${cpu}, ${cores} cores, ${memoryGiB} GiB, ${os}, Node ${node}, Java ${java ?? 'none'}`,
    `load before ${load.join(' ')}, commit ${commit ?? 'unknown'}, ${startedAt.toISOString().slice(0, 16)}Z`,
    ...marks,
  ].join('\n')
}

/** The table; below it what the notes say and which bench did not come to its end. */
export function resultsText(results: readonly Result[]): string {
  const notes: string[] = []
  const lines = results.flatMap(({ rows }) =>
    rows.map((row) => {
      for (const note of row.notes) notes.push(`${row.what}: ${note}`)
      return [
        row.what,
        `${shown(median(row.ours))} ${row.unit}`,
        row.peer ? `${shown(median(row.peer.values))} (${row.peer.name})` : '–',
        row.ratio === null ? '–' : `${row.ratio.toFixed(2)} ×`,
        targetText(row.target, row.peer ? '×' : row.unit),
        row.reached === null ? '–' : row.reached ? 'yes' : 'NO',
      ]
    }),
  )
  const problems = results.flatMap(({ name, problem }) => (problem === null ? [] : [`${name}: ${problem}`]))
  return [
    ...table([['what', 'ours', 'peer', 'ratio', 'target', 'reached'], ...lines]),
    ...(notes.length > 0 ? ['', ...notes.map((note) => `- ${note}`)] : []),
    ...(problems.length > 0
      ? ['', 'Did not come to their end:', ...problems.map((each) => `- ${each}`)]
      : []),
  ].join('\n')
}

function targetText(target: Target | null, unit: string): string {
  if (target === null) return '–'
  return 'atLeast' in target ? `≥ ${shown(target.atLeast)} ${unit}` : `≤ ${shown(target.atMost)} ${unit}`
}

/** Four digits are as many as such a figure deserves. */
function shown(value: number): string {
  const digits = Math.abs(value) >= 1_000 ? Math.round(value) : Number(value.toPrecision(3))
  return digits.toLocaleString('en-GB', { maximumFractionDigits: 3 })
}

function table(lines: readonly (readonly string[])[]): string[] {
  const [head = []] = lines
  const widths = head.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)))
  const text = lines.map(
    (line) => `| ${widths.map((width, at) => (line[at] ?? '').padEnd(width)).join(' | ')} |`,
  )
  return [text[0] ?? '', `|${widths.map((width) => '-'.repeat(width + 2)).join('|')}|`, ...text.slice(1)]
}
