/** The calls that read records: an iterator first, then from iterator to iterator. */
import { Fault, invalidArgument, shardNotFound, streamNotFound, throttled } from '../fault.ts'
import { shardId } from '../hash.ts'
import { horizonOf, shardOf } from '../liveStream.ts'
import { flag, integer, needed, text, timestamp } from '../shape.ts'
import { amazonTime, readIterator, tokenLifeMs, writeToken } from '../token.ts'
import { type Call, call, dryRun, ofStream, sequenceText, shardIdText, streamArn, tokenText } from './call.ts'
import { childrenOf, recordShape, startCounter, startTypes } from './read.ts'

/** What one answer holds at most, bytes of data and keys. */
const maxAnswerBytes = 10 * 1024 * 1024

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
    const shard = shardOf(stream, input.ShardId)
    const counter = await startCounter(store, stream, shard, {
      call: 'GetShardIterator',
      type: input.ShardIteratorType,
      sequence: input.StartingSequenceNumber,
      time: input.Timestamp,
    })
    dryRun(input.DryRun)
    const madeAt = store.now()
    return {
      ShardIterator: writeToken({
        kind: 'iterator',
        stream: stream.meta.folder,
        shard: shard.meta.index,
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
      Records: found.map((record) => recordShape(live, record)),
      MillisBehindLatest: last && counter < live.log.next() ? Math.max(0, now - last.time) : 0,
      ...(finished
        ? { ChildShards: childrenOf(stream, iterator.shard) }
        : { NextShardIterator: writeToken({ ...iterator, counter, madeAt: now }) }),
    }
  },
)

export const getCalls: readonly Call[] = [getShardIterator, getRecords]
