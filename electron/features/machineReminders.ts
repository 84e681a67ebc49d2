/** Reminds of a pipeline's own machine that has been running for hours: it costs money whether anybody uses it or not (decision 12). */
import { join } from 'node:path'
import { z } from 'zod'
import type { Pipeline } from '../../shared/contract/settings.ts'
import { costText } from '../../shared/running.ts'
import { listMachines } from '../clients/aws/ec2.ts'
import type { AwsAccess } from '../clients/aws/types.ts'
import { readJsonFile, writeJsonFile } from '../lib/jsonFile.ts'
import type { MachineCost } from '../plans/machine/cost.ts'
import type { ActivityLog, Pipelines } from './deps.ts'
import { costOfRun, runningMs } from './machineRun.ts'

export interface MachineRemindersDeps {
  readonly home: string
  readonly pipelines: Pipelines
  /** Says nothing where it does not work; null then. */
  access(pipeline: string): Promise<AwsAccess | null>
  readonly activity: ActivityLog
  readonly cost: MachineCost
  /** Milliseconds since 1970. */
  now?(): number
}

export interface MachineReminders {
  /** Looks at each pipeline whose turn it is. Never rejects. */
  look(): Promise<void>
  stop(): void
}

const hourMs = 3_600_000
/** AWS is not asked more often about one pipeline, ms. */
const askEveryMs = 600_000
/** How often it is seen whose turn it is; a command of the terminal has ended before, ms. */
const lookEveryMs = 60_000

/** What was said last, by pipeline; it outlives the app, so that a restart says nothing twice. */
const storedSchema = z.object({
  version: z.literal(1),
  reminded: z.record(z.string(), z.object({ id: z.string(), launchedAt: z.number(), hours: z.int() })),
})
type Reminded = z.infer<typeof storedSchema>['reminded']

export function openMachineReminders(deps: MachineRemindersDeps): MachineReminders {
  const { home, pipelines, access, activity, cost, now = Date.now } = deps
  const file = join(home, 'reminders.json')
  const askedAt = new Map<string, number>()
  let looking: Promise<void> | null = null
  let stopped = false

  const read = async (): Promise<Reminded> =>
    (await readJsonFile(file, { schema: storedSchema, version: 1 })).value?.reminded ?? {}
  /** Of pipelines that are there, so that the file does not grow. */
  const keep = async (reminded: Reminded): Promise<void> => {
    const ids = new Set(pipelines.list().items.map(({ id }) => id))
    const kept = Object.fromEntries(Object.entries(reminded).filter(([id]) => ids.has(id)))
    await writeJsonFile(file, { version: 1, reminded: kept })
  }

  const lookAt = async ({ id: pipeline, settings }: Pipeline): Promise<void> => {
    const { machine, launch } = settings
    const every = launch.remindAfterHours
    const aws = await access(pipeline)
    if (aws === null) return
    const found = (await listMachines(aws)).find(({ id }) => id === machine.id)
    const ms = found === undefined ? null : runningMs(found, now())
    if (found === undefined || ms === null || found.launchedAt === null) return
    const ran = Math.floor(ms / hourMs)
    const hours = Math.floor(ran / every) * every
    const reminded = await read()
    const last = reminded[pipeline]
    const told = last?.id === found.id && last.launchedAt === found.launchedAt ? last.hours : 0
    if (hours <= told) return
    const paid = await costOfRun(cost, aws, found, { owner: pipeline, launch }, now())
    if (stopped) return
    // On file first: whoever cannot write would say it every ten minutes.
    await keep({ ...reminded, [pipeline]: { id: found.id, launchedAt: found.launchedAt, hours } })
    activity.add({
      level: 'warn',
      area: 'machines',
      pipeline,
      text: `The machine ${found.id} of ${settings.name} has been running for ${ran} ${ran === 1 ? 'hour' : 'hours'}, ${costText(paid)}`,
      hint: `Stop it on the page AWS, or: pipeline machines stop ${found.id} --pipeline ${pipeline}`,
      remind: { path: 'aws' },
    })
  }

  const isDue = ({ id, settings }: Pipeline): boolean =>
    settings.machine.id !== '' &&
    settings.launch.remindAfterHours > 0 &&
    now() - (askedAt.get(id) ?? Number.NEGATIVE_INFINITY) >= askEveryMs

  const lookAtAll = async (): Promise<void> => {
    for (const pipeline of pipelines.list().items) {
      if (stopped) return
      if (!isDue(pipeline)) continue
      askedAt.set(pipeline.id, now())
      // A reminder that cannot be had is no news.
      await lookAt(pipeline).catch(() => {})
    }
  }
  const look = (): Promise<void> => {
    looking ??= lookAtAll().finally(() => {
      looking = null
    })
    return looking
  }

  const timer = setInterval(() => void look(), lookEveryMs)
  timer.unref()
  return {
    look,
    stop() {
      stopped = true
      clearInterval(timer)
    },
  }
}
