import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createRouterClient } from '@orpc/server'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { NotebookRun } from '../../shared/contract/notebooks.ts'
import { answerIds, answersSchema } from '../../shared/notebooks.ts'
import { type AnswerStore, openAnswerStore } from './answerStore.ts'
import { answersFeature } from './answers.ts'
import type { Pipelines } from './deps.ts'

const answers = (count: number) =>
  answersSchema.parse({
    version: 1,
    answers: Object.fromEntries(
      answerIds.map((id) => [id, { columns: ['n'], rows: [[count]], truncated: false }]),
    ),
  })
const run = {
  ...{ runId: '2026-01-02-030405-abc', pipeline: 'p', notebook: 'batch', state: 'done', spark: '4.2.0' },
  ...{ startedAt: 1_000, endedAt: 2_000, progress: null, cells: [], problem: null, answers: answers(1) },
} as const satisfies NotebookRun
const databricks = {
  kind: 'databricks',
  runId: '77',
  url: 'https://dbc.cloud.databricks.com/jobs/1/runs/77',
} as const

let folder: string
let store: AnswerStore
let pipelines: Pipelines
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'answers-'))
  pipelines = { get: (id: string) => ({ id, folder: join(folder, id) }) } as unknown as Pipelines
  store = openAnswerStore(pipelines)
})
afterEach(() => rm(folder, { recursive: true }))
const client = (runs: readonly NotebookRun[]) =>
  createRouterClient(
    answersFeature({
      pipelines,
      store,
      answered: async () => runs,
      answeredBy: async (_, runId) => runs.find((run) => run.runId === runId) ?? null,
    }),
  )

it('lists those of runs here and in Databricks, newest first, and gives each whole', async () => {
  const kept = await store.keep('p', { from: databricks, at: 3_000, answers: answers(2) })
  expect(kept.id).toBe('databricks-77')
  const { list, get } = client([run])
  expect(await list({ pipeline: 'p' })).toEqual([
    { id: 'databricks-77', from: databricks, at: 3_000 },
    { id: `here-${run.runId}`, from: { kind: 'here', runId: run.runId }, at: 2_000 },
  ])
  expect(await get({ pipeline: 'p', id: 'databricks-77' })).toEqual(kept)
  expect((await get({ pipeline: 'p', id: `here-${run.runId}` })).answers).toEqual(run.answers)
  for (const id of ['databricks-78', 'here-78'])
    await expect(get({ pipeline: 'p', id })).rejects.toMatchObject({ data: { code: 'ANSWERS_UNKNOWN' } })
})

it('keeps one set of a run, of each pipeline its own, and finds it after a start', async () => {
  await store.keep('p', { from: databricks, at: 3_000, answers: answers(2) })
  await store.keep('p', { from: databricks, at: 4_000, answers: answers(3) })
  const again = openAnswerStore(pipelines)
  expect((await again.list('p')).map(({ at }) => at)).toEqual([4_000])
  expect(await again.list('other')).toEqual([])
})

it('passes over a file that is damaged, and puts it aside', async () => {
  const { id } = await store.keep('p', { from: databricks, at: 3_000, answers: answers(2) })
  const file = join(folder, 'p', 'answers', `${id}.json`)
  await writeFile(file, '{"version":1,')
  expect(await store.list('p')).toEqual([])
  expect(await readFile(`${file}.bad`, 'utf8')).toBe('{"version":1,')
})

it('keeps nothing under a name that is no file’s, and nothing of a run here', async () => {
  const set = { at: 1, answers: answers(1) }
  await expect(store.keep('p', { ...set, from: { ...databricks, runId: '../x' } })).rejects.toThrow()
  await expect(store.keep('p', { ...set, from: { kind: 'here', runId: 'a' } })).rejects.toThrow()
})
