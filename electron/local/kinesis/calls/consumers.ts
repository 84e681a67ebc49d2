/** The calls of enhanced fan-out: consumers registered, described, listed, taken away, and subscribed to shards. */
import type { ConsumerMeta } from '../catalog.ts'
import { consumerNotFound, Fault, invalidArgument } from '../fault.ts'
import { arnOf, type LiveStream, shardOf } from '../liveStream.ts'
import { flag, integer, needed, structure, text, timestamp } from '../shape.ts'
import type { Store } from '../store.ts'
import { endSubscriptions, subscribe } from '../subscription.ts'
import { readPage, tokenLifeMs, writeToken } from '../token.ts'
import {
  type Call,
  call,
  dryRun,
  seconds,
  sequenceText,
  shardIdText,
  streamArn,
  tags,
  tokenText,
} from './call.ts'
import { startCounter, startTypes } from './read.ts'

/** AWS's quota for a stream. */
const maxConsumers = 20
/** A page of `ListStreamConsumers` holds at most so many, whatever is asked for. */
const maxPage = 100

const consumerName = text({ min: 1, max: 128, pattern: /^[a-zA-Z0-9_.-]+$/ })
const consumerArn = text({
  min: 1,
  max: 2_048,
  pattern: /^(arn):aws.*:kinesis:.*:\d{12}:.*stream\/[a-zA-Z0-9_.-]+\/consumer\/[a-zA-Z0-9_.-]+:[0-9]+$/,
})

/** The second of its registration ends it, as on AWS. */
const consumerArnOf = (store: Store, stream: LiveStream, consumer: ConsumerMeta) =>
  `${arnOf(store.region, stream.meta.name)}/consumer/${consumer.name}:${Math.floor(consumer.createdAt / 1_000)}`

const described = (store: Store, stream: LiveStream, consumer: ConsumerMeta, status = 'ACTIVE') => ({
  ConsumerName: consumer.name,
  ConsumerARN: consumerArnOf(store, stream, consumer),
  ConsumerStatus: status,
  ConsumerCreationTimestamp: seconds(consumer.createdAt),
})

interface Wanted {
  readonly StreamARN?: string | undefined
  readonly ConsumerName?: string | undefined
  readonly ConsumerARN?: string | undefined
}

/** By its own ARN, or by the stream's and its name. Throws Fault. */
export function findConsumer(store: Store, { StreamARN, ConsumerName, ConsumerARN }: Wanted) {
  if (ConsumerARN === undefined && (StreamARN === undefined || ConsumerName === undefined)) {
    throw invalidArgument('ConsumerARN, or both ConsumerName and StreamARN, must be provided.')
  }
  const [ofStream, ofConsumer] = (ConsumerARN ?? '').split('/consumer/')
  const stream = store.find({ StreamARN: ConsumerARN === undefined ? StreamARN : ofStream })
  if (StreamARN !== undefined && StreamARN !== arnOf(store.region, stream.meta.name)) {
    throw invalidArgument('StreamARN and ConsumerARN are not of the same stream.')
  }
  const name = ConsumerName ?? ofConsumer?.split(':')[0] ?? ''
  const consumer = stream.meta.consumers.find((each) => each.name === name)
  if (!consumer || (ConsumerARN !== undefined && ConsumerARN !== consumerArnOf(store, stream, consumer))) {
    throw consumerNotFound(ConsumerARN ?? name, stream.meta.name)
  }
  return { stream, consumer }
}

const register = call(
  'RegisterStreamConsumer',
  { StreamARN: needed(streamArn), ConsumerName: needed(consumerName), Tags: tags },
  async (store, input) => {
    const stream = store.find(input)
    const consumer: ConsumerMeta = {
      name: input.ConsumerName,
      createdAt: store.now(),
      tags: (input.Tags ?? []).map(([key, value]) => [key, value]),
    }
    await store.edit(stream, (meta) => {
      if (meta.consumers.some(({ name }) => name === consumer.name)) {
        throw new Fault(
          'ResourceInUseException',
          `Consumer ${consumer.name} of stream ${meta.name} already exists.`,
        )
      }
      if (meta.consumers.length >= maxConsumers) {
        throw new Fault('LimitExceededException', `A stream may have ${maxConsumers} registered consumers.`)
      }
      return { ...meta, consumers: [...meta.consumers, consumer] }
    })
    // What AWS always answers here; the next look finds it ACTIVE.
    return { Consumer: described(store, stream, consumer, 'CREATING') }
  },
)

const describe = call(
  'DescribeStreamConsumer',
  { StreamARN: streamArn, ConsumerName: consumerName, ConsumerARN: consumerArn },
  (store, input) => {
    const { stream, consumer } = findConsumer(store, input)
    return {
      ConsumerDescription: {
        ...described(store, stream, consumer),
        StreamARN: arnOf(store.region, stream.meta.name),
      },
    }
  },
)

const list = call(
  'ListStreamConsumers',
  {
    StreamARN: needed(streamArn),
    NextToken: tokenText,
    MaxResults: integer({ min: 1, max: 10_000 }),
    StreamCreationTimestamp: timestamp(),
  },
  (store, input) => {
    const stream = store.find(input)
    const page = input.NextToken === undefined ? null : readPage(input.NextToken, 'consumers')
    if (input.NextToken !== undefined && page?.stream !== stream.meta.folder) {
      throw invalidArgument('Invalid NextToken.')
    }
    if (page && Math.abs(store.now() - page.madeAt) > tokenLifeMs) {
      throw new Fault(
        'ExpiredNextTokenException',
        'The pagination token expired: it is valid for 300 seconds.',
      )
    }
    const left = [...stream.meta.consumers]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => name > (page?.after ?? ''))
    const shown = left.slice(0, Math.min(input.MaxResults ?? maxPage, maxPage))
    const last = shown.at(-1)
    const next = last && left.length > shown.length ? last.name : null
    return {
      Consumers: shown.map((consumer) => described(store, stream, consumer)),
      ...(next === null
        ? {}
        : {
            NextToken: writeToken({
              kind: 'consumers',
              stream: stream.meta.folder,
              after: next,
              filter: '',
              madeAt: store.now(),
            }),
          }),
    }
  },
)

const deregister = call(
  'DeregisterStreamConsumer',
  { StreamARN: streamArn, ConsumerName: consumerName, ConsumerARN: consumerArn },
  async (store, input) => {
    const { stream, consumer } = findConsumer(store, input)
    await store.edit(stream, (meta) => ({
      ...meta,
      consumers: meta.consumers.filter((each) => each.name !== consumer.name),
    }))
    endSubscriptions(stream, consumer, consumerNotFound(consumer.name, stream.meta.name))
    return null
  },
)

const subscribeToShard = call(
  'SubscribeToShard',
  {
    ConsumerARN: needed(consumerArn),
    ShardId: needed(shardIdText),
    StartingPosition: needed(
      structure({
        Type: needed(text({ values: startTypes })),
        SequenceNumber: sequenceText,
        Timestamp: timestamp(),
      }),
    ),
    DryRun: flag(),
  },
  async (store, input) => {
    const { stream, consumer } = findConsumer(store, input)
    const shard = shardOf(stream, input.ShardId)
    const { Type: type, SequenceNumber: sequence, Timestamp: time } = input.StartingPosition
    const start = { call: 'SubscribeToShard', type, sequence, time }
    const counter = await startCounter(store, stream, shard, start)
    dryRun(input.DryRun)
    return subscribe(store, stream, shard, consumer, counter)
  },
)

export const consumerCalls: readonly Call[] = [register, describe, list, deregister, subscribeToShard]
