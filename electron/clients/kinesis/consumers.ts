/** Enhanced fan-out through the AWS SDK: consumers registered and taken away, and what a shard pushes to one. */
import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Consumer,
  DeregisterStreamConsumerCommand,
  DescribeStreamConsumerCommand,
  ListStreamConsumersCommand,
  RegisterStreamConsumerCommand,
  type KinesisClient as Sdk,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis'
import { AppError } from '../../../shared/errors.ts'
import { subscriptionError } from './errors.ts'
import { readRecord } from './record.ts'
import type { ConsumerInfo, IteratorStart, KinesisClient, ShardPush } from './types.ts'

/** Between two looks at a consumer that is being made or taken away; AWS allows 20 a second. */
const lookEveryMs = 500
/** A subscription that says nothing for so long is dead: AWS sends an event every few seconds, also without records. */
const silentMs = 40_000

type ConsumerCalls = Pick<
  Required<KinesisClient>,
  'consumers' | 'registerConsumer' | 'deregisterConsumer' | 'subscribe'
>

export function consumerCalls(deps: {
  readonly sdk: Sdk
  /** For subscriptions alone: each holds a connection for minutes. */
  readonly pushes: Sdk
  readonly arnOf: (stream: string) => Promise<string>
  readonly guarded: <T>(what: string, work: () => Promise<T>) => Promise<T>
}): ConsumerCalls {
  const { sdk, pushes, arnOf, guarded } = deps

  const look = async (arn: string, name: string): Promise<ConsumerInfo | null> => {
    try {
      const input = { StreamARN: arn, ConsumerName: name }
      const { ConsumerDescription } = await sdk.send(new DescribeStreamConsumerCommand(input))
      return ConsumerDescription ? consumerInfo(ConsumerDescription) : null
    } catch (thrown) {
      if ((thrown as Error).name === 'ResourceNotFoundException') return null
      throw thrown
    }
  }

  return {
    consumers: (stream) =>
      guarded(stream, async () => {
        const StreamARN = await arnOf(stream)
        const found: ConsumerInfo[] = []
        let NextToken: string | undefined
        do {
          const input = { StreamARN, ...(NextToken === undefined ? {} : { NextToken }) }
          const page = await sdk.send(new ListStreamConsumersCommand(input))
          found.push(...(page.Consumers ?? []).map(consumerInfo))
          NextToken = page.NextToken
        } while (NextToken !== undefined)
        return found
      }),

    registerConsumer: (stream, name, signal) =>
      guarded(stream, async () => {
        const StreamARN = await arnOf(stream)
        let found = await look(StreamARN, name)
        if (!found) {
          const input = { StreamARN, ConsumerName: name }
          await sdk.send(new RegisterStreamConsumerCommand(input), { abortSignal: signal })
        }
        while (found?.state !== 'ACTIVE') {
          found = await look(StreamARN, name)
          if (found?.state !== 'ACTIVE') await sleep(lookEveryMs, undefined, { signal })
        }
        return found
      }),

    deregisterConsumer: (stream, name, signal) =>
      guarded(name, async () => {
        const StreamARN = await arnOf(stream)
        const input = { StreamARN, ConsumerName: name }
        await sdk.send(new DeregisterStreamConsumerCommand(input), { abortSignal: signal })
        while (await look(StreamARN, name)) await sleep(lookEveryMs, undefined, { signal })
      }),

    async *subscribe(consumer, shard, start, signal) {
      // The SDK's iterator does not end its connection when it is left: this does, and so does silence.
      const over = new AbortController()
      const both = AbortSignal.any([signal, over.signal])
      let timer: NodeJS.Timeout | undefined
      const heard = () => {
        clearTimeout(timer)
        timer = setTimeout(() => over.abort(), silentMs)
      }
      try {
        heard()
        const input = { ConsumerARN: consumer, ShardId: shard, StartingPosition: positionOf(start) }
        const { EventStream } = await pushes.send(new SubscribeToShardCommand(input), { abortSignal: both })
        for await (const { SubscribeToShardEvent: event } of EventStream ?? []) {
          heard()
          if (event) yield pushOf(shard, event)
        }
      } catch (thrown) {
        signal.throwIfAborted()
        throw thrown instanceof AppError ? thrown : subscriptionError(thrown, shard)
      } finally {
        clearTimeout(timer)
        over.abort()
      }
    },
  }
}

function consumerInfo(found: Consumer): ConsumerInfo {
  return {
    name: found.ConsumerName ?? '',
    arn: found.ConsumerARN ?? '',
    state: found.ConsumerStatus ?? 'CREATING',
    createdAt: found.ConsumerCreationTimestamp?.getTime() ?? 0,
  }
}

function pushOf(shard: string, event: SubscribeToShardEvent): ShardPush {
  const { Records, ContinuationSequenceNumber: after, MillisBehindLatest, ChildShards } = event
  return {
    records: (Records ?? []).map((record) => readRecord(shard, record)),
    // AWS leaves it out where the shard ends, and names the children.
    after: after === undefined ? null : BigInt(after),
    millisBehindLatest: MillisBehindLatest ?? 0,
    childShards: (ChildShards ?? []).flatMap((child) => child.ShardId ?? []),
  }
}

function positionOf(start: IteratorStart): StartingPosition {
  if (start.type === 'AT_TIMESTAMP') return { Type: start.type, Timestamp: new Date(start.time) }
  if ('sequence' in start) return { Type: start.type, SequenceNumber: start.sequence.toString() }
  return { Type: start.type }
}
