/** Where the logs begin and end, and what groups have committed. */
import {
  listOffsetsV5,
  listOffsetsV6,
  listOffsetsV7,
  listOffsetsV8,
  listOffsetsV9,
  offsetCommitV7,
  offsetCommitV8,
  offsetCommitV9,
  offsetFetchV7,
  offsetFetchV8,
  offsetFetchV9,
} from '@platformatic/kafka'
import { AppError } from '../../../shared/errors.ts'
import type { Cluster } from './cluster.ts'
import { check, passes } from './errors.ts'
import type { KafkaTopic, PartitionOffsets } from './types.ts'
import type { KafkaWorkbench, TopicOffset } from './workbench.ts'

const newest = -1n
const oldest = -2n
/** The record with the latest time (KIP-734). */
const latestTime = -3n
const commitApis = [offsetCommitV9, offsetCommitV8, offsetCommitV7]
const listApis = [listOffsetsV9, listOffsetsV8, listOffsetsV7, listOffsetsV6, listOffsetsV5]

type Offsets = Pick<KafkaWorkbench, 'offsets' | 'offsetsAt' | 'committed' | 'commit' | 'logs'>

/** Partitions asked for at once: answers of this size are read in some 5 ms, so that nothing else waits long. */
const perRequest = 2_000

interface Listed {
  readonly offset: bigint
  readonly timestamp: bigint
}

export function createOffsets(cluster: Cluster): Offsets {
  /** One look at each partition, by way of its leader. The offset is −1 where no record is at or after the time. */
  async function list(topic: string, time: bigint): Promise<Map<number, Listed>> {
    const { partitions } = await cluster.topic(topic)
    const byLeader = Map.groupBy(partitions, ({ leader }) => leader)
    const found = new Map<number, Listed>()
    await Promise.all(
      [...byLeader].map(async ([leader, theirs]) => {
        check(leader < 0 ? 5 : 0, `${topic}/${theirs[0]?.partition}`)
        const link = await cluster.link(leader, 'main')
        const wanted = theirs.map(({ partition }) => look(partition, time))
        const answer = await link.call(listApis, -1, 0, [{ name: topic, partitions: wanted }])
        for (const { partitionIndex, errorCode, offset, timestamp } of answer.topics[0]?.partitions ?? []) {
          check(errorCode, `${topic}/${partitionIndex}`)
          found.set(partitionIndex, { offset, timestamp })
        }
      }),
    )
    return found
  }

  /** The same for many topics at once; a partition that was answered with an error is not among what was found. */
  async function listMany(
    topics: readonly KafkaTopic[],
    time: bigint,
  ): Promise<Map<string, Map<number, bigint>>> {
    const found = new Map<string, Map<number, bigint>>()
    const all = topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partition, leader }) => ({ name, partition, leader })),
    )
    const askAll = async (leader: number, theirs: typeof all) => {
      const link = await cluster.link(leader, 'main')
      for (let at = 0; at < theirs.length; at += perRequest) {
        const byTopic = Map.groupBy(theirs.slice(at, at + perRequest), ({ name }) => name)
        const wanted = [...byTopic].map(([name, some]) => ({
          name,
          partitions: some.map(({ partition }) => look(partition, time)),
        }))
        const answer = await link.call(listApis, -1, 0, wanted)
        for (const { name, partitions } of answer.topics) {
          const known = found.get(name) ?? new Map<number, bigint>()
          found.set(name, known)
          for (const { partitionIndex, errorCode, offset } of partitions)
            if (errorCode === 0) known.set(partitionIndex, offset)
        }
      }
    }
    const led = all.filter(({ leader }) => leader >= 0)
    await Promise.all([...Map.groupBy(led, ({ leader }) => leader)].map(([node, some]) => askAll(node, some)))
    return found
  }

  /** Asks once more with fresh metadata where a leader has moved. */
  const looked = (topic: string, time: bigint) =>
    cluster.patiently(async () => {
      try {
        return await list(topic, time)
      } catch (error) {
        cluster.forget(topic)
        throw error
      }
    })

  const listed = async (topic: string, time: bigint) =>
    new Map([...(await looked(topic, time))].map(([partition, { offset }]) => [partition, offset]))

  const offsets: Offsets['offsets'] = async (topic) => {
    // The end last: it must never be less than the beginning.
    const low = await listed(topic, oldest)
    const high = await listed(topic, newest)
    return between(low, high)
  }

  return {
    offsets,

    async logs(names) {
      const seen = await Promise.all(names.map((name) => cluster.topic(name).catch(unlessGone)))
      const topics = seen.filter((topic) => topic !== null)
      const [low, high] = await cluster.patiently(async () => [
        await listMany(topics, oldest),
        await listMany(topics, newest),
      ])
      const logs = await Promise.all(
        topics.map(async ({ name, partitions }) => {
          const [from, to] = [low?.get(name), high?.get(name)]
          const whole = from?.size === partitions.length && to?.size === partitions.length
          // A leader that moved, or a topic that is gone: by itself, with all patience that has.
          return [name, whole ? between(from, to) : await offsets(name).catch(unlessGone)] as const
        }),
      )
      return new Map(logs.flatMap(([name, log]) => (log === null ? [] : [[name, log] as const])))
    },

    async offsetsAt(topic, timeMs) {
      // The end first: a record that arrives between the two looks must not be passed over.
      const high = await listed(topic, newest)
      const time = BigInt(Math.max(0, Math.trunc(timeMs)))
      const at = await listed(topic, time)
      const none = [...at.values()].some((offset) => offset < 0n)
      // The broker looks only into the first segment that reaches the time: one whose records were all deleted (delete
      // records keeps its file for a while) hides every later one. Whether there is any is asked in another way then.
      const latest = none ? await looked(topic, latestTime).catch(() => null) : null
      const low = latest === null ? null : await listed(topic, oldest)
      return [...high]
        .map(([partition, end]) => {
          const offset = at.get(partition) ?? -1n
          if (offset >= 0n) return { partition, offset }
          const hidden = (latest?.get(partition)?.timestamp ?? -1n) >= time
          return { partition, offset: hidden ? (low?.get(partition) ?? end) : end }
        })
        .sort((a, b) => a.partition - b.partition)
    },

    committed: (group, topic) =>
      cluster.patiently(async () => {
        const { partitions } = await cluster.topic(topic)
        const wanted = [{ name: topic, partitionIndexes: partitions.map(({ partition }) => partition) }]
        const offsets = await committedOffsets(cluster, group, wanted)
        return offsets
          .map(({ partition, offset }) => ({ partition, offset }))
          .sort((a, b) => a.partition - b.partition)
      }),

    commit: (group, topic, offsets) =>
      cluster.patiently(() =>
        commitOffsets(
          cluster,
          { group, generation: -1, member: '' },
          offsets.map((each) => ({ topic, ...each })),
        ),
      ),
  }
}

const look = (partition: number, time: bigint) => ({
  partitionIndex: partition,
  currentLeaderEpoch: -1,
  timestamp: time,
})

const between = (low: ReadonlyMap<number, bigint>, high: ReadonlyMap<number, bigint>): PartitionOffsets[] =>
  [...high]
    .map(([partition, end]) => ({ partition, low: low.get(partition) ?? 0n, high: end }))
    .sort((a, b) => a.partition - b.partition)

function unlessGone(thrown: unknown): null {
  if (thrown instanceof AppError && thrown.code === 'KAFKA_TOPIC_NOT_FOUND') return null
  throw thrown
}

/** Everything one group has committed. Throws AnswerError. */
export async function everyCommitted(cluster: Cluster, group: string): Promise<TopicOffset[]> {
  const found = await committedOffsets(cluster, group, null)
  return found.flatMap(({ topic, partition, offset }) =>
    offset === null ? [] : [{ topic, partition, offset }],
  )
}

/** Committed offsets of one group, of all its topics with null; null where it has none. Throws AnswerError. */
export async function committedOffsets(
  cluster: Cluster,
  group: string,
  wanted: readonly { readonly name: string; readonly partitionIndexes: readonly number[] }[] | null,
): Promise<{ topic: string; partition: number; offset: bigint | null }[]> {
  const topics =
    wanted?.map(({ name, partitionIndexes }) => ({ name, partitionIndexes: [...partitionIndexes] })) ?? null
  const answer = await cluster.coordinator(group, (link) =>
    link.call(
      [offsetFetchV9, offsetFetchV8, offsetFetchV7],
      [{ groupId: group, memberEpoch: -1, topics }],
      false,
    ),
  )
  // Version 7 answers for one group without naming it.
  const found = answer.groups[0] ?? (answer as unknown as (typeof answer.groups)[number])
  check(found.errorCode, group)
  return found.topics.flatMap(({ name, partitions }) =>
    partitions.map(({ partitionIndex, committedOffset, errorCode }) => {
      if (errorCode !== 0 && passes(errorCode)) check(errorCode, `${group}, ${name}`)
      // Any other error of a single partition (it is not there) means that nothing is committed for it.
      return { topic: name, partition: partitionIndex, offset: committedOffset < 0n ? null : committedOffset }
    }),
  )
}

/** Commits exactly these. Generation −1 and no member: from outside the group. Throws AnswerError. */
export async function commitOffsets(
  cluster: Cluster,
  who: { readonly group: string; readonly generation: number; readonly member: string },
  offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: bigint }[],
): Promise<void> {
  if (offsets.length === 0) return
  const topics = [...Map.groupBy(offsets, ({ topic }) => topic)].map(([name, theirs]) => ({
    name,
    partitions: theirs.map(({ partition, offset }) => ({
      partitionIndex: partition,
      committedOffset: offset,
      committedLeaderEpoch: -1,
      committedMetadata: '',
    })),
  }))
  const answer = await cluster.coordinator(who.group, (link) =>
    link.call(commitApis, who.group, who.generation, who.member, null, topics),
  )
  for (const { name, partitions } of answer.topics) {
    for (const { partitionIndex, errorCode } of partitions) {
      check(errorCode, `${who.group}, ${name}/${partitionIndex}`)
    }
  }
}
