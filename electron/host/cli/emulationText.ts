/** How the terminal tells of an emulation: its progress, its result, its report, and what does not agree. */
import type { Report, RunSnapshot } from '../../../shared/emulation.ts'
import type { CliDeps } from './session.ts'
import { count, duration, printable, table } from './text.ts'

/** One line, drawn anew while it runs. */
export function progressLine({ posts, postsPerSecond, counters, state }: RunSnapshot): string {
  return `${state}: ${count(posts)} posts, ${count(counters.acknowledged)} acknowledged, ${count(counters.failed)} failed, ${count(counters.inFlight)} in flight, ${count(Math.round(postsPerSecond))} posts/s`
}

/** Posts are counted from 1 for people. */
const resumeText = ({ at, post, repeated }: RunSnapshot['resumes'][number]) =>
  `Went on at ${new Date(at).toISOString()} with post ${count(post + 1)}; ${count(repeated)} records without an answer went out again.`

function resultLines(snapshot: RunSnapshot): string[] {
  const ms = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(1))
  const rows = snapshot.sinks.map(({ sink, counters, latency }) => [
    sink,
    count(counters.sent),
    count(counters.acknowledged),
    count(counters.failed),
    count(counters.retried),
    ms(latency?.p50),
    ms(latency?.p99),
    ms(latency?.max),
  ])
  return [
    `${count(snapshot.posts)} posts in ${duration(snapshot.activeMs)}: ${snapshot.state}.`,
    ...table(['sink', 'sent', 'acknowledged', 'failed', 'retried', 'p50 ms', 'p99 ms', 'max ms'], rows),
    ...snapshot.errors.map(
      (error) =>
        `! ${error.sink} ${error.code} × ${count(error.count)}: ${printable(error.example)} ${error.hint}`,
    ),
    ...snapshot.resumes.map((resume) => resumeText(resume)),
    ...snapshot.warnings.map((warning) => `! ${warning}`),
    ...(snapshot.problem === null ? [] : [`✗ ${snapshot.problem.message} ${snapshot.problem.hint}`]),
  ]
}

/** The report as a table and one sentence, which claims no more than was read. */
export function reportLines(report: Report): string[] {
  const { acknowledged, unaccounted, notRead = [] } = report
  // The numbers of what was not read are 0 and prove nothing.
  const unread = new Set<string>(notRead.map(({ place }) => place))
  const row = (name: string, values: Readonly<Record<string, number>>, read = true) => [
    name,
    ...['kafka', 'kinesis', 'lake'].map((key) =>
      count(read && unread.has(key) ? null : (values[key] ?? null)),
    ),
  ]
  return [
    ...table(
      ['', 'kafka', 'kinesis', 'lake'],
      [
        row('acknowledged', acknowledged, false),
        row('found', report.found),
        row('found, not acknowledged', report.unacknowledgedFound),
      ],
    ),
    ...notRead.map(({ place, reason }) => `! Not read: ${place}: ${reason}`),
    unaccounted > 0
      ? `${count(unaccounted)} acknowledged records are missing.`
      : notRead.length > 0
        ? 'Nothing is missing of what was read; what was not read proves nothing.'
        : acknowledged.kafka + acknowledged.kinesis === 0
          ? 'No topic and no stream acknowledged a record, so there is nothing to read back.'
          : 'Every acknowledged record was read back at its place.',
  ]
}

/** Everything a person wants to read at the end. */
export function note(deps: CliDeps, snapshot: RunSnapshot): void {
  for (const line of resultLines(snapshot)) deps.terminal.note(line)
  if (snapshot.report !== null) for (const line of reportLines(snapshot.report)) deps.terminal.note(line)
}

/** What does not agree, in words; empty where every number is true. */
export function disagreements(snapshot: RunSnapshot, wantedPosts: number | undefined): string[] {
  const { report, counters } = snapshot
  if (report === null) return ['there is no report']
  const pairs: [string, number, number][] = [
    ['found in kafka', report.found.kafka, report.acknowledged.kafka],
    ['found in kinesis', report.found.kinesis, report.acknowledged.kinesis],
    ['found in the lake', report.found.lake, report.acknowledged.kafka],
    ['unaccounted', report.unaccounted, 0],
    ['failed', counters.failed, 0],
    ['in flight', counters.inFlight, 0],
    ['acknowledged in all', counters.acknowledged, counters.sent],
    ...(wantedPosts === undefined
      ? []
      : ([['posts', report.posts, wantedPosts]] as [string, number, number][])),
  ]
  return pairs
    .filter(([, is, should]) => is !== should)
    .map(([name, is, should]) => `${name}: ${count(is)} instead of ${count(should)}`)
}
