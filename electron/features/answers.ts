/** The contract's branch `answers`: of runs here, read where the notebooks keep them, and of runs in Databricks. */
import type { AnswerSet, AnswerSetHead } from '../../shared/contract/answers.ts'
import type { NotebookRun } from '../../shared/contract/notebooks.ts'
import { AppError } from '../../shared/errors.ts'
import { type AnswerStore, answerSetId } from './answerStore.ts'
import type { Pipelines } from './deps.ts'
import { api } from './rpc.ts'

export interface AnswersDeps {
  readonly pipelines: Pipelines
  readonly store: AnswerStore
  /** The runs here that ended with answers. */
  answered(pipeline: string): Promise<readonly NotebookRun[]>
  /** One of them. */
  answeredBy(pipeline: string, runId: string): Promise<NotebookRun | null>
}

export function answersFeature({ pipelines, store, answered, answeredBy }: AnswersDeps) {
  const { answers } = api
  const all = async (pipeline: string): Promise<AnswerSet[]> => {
    const { id } = pipelines.get(pipeline)
    const [here, there] = await Promise.all([answered(id), store.list(id)])
    return [...here.flatMap(setsOf), ...there].sort((a, b) => b.at - a.at)
  }
  const find = async (pipeline: string, set: string): Promise<AnswerSet | null> => {
    const { id } = pipelines.get(pipeline)
    if (!set.startsWith(here)) return store.get(id, set)
    const run = await answeredBy(id, set.slice(here.length))
    return run === null ? null : (setsOf(run)[0] ?? null)
  }
  const headOf = ({ answers: _, ...head }: AnswerSet): AnswerSetHead => head
  return answers.router({
    list: answers.list.handler(async ({ input }) => (await all(input.pipeline)).map(headOf)),
    get: answers.get.handler(async ({ input: { pipeline, id } }) => {
      const found = await find(pipeline, id)
      if (found === null) throw unknown(id)
      return found
    }),
  })
}

/** What the ids of sets from runs here begin with. */
const here = 'here-'

/** None where it gave no answers. */
function setsOf({ runId, startedAt, endedAt, answers }: NotebookRun): AnswerSet[] {
  const from = { kind: 'here', runId } as const
  return answers === null ? [] : [{ id: answerSetId(from), from, at: endedAt ?? startedAt, answers }]
}

const unknown = (id: string) =>
  new AppError({
    code: 'ANSWERS_UNKNOWN',
    message: `There are no such answers: ${id}`,
    hint: 'Look at the list of answers; those of a run that was deleted are gone with it.',
    field: 'id',
  })
