/** The contract's branch `consumers`: enhanced fan-out of a stream, and which tail reads with our consumer. */
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConsumerRow } from '../../shared/contract/consumers.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import type { ConsumerInfo, KinesisClient, StreamInfo } from '../clients/kinesis/types.ts'
import type { ActivityLog, ConsentDesk } from './deps.ts'
import { api } from './rpc.ts'
import type { PipelineKinesis } from './streams.ts'
import { neverAborted } from './told.ts'

export interface StreamConsumersDeps {
  kinesis(pipeline: string): Promise<PipelineKinesis>
  /** Folder of this installation's data: two installations must not share a consumer. */
  readonly home: string
  readonly consent: ConsentDesk
  readonly activity: ActivityLog
}

/** What a tail by enhanced fan-out needs. */
export interface FanOutTails {
  /** ARN of our consumer. Throws AppError FAN_OUT_NOT_REGISTERED. */
  consumer(pipeline: string, stream: string): Promise<string>
  /** One tail at a time reads with it; answers how to let go. Throws AppError FAN_OUT_BUSY. */
  hold(pipeline: string, stream: string, signal: AbortSignal): Promise<() => void>
}

/** US dollars in us-east-1, August 2026: a consumer's hour for each shard and its GB; on demand the GB alone. */
const prices = { consumerShardHour: 0.015, gb: 0.013, onDemandGb: 0.05 } as const
const hoursOfMonth = 720
/** How long a new tail waits for the one before it to be gone, as when a page is loaded again, ms. */
const holdWithinMs = 3_000
/** How a Kinesis that has no such calls answers. */
const noSuchCall = new Set(['UNKNOWN_OPERATION_EXCEPTION', 'INVALID_ACTION', 'INVALID_ACTION_EXCEPTION'])

/** The name this installation registers: the same each time, and not that of another computer. */
export function consumerNameOf(home: string): string {
  const id = createHash('sha256').update(`${hostname()} ${home}`).digest('hex').slice(0, 8)
  return `pipeline-control-${id}`
}

/** What registering a consumer with a stream costs, by AWS's list price. */
export function costOfConsumer(info: Pick<StreamInfo, 'mode' | 'openShards'>, own: boolean) {
  const hour = prices.consumerShardHour * info.openShards
  const paid =
    info.mode === 'ON_DEMAND'
      ? `$${prices.onDemandGb} a GB read`
      : `$${hour.toFixed(3)} an hour as long as it is registered ($${prices.consumerShardHour} for each open shard, ` +
        `$${(hour * hoursOfMonth).toFixed(2)} in 30 days) and $${prices.gb} a GB read`
  const list = `${paid}, by AWS’s list price of August 2026 in us-east-1`
  return { free: own, note: own ? `On this computer it costs nothing; on AWS ${list}.` : `It costs ${list}.` }
}

export function streamConsumersFeature(deps: StreamConsumersDeps) {
  const ownName = consumerNameOf(deps.home)
  const held = new Map<string, Promise<void>>()

  const rowOf = ({ name, arn, state, createdAt }: ConsumerInfo): ConsumerRow => ({
    name,
    arn,
    state,
    createdAt,
    ours: name === ownName,
  })
  const open = async (pipeline: string) => {
    const { client, counts } = await deps.kinesis(pipeline)
    // All that reach a real Kinesis come from `connectKinesis`, which has every call.
    return { client: client as Required<KinesisClient>, own: counts() !== null }
  }
  const note = (pipeline: string, level: 'good' | 'warn', text: string) =>
    deps.activity.add({ pipeline, level, text, area: 'streams' })

  deps.consent.describe('consumers.deregister', async ({ pipeline, stream, consumer }) => {
    const { client } = await open(pipeline)
    const found = (await client.consumers(stream)).find(({ name }) => name === consumer)
    const whose = consumer === ownName ? 'registered by this app' : 'not registered by this app'
    const since = found ? `, since ${new Date(found.createdAt).toISOString()}` : ''
    return {
      title: `Deregister the consumer ${consumer} of ${stream}?`,
      lead: 'What reads the stream with it stops at once; the records stay:',
      losses: [`${consumer}: ${whose}${since}`],
      typed: consumer,
      agree: 'Deregister',
    }
  })

  const tails: FanOutTails = {
    async consumer(pipeline, stream) {
      const { client } = await open(pipeline)
      const found = (await client.consumers(stream)).find(
        ({ name, state }) => name === ownName && state === 'ACTIVE',
      )
      if (found) return found.arn
      throw new AppError({
        code: 'FAN_OUT_NOT_REGISTERED',
        message: `This app has no consumer for enhanced fan-out of ${stream}.`,
        hint: 'Register it on the stream’s page, or with "pipeline streams consumers register".',
      })
    },
    async hold(pipeline, stream, signal) {
      const key = `${pipeline}/${stream}`
      const before = held.get(key)
      if (before) await Promise.race([before, sleep(holdWithinMs, undefined, { signal })])
      if (held.has(key)) throw busy(stream)
      const { promise, resolve } = Promise.withResolvers<void>()
      held.set(key, promise)
      return () => {
        held.delete(key)
        resolve()
      }
    },
  }

  const s = api.consumers
  const router = s.router({
    list: s.list.handler(async ({ input: { pipeline, stream } }) => {
      const { client, own } = await open(pipeline)
      const [info, found] = await Promise.all([client.describe(stream), consumersOf(client, stream)])
      const cost = costOfConsumer(info, own)
      return { ownName, cost, unsupported: found.unsupported, consumers: found.consumers.map(rowOf) }
    }),
    register: s.register.handler(async ({ input, signal = neverAborted }) => {
      const { pipeline, stream, acceptCost } = input
      const { client, own } = await open(pipeline)
      if (!own && !acceptCost) {
        throw new AppError({
          code: 'FAN_OUT_COST',
          message: `Enhanced fan-out costs money, which was not agreed to: ${stream}`,
          hint: `${costOfConsumer(await client.describe(stream), own).note} Add --accept-cost if you mean it.`,
        })
      }
      const made = await client.registerConsumer(stream, ownName, signal)
      note(pipeline, 'good', `Registered the consumer ${ownName} with ${stream} for enhanced fan-out`)
      return rowOf(made)
    }),
    deregister: s.deregister.handler(async ({ input, signal = neverAborted }) => {
      const { pipeline, stream, consumer, consent } = input
      await deps.consent.redeem(consent, { action: 'consumers.deregister', pipeline, stream, consumer })
      const { client } = await open(pipeline)
      await client.deregisterConsumer(stream, consumer, signal)
      note(pipeline, 'warn', `Deregistered the consumer ${consumer} of ${stream}`)
      return { deregistered: true }
    }),
  })
  return { router, tails }
}

/** Where there are no consumers to ask for, why. Throws AppError. */
async function consumersOf(client: Required<KinesisClient>, stream: string) {
  try {
    return { unsupported: null, consumers: await client.consumers(stream) }
  } catch (thrown) {
    const { code, message } = toErrorDetail(thrown)
    if (noSuchCall.has(code)) {
      return {
        unsupported: 'This Kinesis has no enhanced fan-out: it does not know the calls.',
        consumers: [],
      }
    }
    if (code === 'ACCESS_DENIED') return { unsupported: message, consumers: [] }
    throw thrown
  }
}

function busy(stream: string): AppError {
  return new AppError({
    code: 'FAN_OUT_BUSY',
    message: `Another view reads this stream by enhanced fan-out, and a consumer takes one reader: ${stream}`,
    hint: 'End the other tail, or choose shared reads here.',
  })
}
