/** Why a run waits, or ended without a task that failed. Pure. */
import type { AirflowRun, AirflowTask } from '../../clients/aws/airflowApi.ts'

/** Empty where its tasks say it. `paused`: the DAG is. */
export function runNote(
  { state, startedAt }: Pick<AirflowRun, 'state' | 'startedAt'>,
  tasks: readonly Pick<AirflowTask, 'state'>[],
  paused: boolean,
): string {
  if (state === 'queued' && paused)
    return 'It waits: the DAG is paused, and begins it when it is switched on.'
  const failed = tasks.some((task) => /failed|up_for_retry/.test(task.state))
  // What Airflow's scheduler does with a run that has taken longer than its dagrun_timeout; a person's "Mark failed" looks the same.
  if (state === 'failed' && startedAt !== null && !failed && tasks.some((task) => task.state === 'skipped'))
    return 'It took longer than its time limit (dagrun_timeout, F-72), or somebody marked it as failed: what was left was skipped.'
  return ''
}
