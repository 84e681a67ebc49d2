/** The state of a run or of a task in Airflow's own words, as a mark and a word. */
import { type DotState, StateDot } from '../../ui/StateDot.tsx'

/** Of runs and of tasks (`airflow.utils.state`). */
const states: Readonly<Record<string, readonly [DotState, string]>> = {
  '': ['off', 'not yet begun'],
  scheduled: ['working', 'scheduled'],
  queued: ['working', 'queued'],
  running: ['working', 'running'],
  restarting: ['working', 'restarting'],
  deferred: ['working', 'waiting for Databricks'],
  up_for_retry: ['warn', 'failed; tried again soon'],
  up_for_reschedule: ['working', 'looked at again soon'],
  success: ['good', 'done'],
  failed: ['bad', 'failed'],
  upstream_failed: ['bad', 'not begun: one before it failed'],
  skipped: ['off', 'skipped'],
  removed: ['off', 'removed'],
}

export function RunMark({ state }: { readonly state: string }) {
  const [dot, word] = states[state] ?? ['off', state]
  return (
    <span className="inline-flex items-center gap-2">
      <StateDot state={dot} label="" />
      {word}
    </span>
  )
}

export const isOver = (state: string): boolean => state === 'success' || state === 'failed'
