/** The state of a run or a task, as a mark and a word. */
import type { JobRunState } from '../../../shared/contract/databricks.ts'
import { type DotState, StateDot } from '../../ui/StateDot.tsx'

const states: Readonly<Record<JobRunState, readonly [DotState, string]>> = {
  waiting: ['working', 'waiting'],
  running: ['working', 'running'],
  ending: ['working', 'ending'],
  done: ['good', 'done'],
  failed: ['bad', 'failed'],
  timedOut: ['bad', 'took too long'],
  cancelled: ['off', 'cancelled'],
  skipped: ['warn', 'skipped'],
}

export function RunState({ state }: { readonly state: JobRunState }) {
  const [dot, word] = states[state]
  return (
    <span className="inline-flex items-center gap-2">
      <StateDot state={dot} label="" />
      {word}
    </span>
  )
}
