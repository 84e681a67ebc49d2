/** The contract's branch `local`: what runs on this computer, and deleting its data. */

import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { deletes } from '../../shared/contract/app.ts'
import type { Problem } from '../../shared/contract/base.ts'
import type { LocalStatus } from '../../shared/contract/local.ts'
import type { Pipeline } from '../../shared/contract/settings.ts'
import { AppError } from '../../shared/errors.ts'
import { folderBytes } from '../lib/diskUse.ts'
import { kafkaVersion } from '../local/kafka/version.ts'
import { lakeTotals } from '../local/lake/totals.ts'
import type { LocalStack } from '../local/stack.ts'
import type { ActivityLog, ConsentDesk, Pipelines } from './deps.ts'
import { api } from './rpc.ts'
import type { Stacks } from './stacks.ts'

export interface LocalDeps {
  readonly pipelines: Pipelines
  readonly stacks: Stacks
  readonly consent: ConsentDesk
  readonly activity: ActivityLog
  /** The data is gone: nothing of it is in the ledger any more. */
  forgetData(pipeline: string): Promise<void>
}

const plain = ({ code, message, hint }: Problem): Problem => ({ code, message, hint })

/** Throws AppError PIPELINE_NOT_LOCAL where nothing of the pipeline's data is on this computer. */
function ours(pipeline: Pipeline): Pipeline {
  if (pipeline.settings.kind === 'local') return pipeline
  throw new AppError({
    code: 'PIPELINE_NOT_LOCAL',
    message: `This pipeline runs elsewhere, so its data is not on this computer: ${pipeline.settings.name}`,
    hint: 'Delete topics and streams on their pages, or choose a pipeline of this computer.',
  })
}

/** The lake names its parts `lake/<topic>/<partition>`. */
function lakeProblems(stack: LocalStack): LocalStatus['lakeProblems'] {
  return stack.problems().flatMap((problem) => {
    const match = 'part' in problem ? /^lake\/(.+)\/(\d+)$/.exec(String(problem.part)) : null
    return match === null ? [] : [{ ...plain(problem), topic: match[1] ?? '', partition: Number(match[2]) }]
  })
}

/** Numbers of a lake that runs come from the lake; of one that does not, from its files. */
export async function localStatus(pipelines: Pipelines, stacks: Stacks, id: string): Promise<LocalStatus> {
  const { folder } = pipelines.get(id)
  const stack = stacks.of(id)
  const [broker, kinesis, gateway] = [stack.broker.running(), stack.kinesis.running(), stack.stack.running()]
  const path = join(folder, 'lake')
  const numbers = stack.numbers()
  const live = gateway !== null && numbers['lake.files'] !== undefined
  const totals = live
    ? {
        files: numbers['lake.files'] ?? 0,
        bytes: numbers['lake.bytes'] ?? 0,
        records: numbers['lake.records'] ?? 0,
      }
    : await lakeTotals(path)
  return {
    running: stack.running(),
    since: stack.since(),
    kafka: {
      running: broker !== null,
      bootstrap: broker?.address.bootstrap ?? '',
      pid: broker?.pid ?? null,
      version: kafkaVersion,
    },
    kinesis: {
      running: kinesis !== null,
      endpoint: kinesis?.address.endpoint ?? '',
      pid: kinesis?.pid ?? null,
    },
    gateway: { running: gateway !== null, url: gateway?.address.gateway ?? '', pid: gateway?.pid ?? null },
    lake: { running: gateway !== null, path, ...totals },
    problems: stack.problems().map(plain),
    lakeProblems: lakeProblems(stack),
  }
}

export function localFeature({ pipelines, stacks, consent, activity, forgetData }: LocalDeps) {
  const parts = ['kafka', 'kinesis', 'lake'] as const
  consent.describe('local.wipe', async ({ pipeline }) => {
    const { settings, folder } = ours(pipelines.get(pipeline))
    const sizes = await Promise.all(parts.map((part) => folderBytes(join(folder, part))))
    return {
      title: `Delete all topics, streams and the lake of ${settings.name}?`,
      ...deletes,
      losses: parts.map((part, nth) => `${part}: ${((sizes[nth] ?? 0) / 1_000_000).toFixed(1)} MB`),
      typed: settings.name,
    }
  })
  return api.local.router({
    status: api.local.status.handler(({ input }) => localStatus(pipelines, stacks, input.pipeline)),
    lake: api.local.lake.handler(async ({ input }) => {
      const { pipeline, topic, partition, choice } = input
      await stacks.of(pipeline).tellLake(topic, partition, choice)
      const how = choice === 'newGeneration' ? 'with a new generation' : 'from the earliest that is left'
      activity.add({
        level: 'warn',
        area: 'local',
        pipeline,
        text: `The lake goes on with ${topic}, partition ${partition}, ${how}`,
      })
      return localStatus(pipelines, stacks, pipeline)
    }),
    wipe: api.local.wipe.handler(async ({ input }) => {
      ours(pipelines.get(input.pipeline))
      const stack = stacks.of(input.pipeline)
      if (
        stack.broker.running() !== null ||
        stack.kinesis.running() !== null ||
        stack.stack.running() !== null
      ) {
        throw new AppError({
          code: 'STACK_RUNNING',
          message: 'The stack is running.',
          hint: 'Stop it, then delete its data.',
        })
      }
      await consent.redeem(input.consent, { action: 'local.wipe', pipeline: input.pipeline })
      const { folder } = pipelines.get(input.pipeline)
      // A child of an app that was killed may still be writing there.
      await stack.leftovers.end(() => {})
      for (const part of parts) await rm(join(folder, part), { recursive: true, force: true })
      await forgetData(input.pipeline)
      activity.add({
        level: 'warn',
        area: 'local',
        pipeline: input.pipeline,
        text: 'Deleted the topics, the streams and the lake',
      })
      return localStatus(pipelines, stacks, input.pipeline)
    }),
  })
}
