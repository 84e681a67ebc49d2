/** What a run came to: what its failed tasks said, and the answers that its batch ended with. */
import type { Problem } from '../../../shared/contract/base.ts'
import type { JobRun, JobRunDetail } from '../../../shared/contract/databricks.ts'
import { notebookFaultHint } from '../../../shared/notebookFaults.ts'
import { type Answers, answersSchema } from '../../../shared/notebooks.ts'
import type { Workspace } from '../../clients/databricks/http.ts'
import { type TaskOutput, taskOutput } from '../../clients/databricks/runs.ts'
import { jsonOf } from '../../lib/jsonText.ts'
import { redact } from '../../lib/redact.ts'

const failed = new Set<JobRun['state']>(['failed', 'timedOut'])
/** A trace is shown in part, characters: its end names the fault. */
const shownTrace = 8_000

export const isOver = ({ state }: Pick<JobRun, 'state'>): boolean =>
  state !== 'waiting' && state !== 'running' && state !== 'ending'

/** A notebook's trace is coloured for a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: it is what a terminal's colours begin with
const colours = /\u001b\[[0-9;]*m/g
const clean = (text: string) => redact(text.replace(colours, ''))

/** Of tasks that failed. Rejects with AppError. */
export async function taskErrors(
  workspace: Workspace,
  { tasks }: JobRun,
  signal?: AbortSignal,
): Promise<JobRunDetail['errors']> {
  const bad = tasks.filter(({ state }) => failed.has(state))
  return Promise.all(
    bad.map(async (task) => {
      const output = await taskOutput(workspace, task.runId, signal)
      const trace = output.trace === null ? null : clean(output.trace).slice(-shownTrace)
      return { key: task.key, problem: problemOf(task, output), trace }
    }),
  )
}

const problemOf = ({ state, message, word }: JobRun['tasks'][number], { error }: TaskOutput): Problem => {
  const said = clean(error ?? '').trim() || message || word
  if (state === 'timedOut') {
    return {
      code: 'DATABRICKS_TASK_SLOW',
      message: `It took longer than an hour and was ended: ${said}`,
      hint: 'A cluster that has ended takes 3 to 7 minutes to start (F-72). Look at the run’s page for what took so long.',
    }
  }
  return {
    code: 'DATABRICKS_TASK_FAILED',
    message: said.split('\n')[0] ?? said,
    hint:
      notebookFaultHint(said) ??
      'Open the run’s page: the cell that failed shows the whole of it. After mending it, press Repair.',
  }
}

export interface RunAnswers {
  readonly answers: Answers | null
  /** Why there are none, though it came to its end. */
  readonly problem: Problem | null
}

/** Of the task `batch`, where it came to its end; null where there is none. Rejects with AppError. */
export async function runAnswers(
  workspace: Workspace,
  { tasks }: JobRun,
  signal?: AbortSignal,
): Promise<RunAnswers> {
  const task = tasks.find(({ key, state }) => key === 'batch' && state === 'done')
  if (task === undefined) return { answers: null, problem: null }
  const { result, truncated } = await taskOutput(workspace, task.runId, signal)
  if (truncated)
    return { answers: null, problem: unreadable('they are larger than the 5 MB that a job hands on') }
  const found = answersSchema.safeParse(jsonOf(result ?? ''))
  return found.success
    ? { answers: found.data, problem: null }
    : { answers: null, problem: unreadable('the notebook did not end with them') }
}

const unreadable = (why: string): Problem => ({
  code: 'DATABRICKS_NO_ANSWERS',
  message: `The run has no answers to show: ${why}`,
  hint: 'Apply the plan Databricks, so that the notebooks there are those of this app, and run the job again.',
})
