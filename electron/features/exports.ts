/** Exports of this session: each in its own thread, owned by the back end, watched by whoever looks. */
import { randomBytes } from 'node:crypto'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Export, ExportInput } from '../../shared/contract/transfer.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import { type Broadcast, broadcast } from '../lib/broadcast.ts'
import { compile } from '../search/matcher.ts'
import { openThread, type Thread } from '../search/thread.ts'
import type { ActivityLog } from './deps.ts'
import type { OpenedWay } from './endpoints.ts'

export interface Exports {
  list(): Export[]
  /** Throws AppError FILTER_INVALID. */
  start(opened: OpenedWay, input: ExportInput): Promise<Export>
  /** Until it is over. Throws AppError EXPORT_UNKNOWN. */
  watch(id: string, signal: AbortSignal): AsyncGenerator<Export>
  stop(id: string): Export
  stopAll(): Promise<void>
}

interface Running {
  readonly state: Broadcast<Export>
  readonly thread: Thread
  readonly over: Promise<void>
}

/** How long a stop waits for the last line before the thread is ended, ms. */
const patienceMs = 10_000

export function openExports(folder: string, workerFile: string, activity: ActivityLog): Exports {
  const all = new Map<string, Running>()

  const find = (id: string): Running => {
    const found = all.get(id)
    if (found !== undefined) return found
    throw new AppError({
      code: 'EXPORT_UNKNOWN',
      message: `There is no such export in this session: ${id}`,
      hint: 'Look into the exports folder; files that were finished stay there.',
      field: 'id',
    })
  }

  const run = (
    { way, secrets, live }: OpenedWay,
    { pipeline, ...input }: ExportInput,
    first: Export,
  ): Running => {
    const state = broadcast(first)
    const set = (change: Partial<Export>) => state.set({ ...state.get(), ...change })
    let done = () => {}
    const over = new Promise<void>((resolve) => {
      done = resolve
    })
    const thread = openThread(
      workerFile,
      { init: { mode: 'export', ...way, input, file: first.file }, secrets, live },
      {
        onMessage: (message) => message.type === 'export' && set(message.progress),
        onFailure: (reason) => {
          set({ state: 'failed', problem: toErrorDetail(reason) })
          void thread.terminate()
        },
        onExit: () => {
          if (state.get().state === 'running') set({ state: 'failed', problem: ended })
          const { state: how, written, topic, file, problem, startedAt } = state.get()
          activity.add({
            level: how === 'failed' ? 'bad' : 'good',
            area: 'topics',
            pipeline,
            text: `Export of ${topic} ${how}: ${written} messages in ${file}`,
            hint: problem?.hint ?? null,
            ended: { path: `topics/${encodeURIComponent(topic)}`, tookMs: Date.now() - startedAt },
          })
          done()
        },
      },
    )
    return { state, thread, over }
  }

  return {
    list: () => [...all.values()].map(({ state }) => state.get()).reverse(),
    async start(opened, input) {
      compile(input.filter)
      await mkdir(folder, { recursive: true, mode: 0o700 })
      const startedAt = Date.now()
      const id = randomBytes(6).toString('hex')
      const time = new Date(startedAt).toISOString().slice(0, 19).replaceAll(':', '-')
      const first: Export = {
        id,
        topic: input.topic,
        startedAt,
        file: join(folder, `${input.topic}-${time}-${id}.${input.format}`),
        state: 'running',
        written: 0,
        bytes: 0,
        total: 0,
        passed: 0,
        scanned: 0,
        misfits: 0,
        problem: null,
      }
      all.set(id, run(opened, input, first))
      return first
    },
    async *watch(id, signal) {
      for await (const now of find(id).state.watch(signal)) {
        yield now
        if (now.state !== 'running') return
      }
    },
    stop(id) {
      const { state, thread } = find(id)
      if (state.get().state === 'running') thread.stop()
      return state.get()
    },
    async stopAll() {
      await Promise.all(
        [...all.values()].map(async ({ state, thread, over }) => {
          if (state.get().state !== 'running') return
          thread.stop()
          const hurry = setTimeout(() => void thread.terminate(), patienceMs)
          await over
          clearTimeout(hurry)
        }),
      )
    },
  }
}

const ended = {
  code: 'EXPORT_ENDED',
  message: 'The export’s thread ended by itself.',
  hint: 'Start it again; what was written lies beside the file with .part at its end.',
}
