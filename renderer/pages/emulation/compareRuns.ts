/** Two runs side by side: where their settings differ, and what came of it. */
import type { EmulationOptions, RunSnapshot } from '../../../shared/emulation.ts'
import { curveText } from '../../../shared/rateCurve.ts'
import { count, duration, latency, perSecond, unknown } from '../../components/format.ts'
import { runStates } from '../../components/runTexts.ts'

export interface CompareRow {
  readonly name: string
  readonly a: string
  readonly b: string
}

function shown(value: unknown): string {
  if (value === undefined) return unknown
  if (typeof value !== 'object' || value === null) return String(value)
  return JSON.stringify(value)
}

const rateText = ({ rate }: EmulationOptions): string =>
  rate.kind === 'curve'
    ? curveText(rate)
    : rate.kind === 'constant'
      ? `${rate.postsPerSecond} posts/s`
      : rate.kind

/** Only the settings that are not the same. */
export function settingsThatDiffer(a: EmulationOptions, b: EmulationOptions): CompareRow[] {
  const names = [...new Set([...Object.keys(a), ...Object.keys(b)])] as (keyof EmulationOptions)[]
  return names.flatMap((name) => {
    const [left, right] = name === 'rate' ? [rateText(a), rateText(b)] : [shown(a[name]), shown(b[name])]
    return left === right ? [] : [{ name, a: left, b: right }]
  })
}

const worst = ({ sinks }: RunSnapshot, of: 'p50' | 'p99' | 'max'): string => {
  const known = sinks.flatMap((sink) => (sink.latency === null ? [] : [sink.latency[of]]))
  return known.length === 0 ? unknown : latency(Math.max(...known))
}

const values = (run: RunSnapshot): readonly (readonly [string, string])[] => {
  const { counters, report } = run
  const found = report === null ? unknown : count(report.found.kafka + report.found.kinesis)
  return [
    ['State', runStates[run.state]],
    ['Took', duration(run.activeMs)],
    ['Posts', count(run.posts)],
    ['Posts a second', perSecond(run.postsPerSecond)],
    ['Records sent', count(counters.sent)],
    ['Acknowledged', count(counters.acknowledged)],
    ['Failed', count(counters.failed)],
    ['Sent again', count(counters.retried)],
    ['Latency p50, slowest sink', worst(run, 'p50')],
    ['Latency p99, slowest sink', worst(run, 'p99')],
    ['Latency, longest', worst(run, 'max')],
    ['Read back', found],
    ['Unaccounted', report === null ? unknown : count(report.unaccounted)],
    ...run.errors.map(({ code, count: times }): [string, string] => [code, count(times)]),
  ]
}

/** What both runs came to; a kind of error of one alone is a dash for the other. */
export function outcomes(a: RunSnapshot, b: RunSnapshot): CompareRow[] {
  const [left, right] = [new Map(values(a)), new Map(values(b))]
  return [...new Set([...left.keys(), ...right.keys()])].map((name) => ({
    name,
    a: left.get(name) ?? unknown,
    b: right.get(name) ?? unknown,
  }))
}
