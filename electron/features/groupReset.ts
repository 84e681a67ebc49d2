/** Where a reset would put a group, partition by partition, before anything is changed. */
import type { ResetRow, ResetTo } from '../../shared/contract/groups.ts'
import { AppError } from '../../shared/errors.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import { groupLag, lagBetween, type PartitionLag } from './lag.ts'

export interface ResetInput {
  readonly group: string
  readonly to: ResetTo
  readonly topic?: string | undefined
  readonly partition?: number | undefined
}

/** Every partition the reset is about. Throws AppError GROUP_NOTHING_TO_RESET. */
export async function previewReset(kafka: KafkaWorkbench, input: ResetInput): Promise<ResetRow[]> {
  const { group, to, topic, partition } = input
  const all = await groupLag(kafka, group, topic === undefined ? [] : [topic])
  const meant = all.filter(
    (each) =>
      (topic === undefined || each.topic === topic) &&
      (partition === undefined || each.partition === partition) &&
      // From nothing there is no shifting.
      (to.to !== 'shift' || each.committed !== null),
  )
  if (meant.length === 0) throw nothing(group)
  const times = to.to === 'time' ? await offsetsAt(kafka, meant, to.time) : new Map<string, bigint>()
  return meant.map((each) => {
    const after = within(each, target(each, to, times))
    return {
      topic: each.topic,
      partition: each.partition,
      before: each.committed === null ? null : String(each.committed),
      after: String(after),
      lagBefore: each.lag,
      lagAfter: lagBetween(after, each.high) ?? 0,
    }
  })
}

const key = (topic: string, partition: number) => `${topic}/${partition}`

async function offsetsAt(kafka: KafkaWorkbench, meant: readonly PartitionLag[], time: number) {
  const topics = [...new Set(meant.map(({ topic }) => topic))]
  const found = await Promise.all(
    topics.map(async (topic) =>
      (await kafka.offsetsAt(topic, time)).map(
        ({ partition, offset }) => [key(topic, partition), offset] as const,
      ),
    ),
  )
  return new Map(found.flat())
}

function target(at: PartitionLag, to: ResetTo, times: ReadonlyMap<string, bigint>): bigint {
  if (to.to === 'earliest') return at.low
  if (to.to === 'latest') return at.high
  if (to.to === 'offset') return BigInt(to.offset)
  if (to.to === 'shift') return (at.committed ?? at.low) + BigInt(to.by)
  return times.get(key(at.topic, at.partition)) ?? at.high
}

/** A place outside the log would make the consumer start by its own `auto.offset.reset`: never what was meant. */
function within({ low, high }: PartitionLag, offset: bigint): bigint {
  if (offset < low) return low
  return offset > high ? high : offset
}

function nothing(group: string): AppError {
  return new AppError({
    code: 'GROUP_NOTHING_TO_RESET',
    message: `There is no partition that the reset is about: ${group}`,
    hint: 'Choose a topic; the group has committed nothing for what was chosen.',
    field: 'topic',
  })
}
