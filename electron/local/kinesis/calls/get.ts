/** The calls that read records: an iterator first, then from iterator to iterator. */
import { Fault, invalidArgument, shardNotFound, streamNotFound, throttled } from '../fault.ts'
import { shardId } from '../hash.ts'
import { horizonOf, shardOf } from '../liveStream.ts'
import { parseSequenceNumber } from '../sequence.ts'
import { flag, integer, needed, text, timestamp } from '../shape.ts'
import type { Store } from '../store.ts'
import { amazonTime, readIterator, tokenLifeMs, writeToken } from '../token.ts'
import {
  type Call,
  call,
  dryRun,
  ofStream,
  seconds,
  sequenceText,
  shardIdText,
  streamArn,
  tokenText,
} from './call.ts'

/** What one answer holds at most, bytes of data and keys. */
const maxAnswerBytes = 10 * 1024 * 1024

const startTypes = [
  'AFTER_SEQUENCE_NUMBER',
  'LATEST',
  'AT_TIMESTAMP',
  'AT_SEQUENCE_NUMBER',
  'TRIM_HORIZON',
] as const
type StartType = (typeof startTypes)[number]

const getShardIterator = call(
  'GetShardIterator',
  {
    ...ofStream,
    ShardId: needed(shardIdText),
    ShardIteratorType: needed(text({ values: startTypes })),
    StartingSequenceNumber: sequenceText,
    Timestamp: timestamp(),
    DryRun: flag(),
  },
  async (store, input) => {
    const stream = store.find(input)
    const { meta, live } = shardOf(stream, input.ShardId)
    const type = input.ShardIteratorType as StartType
    const bySequence = type === 'AT_SEQUENCE_NUMBER' || type === 'AFTER_SEQUENCE_NUMBER'
    if (bySequence !== (input.StartingSequenceNumber !== undefined)) {
      throw invalidArgument(
        'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
          '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified ' +
          `${type} and ${bySequence ? 'no' : 'also a'} StartingSequenceNumber.`,
      )
    }
    if ((type === 'AT_TIMESTAMP') !== (input.Timestamp !== undefined)) {
      throw invalidArgument(
        type === 'AT_TIMESTAMP'
          ? 'Must specify timestamp parameter for iterator of type AT_TIMESTAMP.'
          : `Timestamp parameter cannot be used for iterator of type ${type}.`,
      )
    }
    if (input.Timestamp !== undefined && input.Timestamp > store.now()) {
      throw invalidArgument('The timestampInMillis parameter cannot be greater than the current time.')
    }
    const counterAfter = () => {
      const number = parseSequenceNumber(input.StartingSequenceNumber ?? '')
      if (number?.index !== meta.index || number.bornSecs !== meta.bornSecs) {
        throw invalidArgument(
          `StartingSequenceNumber ${input.StartingSequenceNumber} used in GetShardIterator on shard ${live.id} ` +
            `in stream ${stream.meta.name} is invalid because it did not come from this shard.`,
        )
      }
      return type === 'AT_SEQUENCE_NUMBER' ? number.counter : number.counter + 1
    }
    const counter = bySequence
      ? counterAfter()
      : type === 'LATEST'
        ? live.log.next()
        : type === 'TRIM_HORIZON'
          ? await horizonOf(stream, live, store.now())
          : await live.log.counterAt(input.Timestamp ?? 0)
    dryRun(input.DryRun)
    const madeAt = store.now()
    return {
      ShardIterator: writeToken({
        kind: 'iterator',
        stream: stream.meta.folder,
        shard: meta.index,
        counter,
        madeAt,
      }),
    }
  },
)

const getRecords = call(
  'GetRecords',
  {
    ShardIterator: needed(tokenText),
    Limit: integer({ min: 1, max: 10_000 }),
    StreamARN: streamArn,
    DryRun: flag(),
  },
  async (store, input) => {
    const iterator = readIterator(input.ShardIterator)
    const now = store.now()
    if (!iterator) throw invalidArgument('Invalid ShardIterator.')
    if (Math.abs(now - iterator.madeAt) > tokenLifeMs) {
      throw new Fault(
        'ExpiredIteratorException',
        `Iterator expired. The iterator was created at time ${amazonTime(iterator.madeAt)} while right now it is ` +
          `${amazonTime(now)} which is further in the future than the tolerated delay of ${tokenLifeMs} milliseconds.`,
      )
    }
    const stream = store.all().find(({ meta }) => meta.folder === iterator.stream)
    if (!stream) throw streamNotFound('of the shard iterator')
    const meta = stream.meta.shards.find(({ index }) => index === iterator.shard)
    const live = stream.shards.get(iterator.shard)
    if (!meta || !live) throw shardNotFound(stream.meta.name, shardId(iterator.shard))
    dryRun(input.DryRun)
    if (store.enforceLimits && !live.limits.read(now)) {
      stream.throttled += 1
      throw throttled(stream.meta.name, live.id)
    }

    const from = Math.max(iterator.counter, await horizonOf(stream, live, now))
    const end = live.log.next()
    const found = from < end ? await live.log.read(from, input.Limit ?? 10_000, maxAnswerBytes) : []
    live.limits.didRead(found.reduce((sum, record) => sum + record.data.length, 0))
    const last = found.at(-1)
    const counter = last ? last.counter + 1 : Math.max(iterator.counter, Math.min(from, end))
    const finished = meta.endCounter !== null && counter >= meta.endCounter
    return {
      Records: found.map((record) => ({
        SequenceNumber: live.sequence(record.counter),
        ApproximateArrivalTimestamp: seconds(record.time),
        Data: record.data.toString('base64'),
        PartitionKey: record.partitionKey,
      })),
      MillisBehindLatest: last && counter < live.log.next() ? Math.max(0, now - last.time) : 0,
      ...(finished
        ? { ChildShards: childrenOf(store, iterator.stream, iterator.shard) }
        : { NextShardIterator: writeToken({ ...iterator, counter, madeAt: now }) }),
    }
  },
)

function childrenOf(store: Store, folder: string, parent: number): object[] {
  const stream = store.all().find(({ meta }) => meta.folder === folder)
  const children = (stream?.meta.shards ?? []).filter(
    (shard) => shard.parent === parent || shard.adjacentParent === parent,
  )
  return children.map((shard) => ({
    ShardId: shardId(shard.index),
    ParentShards: [shard.parent, shard.adjacentParent].flatMap((index) =>
      index === null ? [] : [shardId(index)],
    ),
    HashKeyRange: { StartingHashKey: String(shard.start), EndingHashKey: String(shard.end) },
  }))
}

export const getCalls: readonly Call[] = [getShardIterator, getRecords]
