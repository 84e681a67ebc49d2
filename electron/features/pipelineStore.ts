/** The pipelines a person has: named sets of user id, topics, streams, endpoints and paths. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { type Problem, pipelineIdSchema, timeSchema } from '../../shared/contract/base.ts'
import type { Pipeline, PipelineList } from '../../shared/contract/settings.ts'
import { AppError } from '../../shared/errors.ts'
import { type kinds, streamName, topicName } from '../../shared/names.ts'
import { type PipelineSettings, pipelineSettingsSchema } from '../../shared/settings.ts'
import { readJsonFile, writeJsonFile } from '../lib/jsonFile.ts'
import type { Pipelines } from './deps.ts'

const storedSchema = z.object({
  version: z.literal(1),
  active: pipelineIdSchema,
  items: z
    .array(z.object({ id: pipelineIdSchema, createdAt: timeSchema, settings: pipelineSettingsSchema }))
    .min(1)
    .max(200),
})
type Stored = z.infer<typeof storedSchema>

/** The text of an exported pipeline: settings only, which hold no secret. */
const exportedSchema = z.object({ pipelineControl: z.literal(1), settings: pipelineSettingsSchema })

const firstId = 'this-computer'

export interface OpenPipelines extends Pipelines {
  readonly problems: readonly Problem[]
  create(settings: PipelineSettings): Promise<Pipeline>
  update(id: string, settings: PipelineSettings): Promise<Pipeline>
  select(id: string): Promise<PipelineList>
  /** Removes it with its data. */
  remove(id: string): Promise<PipelineList>
}

/** The text that another computer can import. */
export function exportText(settings: PipelineSettings): string {
  return `${JSON.stringify({ pipelineControl: 1, settings }, null, 2)}\n`
}

/** Throws AppError IMPORT_INVALID naming the field at fault. */
export function importText(text: string): PipelineSettings {
  try {
    return exportedSchema.parse(JSON.parse(text)).settings
  } catch (thrown) {
    const issue = thrown instanceof z.ZodError ? thrown.issues[0] : undefined
    throw new AppError({
      code: 'IMPORT_INVALID',
      message: `This is not an exported pipeline: ${issue ? `${issue.path.join('.')}: ${issue.message}` : 'not JSON'}`,
      hint: 'Choose a file that was made with Export.',
      field: issue?.path.join('.'),
    })
  }
}

const namesOf = <T>(name: (kind: (typeof kinds)[number]) => T) => ({
  pin: name('pin'),
  geo: name('geo'),
  user: name('user'),
})

/** Opens the list of the folder; the first pipeline is "This computer". */
export async function openPipelines(home: string): Promise<OpenPipelines> {
  const file = join(home, 'pipelines.json')
  const { value, problem } = await readJsonFile(file, { schema: storedSchema, version: 1 })
  let stored: Stored = value ?? {
    version: 1,
    active: firstId,
    items: [
      {
        id: firstId,
        createdAt: Date.now(),
        settings: pipelineSettingsSchema.parse({ name: 'This computer' }),
      },
    ],
  }
  const listeners = new Set<() => void>()
  const locked = problem?.code === 'FILE_NEWER'
  let turn: Promise<unknown> = Promise.resolve()

  const folderOf = (id: string) => join(home, 'pipelines', id)
  const shown = ({ id, createdAt, settings }: Stored['items'][number]): Pipeline => ({
    id,
    createdAt,
    settings,
    folder: folderOf(id),
    names: {
      topics: namesOf((kind) => settings.topics.names[kind] ?? topicName(settings.userId, kind)),
      streams: namesOf((kind) => settings.streams.names[kind] ?? streamName(settings.userId, kind)),
    },
  })
  const list = (): PipelineList => ({ active: stored.active, items: stored.items.map(shown) })
  const get = (id: string): Pipeline => {
    const item = stored.items.find((each) => each.id === id)
    if (item) return shown(item)
    throw new AppError({
      code: 'PIPELINE_UNKNOWN',
      message: `There is no such pipeline: ${id}`,
      hint: `Choose one of ${stored.items.map((each) => each.id).join(', ')}.`,
      field: 'pipeline',
    })
  }

  /** Changes go to disk one after the other, and only then into force. */
  const change = (edit: (now: Stored) => Stored): Promise<void> => {
    const work = turn.then(async () => {
      if (locked && problem !== null) throw new AppError(problem)
      const next = storedSchema.parse(edit(stored))
      await writeJsonFile(file, next)
      stored = next
      for (const listener of listeners) listener()
    })
    turn = work.catch(() => {})
    return work
  }

  const freeId = (name: string): string => {
    const base =
      name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '')
        .slice(0, 40) || 'pipeline'
    const taken = (id: string) => stored.items.some((item) => item.id === id)
    if (!taken(base)) return base
    const free = Array.from({ length: stored.items.length + 1 }, (_, i) => `${base}-${i + 2}`).find(
      (id) => !taken(id),
    )
    return free ?? `${base}-${Date.now().toString(36)}`
  }

  return {
    problems: problem === null ? [] : [problem],
    list,
    get,
    onChange: (listener) => void listeners.add(listener),
    async create(settings) {
      const id = freeId(settings.name)
      await change((now) => ({ ...now, items: [...now.items, { id, createdAt: Date.now(), settings }] }))
      return get(id)
    },
    async update(id, settings) {
      get(id)
      await change((now) => ({
        ...now,
        items: now.items.map((item) => (item.id === id ? { ...item, settings } : item)),
      }))
      return get(id)
    },
    async select(id) {
      get(id)
      await change((now) => ({ ...now, active: id }))
      return list()
    },
    async remove(id) {
      get(id)
      if (stored.items.length === 1) {
        throw new AppError({
          code: 'PIPELINE_LAST',
          message: 'The last pipeline cannot be removed.',
          hint: 'Create another one first.',
        })
      }
      await change((now) => {
        const items = now.items.filter((item) => item.id !== id)
        return { ...now, items, active: now.active === id ? (items[0]?.id ?? firstId) : now.active }
      })
      await rm(folderOf(id), { recursive: true, force: true })
      return list()
    },
  }
}
