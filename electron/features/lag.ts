/** The one place where lag is computed: committed first, end offset second, never below 0; no commit is null. */
import type { KafkaClient, PartitionOffsets } from '../clients/kafka/types.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'

/** Records between a committed offset and the end of its log. */
export function lagBetween(committed: bigint | null, high: bigint): number | null {
  return committed === null ? null : Math.max(0, Number(high - committed))
}

/** The sum of what is known; null where nothing is. */
export function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null)
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

/** The lag of one group in one topic, by partition. */
export async function lagOf(
  kafka: Pick<KafkaClient, 'committed' | 'offsets'>,
  group: string | null,
  topic: string,
): Promise<{ readonly offsets: PartitionOffsets[]; readonly lag: ReadonlyMap<number, number | null> }> {
  const committed = group === null ? [] : await kafka.committed(group, topic)
  const offsets = await kafka.offsets(topic)
  return { offsets, lag: lagIn(committed, offsets) }
}

/** The lag by partition; `committed` must have been read before `offsets`. */
export function lagIn(
  committed: readonly { readonly partition: number; readonly offset: bigint | null }[],
  offsets: readonly PartitionOffsets[],
): Map<number, number | null> {
  const at = new Map(committed.map(({ partition, offset }) => [partition, offset]))
  return new Map(
    offsets.map(({ partition, high }) => [partition, lagBetween(at.get(partition) ?? null, high)]),
  )
}

export interface PartitionLag {
  readonly topic: string
  readonly partition: number
  readonly committed: bigint | null
  readonly low: bigint
  readonly high: bigint
  readonly lag: number | null
}

/** The lag of a group in all its topics: those it has committed for, and `also` those its members read. */
export async function groupLag(
  kafka: Pick<KafkaWorkbench, 'groupOffsets' | 'offsets' | 'topics'>,
  group: string,
  also: readonly string[] = [],
): Promise<PartitionLag[]> {
  const committed = await kafka.groupOffsets(group)
  const named = [...new Set([...committed.map(({ topic }) => topic), ...also])].sort()
  // A commit outlives its topic.
  const there = named.length === 0 ? [] : (await kafka.topics(named)).map(({ name }) => name)
  const found = await Promise.all(
    there.map(async (topic) => {
      const at = new Map(
        committed.filter((each) => each.topic === topic).map(({ partition, offset }) => [partition, offset]),
      )
      const reads = also.includes(topic)
      return (await kafka.offsets(topic)).flatMap(({ partition, low, high }) => {
        const offset = at.get(partition) ?? null
        if (offset === null && !reads) return []
        return [{ topic, partition, committed: offset, low, high, lag: lagBetween(offset, high) }]
      })
    }),
  )
  return found.flat()
}
