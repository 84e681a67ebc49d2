import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { pipelineSettingsSchema } from '../../shared/settings.ts'
import { exportText, importText, openPipelines } from './pipelineStore.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pipeline-stores-'))
})
afterEach(() => rm(home, { recursive: true }))

const settings = (name: string, more: object = {}) => pipelineSettingsSchema.parse({ name, ...more })

it('begins with This computer, and derives the names from the user id', async () => {
  const { active, items } = (await openPipelines(home)).list()
  expect(active).toBe('this-computer')
  expect(items[0]?.names).toEqual({
    topics: { pin: 'learner.pin', geo: 'learner.geo', user: 'learner.user' },
    streams: { pin: 'streaming-learner-pin', geo: 'streaming-learner-geo', user: 'streaming-learner-user' },
  })
})

it('lets each name be overridden', async () => {
  const pipelines = await openPipelines(home)
  const made = await pipelines.create(
    settings('G3', { userId: '0a1b', topics: { names: { pin: 'pin_data.pin' } } }),
  )
  expect(made.names.topics).toEqual({ pin: 'pin_data.pin', geo: '0a1b.geo', user: '0a1b.user' })
})

it('keeps what was made, and gives each its own folder', async () => {
  const first = await openPipelines(home)
  await first.create(settings('My pipe!'))
  await first.create(settings('my pipe'))
  await first.select('my-pipe-2')
  const { active, items } = (await openPipelines(home)).list()
  expect(items.map((item) => item.id)).toEqual(['this-computer', 'my-pipe', 'my-pipe-2'])
  expect(active).toBe('my-pipe-2')
  expect(new Set(items.map((item) => item.folder)).size).toBe(3)
})

it('removes a pipeline with its data, but never the last one', async () => {
  const pipelines = await openPipelines(home)
  const { id, folder } = await pipelines.create(settings('x'))
  await mkdir(folder, { recursive: true })
  await pipelines.remove(id)
  expect(await readdir(join(home, 'pipelines'))).toEqual([])
  await expect(pipelines.remove('this-computer')).rejects.toMatchObject({ code: 'PIPELINE_LAST' })
  expect(() => pipelines.get('x')).toThrow(/no such pipeline/)
})

it('writes one change after the other', async () => {
  const pipelines = await openPipelines(home)
  await Promise.all(['a', 'b', 'c', 'd'].map((name) => pipelines.create(settings(name))))
  expect((await openPipelines(home)).list().items).toHaveLength(5)
})

it('never touches the file of a newer version', async () => {
  const newer = '{"version":2,"who":"knows"}'
  await writeFile(join(home, 'pipelines.json'), newer)
  const pipelines = await openPipelines(home)
  expect(pipelines.problems).toMatchObject([{ code: 'FILE_NEWER' }])
  await expect(pipelines.create(settings('x'))).rejects.toMatchObject({ code: 'FILE_NEWER' })
  expect(await readFile(join(home, 'pipelines.json'), 'utf8')).toBe(newer)
})

it('exports what another computer can import, and names what is wrong with anything else', () => {
  const given = settings('x', { userId: '0a1b', topics: { partitions: 3 } })
  expect(importText(exportText(given))).toEqual(given)
  expect(() => importText('{"pipelineControl":1,"settings":{"name":""}}')).toThrow(
    /settings\.name: Enter a name/,
  )
  expect(() => importText('nonsense')).toThrow(/not JSON/)
  expect(
    importText('{"pipelineControl":1,"settings":{"name":"x","__proto__":{"userId":"evil"}}}').userId,
  ).toBe('learner')
})
