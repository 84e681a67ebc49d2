/**
 * A member of a consumer group that hands out records only when asked and commits only what it is told: what the REST
 * consumer API needs (decision 13). Joins with the first poll; reads nothing ahead.
 */
import { AppError } from '../../../shared/errors.ts'
import { pause } from '../../lib/broadcast.ts'
import type { Cluster } from './cluster.ts'
import { mayPass, toAppError } from './errors.ts'
import { createMembership, heartbeatMs, type Member, needsRejoin } from './membership.ts'
import { commitOffsets, committedOffsets, createOffsets } from './offsets.ts'
import { type TopicRecord, takeRecords } from './takeRecords.ts'
import type { KafkaClient, KafkaGroupConsumer } from './types.ts'

type GroupOptions = Parameters<KafkaClient['groupConsumer']>[0]
type Place = { readonly topic: string; readonly partition: number }

/** How often new topics and partitions are looked for, ms. */
const lookMs = 5_000
let nextGroup = 0

const key = ({ topic, partition }: Place) => `${topic}/${partition}`

export function createGroupConsumer(cluster: Cluster, options: GroupOptions): KafkaGroupConsumer {
  const { group } = options
  const purpose = `group ${nextGroup++}`
  const membership = createMembership(cluster, group, purpose)
  const offsets = createOffsets(cluster)
  /** The next offset to hand out, for exactly the partitions that are assigned. */
  const positions = new Map<string, Place & { readonly offset: bigint }>()
  const ended = new AbortController()
  let member: Member | null = null
  let joining: Promise<void> | null = null
  let seen = ''
  let lookedAt = 0
  let timer: NodeJS.Timeout | undefined

  async function wanted(): Promise<{ names: string[]; signature: string }> {
    const { topics: of } = options
    const { topics } = await cluster.metadata(of instanceof RegExp ? null : [...of])
    const mine = topics.filter(
      ({ name, internal }) => !(of instanceof RegExp) || (!internal && of.test(name)),
    )
    const names = of instanceof RegExp ? mine.map(({ name }) => name) : [...of]
    return { names, signature: JSON.stringify(mine.map(({ name, partitions }) => [name, partitions.length])) }
  }

  /** One join at a time, shared by whoever needs it. */
  function join(): Promise<void> {
    joining ??= rejoin().finally(() => {
      joining = null
    })
    return joining
  }

  async function rejoin(): Promise<void> {
    clearTimeout(timer)
    while (!ended.signal.aborted) {
      const before = member
      try {
        const { names, signature } = await wanted()
        const now = await membership.join(names)
        await place(now, before)
        seen = signature
        lookedAt = Date.now()
        member = now
        if (ended.signal.aborted) await membership.leave(now)
        else timer = setTimeout(beat, heartbeatMs)
        return
      } catch (error) {
        if (!needsRejoin(error) && !mayPass(error)) throw toAppError(error)
        await pause(200, ended.signal)
      }
    }
  }

  /** Where to begin: on as before where nobody else can have had the partition, else where the group stopped. */
  async function place(now: Member, before: Member | null): Promise<void> {
    const kept = before !== null && before.id === now.id && now.generation === before.generation + 1
    const assigned = now.assigned.flatMap(({ topic, partitions }) =>
      partitions.map((partition) => ({ topic, partition })),
    )
    const fresh = assigned.filter((each) => !kept || !positions.has(key(each)))
    const begin = await beginnings(fresh)
    const mine = new Set(assigned.map(key))
    for (const each of positions.keys()) if (!mine.has(each)) positions.delete(each)
    for (const each of begin) positions.set(key(each), each)
  }

  async function beginnings(places: readonly Place[]): Promise<(Place & { offset: bigint })[]> {
    if (places.length === 0) return []
    const asked = [...Map.groupBy(places, ({ topic }) => topic)].map(([name, theirs]) => ({
      name,
      partitionIndexes: theirs.map(({ partition }) => partition),
    }))
    const committed = new Map(
      (await committedOffsets(cluster, group, asked)).map((each) => [key(each), each.offset]),
    )
    return Promise.all(
      places.map(async (each) => ({ ...each, offset: committed.get(key(each)) ?? (await reset(each)) })),
    )
  }

  async function reset({ topic, partition }: Place): Promise<bigint> {
    const found = (await offsets.offsets(topic)).find((each) => each.partition === partition)
    return (options.autoOffsetReset === 'earliest' ? found?.low : found?.high) ?? 0n
  }

  function beat(): void {
    const current = member
    if (current === null || ended.signal.aborted) return
    membership.heartbeat(current).then(
      (known) => {
        if (known) timer = setTimeout(beat, heartbeatMs)
        // The others wait for this member, polled or not.
        else join().catch(() => {})
      },
      () => {
        timer = setTimeout(beat, heartbeatMs)
      },
    )
  }

  async function lookForMore(): Promise<void> {
    if (Date.now() - lookedAt < lookMs) return
    lookedAt = Date.now()
    const { signature } = await wanted()
    if (signature !== seen && (member?.leads || options.topics instanceof RegExp)) await join()
  }

  async function outOfRange(): Promise<void> {
    for (const topic of new Set([...positions.values()].map((each) => each.topic))) {
      for (const { partition, low, high } of await offsets.offsets(topic)) {
        const at = positions.get(key({ topic, partition }))
        if (!at || (at.offset >= low && at.offset <= high)) continue
        positions.set(key(at), { ...at, offset: options.autoOffsetReset === 'earliest' ? low : high })
      }
    }
  }

  async function take(limits: { deadline: number; maxBytes: number }): Promise<TopicRecord[]> {
    const before = new Map(positions)
    try {
      const { records, next } = await takeRecords(cluster, [...positions.values()], limits, ended.signal)
      // A seek or a rebalance in the meantime wins; what was read for the old place is not handed out.
      const valid = next.filter((each) => positions.get(key(each)) === before.get(key(each)))
      for (const each of valid) positions.set(key(each), each)
      const good = new Set(valid.map(key))
      return records.filter((each) => good.has(key(each)))
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'KAFKA_OFFSET_OUT_OF_RANGE') throw error
      await outOfRange()
      return []
    }
  }

  return {
    async poll({ timeoutMs, maxBytes }) {
      const deadline = Date.now() + timeoutMs
      const late = pause(timeoutMs, ended.signal).then(() => 'late' as const)
      if (member === null || joining !== null) {
        if ((await Promise.race([join(), late])) === 'late') return []
      }
      await Promise.race([lookForMore(), late])
      do {
        const records = await take({ deadline, maxBytes })
        if (records.length > 0) return records
        await pause(Math.max(0, Math.min(100, deadline - Date.now())), ended.signal)
      } while (Date.now() < deadline && !ended.signal.aborted)
      return []
    },

    async commit(given) {
      const who = () => ({ group, generation: member?.generation ?? -1, member: member?.id ?? '' })
      await cluster.patiently(async () => {
        try {
          await commitOffsets(cluster, who(), given)
        } catch (error) {
          if (!needsRejoin(error) || member === null) throw error
          await join()
          if (given.some((each) => !positions.has(key(each)))) throw lost(group)
          await commitOffsets(cluster, who(), given)
        }
      })
    },

    async seek(wantedPositions) {
      for (const position of wantedPositions) {
        if (!positions.has(key(position))) throw lost(`${group}, ${key(position)}`)
        positions.set(key(position), { ...position })
      }
    },

    assignment: () => [...positions.values()].map(({ topic, partition }) => ({ topic, partition })),

    async close() {
      ended.abort()
      clearTimeout(timer)
      await joining?.catch(() => {})
      const current = member
      member = null
      positions.clear()
      if (current) await membership.leave(current).catch(() => {})
      cluster.letGo(purpose)
    },
  }
}

function lost(about: string): AppError {
  return new AppError({
    code: 'KAFKA_PARTITION_LOST',
    message: `The partition is not assigned to this consumer: ${about}`,
    hint: 'Another member of the group has it now; it goes on from the last committed offset.',
  })
}
