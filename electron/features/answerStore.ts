/** Answers of runs in Databricks, one small file each; those of runs here stand with the runs themselves. */
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type AnswerSet, answerSetIdSchema, answerSetSchema } from '../../shared/contract/answers.ts'
import { readJsonFile, writeJsonFile } from '../lib/jsonFile.ts'
import type { Pipelines } from './deps.ts'

export interface AnswerStore {
  /** Those of a run that is kept already are replaced. Throws where `from` is a run here, or the id does not fit. */
  keep(pipeline: string, set: Omit<AnswerSet, 'id'>): Promise<AnswerSet>
  /** In no order. */
  list(pipeline: string): Promise<AnswerSet[]>
  get(pipeline: string, id: string): Promise<AnswerSet | null>
}

export const answerSetId = ({ kind, runId }: AnswerSet['from']): string =>
  answerSetIdSchema.parse(`${kind}-${runId}`)

export function openAnswerStore(pipelines: Pipelines): AnswerStore {
  const folderOf = (pipeline: string) => join(pipelines.get(pipeline).folder, 'answers')
  const fileOf = (pipeline: string, id: string) => join(folderOf(pipeline), `${id}.json`)
  const get = async (pipeline: string, id: string) =>
    (await readJsonFile(fileOf(pipeline, id), { schema: answerSetSchema, version: 1 })).value
  return {
    get,
    async keep(pipeline, { from, at, answers }) {
      if (from.kind === 'here') throw new Error('The answers of a run here stand with the run.')
      const set: AnswerSet = { id: answerSetId(from), from, at, answers }
      await writeJsonFile(fileOf(pipeline, set.id), { version: 1, ...set })
      return set
    },
    async list(pipeline) {
      const names = await readdir(folderOf(pipeline)).catch(() => [])
      const ids = names.flatMap((name) => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []))
      const found = await Promise.all(ids.map((id) => get(pipeline, id)))
      return found.filter((set) => set !== null)
    },
  }
}
