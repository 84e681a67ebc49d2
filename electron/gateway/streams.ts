/** The streams API of the course's API Gateway in front of Kinesis (facts/pipeline.md 4.2): the AWS bodies and codes. */
import type {
  IteratorStart,
  KinesisClient,
  PutEntry,
  PutResult,
  ShardInfo,
} from '../clients/kinesis/types.ts'
import { type Answer, awsError, gatewayError, ok } from './answer.ts'
import { kinesisRefusal } from './kinesisErrors.ts'
import { isJsonBody } from './media.ts'
import type { Counters } from './stats.ts'
import { readRecord, readRecords, readShardCount, validation } from './streamBody.ts'

export interface StreamDeps {
  readonly kinesis: KinesisClient
  readonly counters: Counters
}

/** How long creating and deleting are waited for before they are answered, ms: AWS answers before it is done. */
const settleMs = 2_000
/** AWS's own limit of one GetRecords call. */
const maxRead = 10_000

const nothing: Answer = { status: 200, body: '' }

export async function listStreams({ kinesis }: StreamDeps): Promise<Answer> {
  const names = await asked(() => kinesis.listStreams())
  return ok(JSON.stringify({ HasMoreStreams: false, StreamNames: [...names].sort() }))
}

export async function describeStream({ kinesis }: StreamDeps, stream: string): Promise<Answer> {
  const [info, shards] = await asked(() => Promise.all([kinesis.describe(stream), kinesis.shards(stream)]))
  return ok(
    JSON.stringify({
      StreamDescription: {
        EncryptionType: 'NONE',
        EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
        HasMoreShards: false,
        RetentionPeriodHours: info.retentionHours,
        Shards: shards.map(shardBody),
        StreamARN: info.arn,
        StreamModeDetails: { StreamMode: info.mode },
        StreamName: info.name,
        StreamStatus: info.state,
      },
    }),
  )
}

function shardBody(shard: ShardInfo) {
  return {
    ...(shard.adjacentParent === null ? {} : { AdjacentParentShardId: shard.adjacentParent }),
    HashKeyRange: { EndingHashKey: `${shard.endHash}`, StartingHashKey: `${shard.startHash}` },
    ...(shard.parent === null ? {} : { ParentShardId: shard.parent }),
    SequenceNumberRange: {
      ...(shard.lastSequence === null ? {} : { EndingSequenceNumber: `${shard.lastSequence}` }),
      StartingSequenceNumber: `${shard.firstSequence}`,
    },
    ShardId: shard.id,
  }
}

export async function createStream(
  { kinesis }: StreamDeps,
  stream: string,
  contentType: string | undefined,
  body: Buffer,
): Promise<Answer> {
  if (!isJsonBody(contentType)) throw unsupported()
  const shards = readShardCount(body)
  await settled((signal) => kinesis.createStream(stream, shards, signal))
  return nothing
}

export async function deleteStream({ kinesis }: StreamDeps, stream: string): Promise<Answer> {
  await settled((signal) => kinesis.deleteStream(stream, signal))
  return nothing
}

export async function putRecord(
  deps: StreamDeps,
  stream: string,
  contentType: string | undefined,
  body: Buffer,
): Promise<Answer> {
  if (!isJsonBody(contentType)) throw unsupported()
  const [result] = await put(deps, stream, [readRecord(body)])
  if (result === undefined) throw awsError(500, 'InternalFailure', 'Kinesis answered nothing for the record.')
  if (!result.ok) throw awsError(result.code === 'InternalFailure' ? 500 : 400, result.code, result.message)
  return ok(`{"SequenceNumber":"${result.sequence}","ShardId":${JSON.stringify(result.shard)}}`)
}

/** 200 also where single records failed, as AWS does: the caller must look at FailedRecordCount. */
export async function putRecords(
  deps: StreamDeps,
  stream: string,
  contentType: string | undefined,
  body: Buffer,
): Promise<Answer> {
  if (!isJsonBody(contentType)) throw unsupported()
  const results = await put(deps, stream, readRecords(body))
  const failed = results.filter((result) => !result.ok).length
  return ok(`{"FailedRecordCount":${failed},"Records":[${results.map(resultBody).join(',')}]}`)
}

function resultBody(result: PutResult): string {
  return result.ok
    ? `{"SequenceNumber":"${result.sequence}","ShardId":${JSON.stringify(result.shard)}}`
    : JSON.stringify({ ErrorCode: result.code, ErrorMessage: result.message })
}

async function put(deps: StreamDeps, stream: string, entries: readonly PutEntry[]): Promise<PutResult[]> {
  const results = await asked(() => deps.kinesis.putRecords(stream, entries))
  const accepted = results.filter((result) => result.ok).length
  deps.counters.accepted('streams', stream, accepted)
  deps.counters.failed(results.length - accepted)
  return results
}

/** GET …/sharditerator?shard-id=: TRIM_HORIZON as in AWS's tutorial, other types by `shard-iterator-type`. */
export async function getIterator(
  { kinesis }: StreamDeps,
  stream: string,
  query: Readonly<Record<string, string | undefined>>,
): Promise<Answer> {
  const shard = query['shard-id'] ?? ''
  if (shard === '')
    throw validation("Value '' at 'shardId' failed to satisfy constraint: Member must not be null")
  const iterator = await asked(() => kinesis.iterator(stream, shard, startOf(query)))
  return ok(JSON.stringify({ ShardIterator: iterator }))
}

function startOf(query: Readonly<Record<string, string | undefined>>): IteratorStart {
  const type = query['shard-iterator-type'] ?? 'TRIM_HORIZON'
  switch (type) {
    case 'TRIM_HORIZON':
    case 'LATEST':
      return { type }
    case 'AT_TIMESTAMP': {
      const time = Number(query.timestamp ?? Number.NaN) * 1_000
      if (!Number.isFinite(time)) throw validation('timestamp must be seconds since 1970.')
      return { type, time }
    }
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER': {
      const sequence = query['starting-sequence-number'] ?? ''
      if (!/^\d{1,128}$/.test(sequence)) throw validation('starting-sequence-number must be a number.')
      return { type, sequence: BigInt(sequence) }
    }
    default:
      throw validation(`shard-iterator-type must be one of Kinesis' five types, not ${type.slice(0, 40)}.`)
  }
}

/** GET …/records with the header `Shard-Iterator`. */
export async function getRecords(
  { kinesis }: StreamDeps,
  iterator: string | undefined,
  limit: string | undefined,
): Promise<Answer> {
  if (iterator === undefined || iterator === '') throw validation('The header Shard-Iterator is missing.')
  const count = limit === undefined ? maxRead : Number(limit)
  if (!Number.isInteger(count) || count < 1 || count > maxRead) {
    throw validation(`limit must be between 1 and ${maxRead}.`)
  }
  const read = await asked(() => kinesis.getRecords('', iterator, count))
  return ok(
    JSON.stringify({
      MillisBehindLatest: read.millisBehindLatest,
      ...(read.next === null ? {} : { NextShardIterator: read.next }),
      Records: read.records.map((record) => ({
        ApproximateArrivalTimestamp: record.arrivedAt / 1_000,
        Data: record.data.toString('base64'),
        PartitionKey: record.partitionKey,
        SequenceNumber: `${record.sequence}`,
      })),
    }),
  )
}

function unsupported() {
  return gatewayError(415, 'Unsupported Media Type')
}

/** Starts something that takes a while; its error if it fails at once, else it goes on by itself. */
async function settled(begin: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const work = begin(AbortSignal.timeout(60_000))
  work.catch(() => undefined)
  let timer: NodeJS.Timeout | undefined
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, settleMs)
  })
  try {
    await asked(() => Promise.race([work, enough]))
  } finally {
    clearTimeout(timer)
  }
}

async function asked<T>(question: () => Promise<T>): Promise<T> {
  try {
    return await question()
  } catch (error) {
    throw kinesisRefusal(error)
  }
}
