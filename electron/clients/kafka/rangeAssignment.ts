/** Kafka's range assignor: topic by topic, the partitions in order, in equal runs, the first members one more. */
import type { TopicPartitions } from './membership.ts'

/** Members are ordered by their id, so that whoever leads the group comes to the same result. */
export function rangeAssignment(
  wishes: readonly { readonly member: string; readonly topics: readonly string[] }[],
  topics: readonly { readonly topic: string; readonly partitions: number }[],
): Map<string, TopicPartitions[]> {
  const shares = new Map<string, TopicPartitions[]>(wishes.map(({ member }) => [member, []]))
  for (const { topic, partitions } of topics) {
    const members = wishes
      .filter((wish) => wish.topics.includes(topic))
      .map(({ member }) => member)
      .sort()
    const each = Math.floor(partitions / members.length)
    const more = partitions % members.length
    let next = 0
    for (const [index, member] of members.entries()) {
      const count = each + (index < more ? 1 : 0)
      const run = Array.from({ length: count }, (_, at) => next + at)
      next += count
      if (count > 0) shares.get(member)?.push({ topic, partitions: run })
    }
  }
  return shares
}
