/**
 * Kafka's Fetch as @platformatic/kafka asks it, with an answer whose records stay bytes: decoded at once, those of 8 MiB
 * live side by side and cost more in memory's upkeep than in reading (a search of 1,000,000 messages spent a third of its
 * time on it).
 */
import {
  type API,
  createAPI,
  fetchV12,
  fetchV13,
  fetchV15,
  fetchV16,
  fetchV17,
  type Reader,
} from '@platformatic/kafka'

export interface FetchedPartition {
  readonly partition: number
  readonly errorCode: number
  readonly high: bigint
  /** Record batches one behind the other; the last may be cut off. */
  readonly bytes: Buffer
}

export interface FetchAnswer {
  readonly errorCode: number
  readonly partitions: readonly FetchedPartition[]
}

interface AskedTopic {
  /** Its id, or its name where the version knows no ids. */
  readonly topicId: string
  readonly partitions: readonly {
    readonly partition: number
    readonly currentLeaderEpoch: number
    readonly fetchOffset: bigint
    readonly lastFetchedEpoch: number
    readonly partitionMaxBytes: number
  }[]
}

type Arguments = [
  maxWaitMs: number,
  minBytes: number,
  maxBytes: number,
  isolationLevel: number,
  sessionId: number,
  sessionEpoch: number,
  topics: readonly AskedTopic[],
  forgotten: [],
  rackId: string,
]

const noBytes = Buffer.alloc(0)
const fetchKey = 1
/** From this version on a topic is named by its id. */
const firstById = 13

/** FetchResponse 12 to 17, as far as it is used; what a newer one adds stands in tagged fields. */
function parse(_correlation: number, _key: number, version: number, reader: Reader): FetchAnswer {
  reader.readInt32()
  const errorCode = reader.readInt16()
  reader.readInt32()
  const topics = reader.readArray((topic) => {
    if (version >= firstById) topic.readUUID()
    else topic.readString()
    return topic.readArray(partitionOf, true, false)
  })
  return { errorCode, partitions: topics.flat() }
}

function partitionOf(reader: Reader): FetchedPartition {
  const partition = reader.readInt32()
  const errorCode = reader.readInt16()
  const high = reader.readInt64()
  reader.readInt64()
  reader.readInt64()
  reader.readNullableArray((aborted) => [aborted.readInt64(), aborted.readInt64()])
  reader.readInt32()
  // A compact array's length is one more than it is; 0 stands for none.
  const size = Math.max(0, reader.readUnsignedVarInt() - 1)
  const bytes = size === 0 ? noBytes : reader.buffer.slice(reader.position, reader.position + size)
  reader.skip(size)
  reader.readTaggedFields()
  return { partition, errorCode, high, bytes }
}

const api = (version: number, { createRequest }: Pick<typeof fetchV17, 'createRequest'>) => ({
  api: createAPI<Arguments, FetchAnswer>(fetchKey, version, createRequest as never, parse) as API<
    Arguments,
    FetchAnswer
  >,
})

/** Fetch names the topic by its id from version 13 on, so that a topic made again is never mistaken for the old one. */
export const fetchById = [api(17, fetchV17), api(16, fetchV16), api(15, fetchV15), api(13, fetchV13)]
export const fetchByName = [api(12, fetchV12)]
