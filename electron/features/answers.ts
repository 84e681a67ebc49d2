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
}

export function answersFeature({ pipelines, store, answered }: AnswersDeps) {
  const { answers } = api
  const here = async (pipeline: string): Promise<AnswerSet[]> =>
    (await answered(pipeline)).flatMap(({ runId, startedAt, endedAt, answers }) => {
      const from = { kind: 'here', runId } as const
      return answers === null ? [] : [{ id: answerSetId(from), from, at: endedAt ?? startedAt, answers }]
    })
  const all = async (pipeline: string): Promise<AnswerSet[]> => {
    const { id } = pipelines.get(pipeline)
    const sets = await Promise.all([here(id), store.list(id)])
    return sets.flat().sort((a, b) => b.at - a.at)
  }
  const headOf = ({ answers: _, ...head }: AnswerSet): AnswerSetHead => head
  return answers.router({
    list: answers.list.handler(async ({ input }) => (await all(input.pipeline)).map(headOf)),
    get: answers.get.handler(async ({ input: { pipeline, id } }) => {
      const found = (await all(pipeline)).find((set) => set.id === id)
      if (found === undefined) throw unknown(id)
      return found
    }),
  })
}

const unknown = (id: string) =>
  new AppError({
    code: 'ANSWERS_UNKNOWN',
    message: `There are no such answers: ${id}`,
    hint: 'Look at the list of answers; those of a run that was deleted are gone with it.',
    field: 'id',
  })
