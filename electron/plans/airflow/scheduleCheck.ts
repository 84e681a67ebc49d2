/** F-71: a DAG that is never run, or too often; F-72: a run that never ends, or too soon. Pure. */
import { leastMinutes, leastRunMinutes } from '../../../shared/airflow.ts'
import { readCron } from '../../../shared/cron.ts'
import { bad, type DagFinding, unknown, warn } from './findings.ts'
import { callsIn, defaultsOf, durationMinutes, type PyCall, type PyValue, textOf } from './python/value.ts'

/** What a DAG is told itself, or by its default_args. */
const given = (dag: PyCall, name: string): PyValue | undefined =>
  dag.keywords.get(name) ?? defaultsOf(dag).get(name)

const moving = /(?:^|\.)(?:now|utcnow|today|days_ago)(?:\(|$)/

/** `now`: ms since 1970. */
export function scheduleFindings(dag: PyCall, now: number): DagFinding[] {
  const found: DagFinding[] = []
  const schedule = dag.keywords.get('schedule') ?? dag.keywords.get('schedule_interval')
  const byHand = schedule === undefined ? false : schedule.kind === 'none'
  const start = given(dag, 'start_date')
  const tell = (finding: DagFinding) => found.push({ ...finding, line: dag.line })
  const fixed = 'Use a fixed day in the past: datetime(2026, 1, 1, tzinfo=timezone.utc).'
  if (start === undefined) {
    if (!byHand && !dag.open) tell(bad('F-71', 'The DAG has no start_date.', fixed))
  } else if (callsIn(start).some(({ name }) => moving.test(name)))
    tell(bad('F-71', 'start_date moves on each time the file is read, so that the DAG is never run.', fixed))
  else {
    const at = dayOf(start)
    if (at === null) tell(unknown('F-71', 'Whether start_date is a fixed day cannot be told here.', fixed))
    else if (at > now) tell(bad('F-71', 'start_date lies in the future: until then nothing is run.', fixed))
  }
  const minutes = durationMinutes(schedule)
  const text = textOf(schedule)
  if (text !== null) {
    const fault = cronFinding(text)
    if (fault !== null) tell(fault)
  } else if (minutes !== null) {
    if (minutes < leastMinutes) tell(tooOften(minutes))
  } else if (schedule !== undefined && !byHand)
    tell(
      unknown(
        'F-71',
        'When it runs cannot be told here.',
        'A preset such as @daily, or five fields of cron.',
      ),
    )
  return found
}

const tooOften = (minutes: number) =>
  warn(
    'F-71',
    `Every ${minutes} min is too often: a run takes about 6 minutes, with a cluster that was off more.`,
    `Leave ${leastMinutes} minutes at least; the notebook needs once a day.`,
  )

function cronFinding(text: string): DagFinding | null {
  if (text === '@once' || text === '@continuous')
    return text === '@once'
      ? null
      : warn('F-71', '@continuous begins a run as soon as the last one ends.', 'Use @daily.')
  const read = readCron(text)
  if (read.kind === 'fields' && read.count > 5)
    return bad(
      'F-71',
      `The schedule has ${read.count} fields (${text}): Airflow reads the sixth as seconds, Quartz the first.`,
      'Use five: minute, hour, day, month, weekday.',
    )
  if (read.kind !== 'every')
    return bad(
      'F-71',
      `Airflow does not read this schedule: ${text}`,
      'A preset such as @daily, or five fields of cron.',
    )
  return read.minutes < leastMinutes ? tooOften(read.minutes) : null
}

/** Of `datetime(2026, 1, 1)`, ms since 1970; null for anything else. */
function dayOf(value: PyValue): number | null {
  if (value.kind !== 'call' || !/(?:^|\.)datetime$/.test(value.call.name)) return null
  const numbers = ['year', 'month', 'day'].map((name, nth) => {
    const each = value.call.keywords.get(name) ?? value.call.positional[nth]
    return each?.kind === 'number' ? each.value : Number.NaN
  })
  const [year = Number.NaN, month = Number.NaN, day = Number.NaN] = numbers
  const at = Date.UTC(year, month - 1, day)
  return Number.isNaN(at) ? null : at
}

export function timeoutFindings(dag: PyCall, operators: readonly PyCall[]): DagFinding[] {
  if (operators.length === 0) return []
  const limits = [
    dag.keywords.get('dagrun_timeout'),
    defaultsOf(dag).get('execution_timeout'),
    ...operators.flatMap(({ keywords }) => [keywords.get('execution_timeout')]),
  ].filter((value) => value !== undefined && value.kind !== 'none')
  const fix = `dagrun_timeout=timedelta(hours=2): a cluster that was off takes 3 to 7 minutes to start, its end is waited for.`
  if (limits.length === 0)
    return dag.open
      ? []
      : [
          warn(
            'F-72',
            'A run that hangs, such as one whose cluster does not start, stays running for ever.',
            fix,
            dag.line,
          ),
        ]
  const minutes = limits.map(durationMinutes)
  const known = minutes.filter((each) => each !== null)
  const least = Math.min(...known)
  if (known.length > 0 && least < leastRunMinutes)
    return [
      bad(
        'F-72',
        `A run is ended after ${least} min: too soon where a cluster must start first.`,
        fix,
        dag.line,
      ),
    ]
  return known.length < minutes.length
    ? [unknown('F-72', 'After how long a run is ended cannot be told here.', fix, dag.line)]
    : []
}
