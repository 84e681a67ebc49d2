/** F-71: a DAG that is never run, or too often; F-72: a run that never ends, or too soon. Pure. */
import { leastMinutes, leastRunMinutes } from '../../../shared/airflow.ts'
import { cronPresets, readCron } from '../../../shared/cron.ts'
import { bad, type DagFinding, unknown, warn } from './findings.ts'
import { callsIn, defaultsOf, durationMinutes, type PyCall, type PyValue, textOf } from './python/value.ts'

const dayMinutes = 1_440

/** What a DAG is told itself, or by its default_args. */
const given = (dag: PyCall, name: string): PyValue | undefined =>
  dag.keywords.get(name) ?? defaultsOf(dag).get(name)

const moving = /(?:^|\.)(?:now|utcnow|today|days_ago)(?:\(|$)/

/**
 * Null for a start that stays. One of some days ago is run where it lies a whole period back: Airflow 2 begins with the first
 * period after it, and looks anew each time the file is read.
 */
function moves(start: PyValue, schedule: PyValue | undefined): 'daily' | 'always' | null {
  const call = callsIn(start).find(({ name }) => moving.test(name))
  if (call === undefined) return null
  const days = call.positional[0] ?? call.keywords.get('n')
  if (!call.name.endsWith('days_ago') || days?.kind !== 'number' || days.value < 1) return 'always'
  const text = textOf(schedule)
  const words = text === null ? [] : (cronPresets[text.trim()] ?? text).trim().split(/\s+/)
  const everyDay = words.length === 5 && words.slice(2).every((word) => word === '*' || word === '?')
  const minutes = durationMinutes(schedule)
  return everyDay || (minutes !== null && minutes <= days.value * dayMinutes) ? 'daily' : 'always'
}

/** `now`: ms since 1970; `airflow`: a version, empty where it is not known. */
export function scheduleFindings(dag: PyCall, now: number, airflow: string): DagFinding[] {
  const found: DagFinding[] = []
  const schedule = dag.keywords.get('schedule') ?? dag.keywords.get('schedule_interval')
  const byHand = schedule === undefined ? false : schedule.kind === 'none'
  const start = given(dag, 'start_date')
  const tell = (finding: DagFinding) => found.push({ ...finding, line: dag.line })
  const fixed = 'Use a fixed day in the past: datetime(2026, 1, 1, tzinfo=timezone.utc).'
  if (start === undefined) {
    // Airflow 3 begins at once where none is given.
    const tellMissing = airflow.startsWith('2.') ? bad : warn
    if (!byHand && !dag.open && (airflow === '' || airflow.startsWith('2.')))
      tell(tellMissing('F-71', 'The DAG has no start_date, which Airflow 2 refuses.', fixed))
  } else if (moves(start, schedule) === 'daily')
    tell(warn('F-71', 'start_date moves on from day to day: what is made up for changes with it.', fixed))
  else if (moves(start, schedule) !== null)
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
  const limit = (value: PyValue | undefined, seconds = false) =>
    value === undefined || isNone(value) ? [] : [{ value, seconds }]
  const limits = [
    ...limit(dag.keywords.get('dagrun_timeout')),
    ...limit(defaultsOf(dag).get('execution_timeout')),
    ...operators.flatMap(({ keywords }) => [
      ...limit(keywords.get('execution_timeout')),
      // Of the run in Databricks, which ends it itself.
      ...limit(keywords.get('timeout_seconds'), true),
    ]),
  ]
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
  const minutes = limits.map(({ value, seconds }) =>
    seconds && value.kind === 'number' ? value.value / 60 : durationMinutes(value),
  )
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

/** 0 seconds is Databricks' word for no limit. */
const isNone = (value: PyValue) => value.kind === 'none' || (value.kind === 'number' && value.value === 0)
