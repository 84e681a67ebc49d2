/** What the activity list says about a run that ended. */
import type { Activity } from '../../shared/contract/app.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'

export function endText(run: RunSnapshot): Pick<Activity, 'level' | 'text' | 'hint'> {
  const { report, problem, counters, runId } = run
  if (problem) return { level: 'bad', text: `Emulation ${runId}: ${problem.message}`, hint: problem.hint }
  if (report) {
    const { found, unaccounted, notRead = [] } = report
    const read = (['kafka', 'kinesis', 'lake'] as const)
      .filter((place) => !notRead.some((missing) => missing.place === place))
      .map((place) => `${found[place]} in ${placeNames[place]}`)
    const text = `Emulation ${runId} read back: ${read.join(', ')}, ${unaccounted} unaccounted`
    const hint = unaccounted === 0 ? null : 'The run’s report says where records are missing.'
    return { level: unaccounted === 0 ? 'good' : 'bad', text, hint }
  }
  const { acknowledged, sent, failed } = counters
  const text = `Emulation ${runId} ${run.state}: ${acknowledged} of ${sent} records acknowledged, ${failed} failed`
  const hint =
    failed === 0 ? null : 'The run’s errors by kind, each with an example, are on the Emulation page.'
  return { level: failed === 0 ? 'good' : 'warn', text, hint }
}

const placeNames = { kafka: 'Kafka', kinesis: 'Kinesis', lake: 'the lake' } as const
