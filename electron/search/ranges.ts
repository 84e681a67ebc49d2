/** What there is to look at in a topic, partition by partition. */
import type { SearchInput } from '../../shared/contract/search.ts'
import { AppError } from '../../shared/errors.ts'
import type { KafkaClient, PartitionOffsets } from '../clients/kafka/types.ts'
import type { Range } from './scan.ts'

type Where = Pick<SearchInput, 'topic' | 'partition' | 'fromOffset' | 'fromTime'> &
  Partial<Pick<SearchInput, 'order' | 'places'>>

/** What there is to look at now; what arrives later is for the tail. Throws AppError PARTITION_UNKNOWN. */
export async function rangesOf(
  kafka: Pick<KafkaClient, 'offsets' | 'offsetsAt'>,
  { topic, partition, fromOffset, fromTime, order = 'oldest', places = [] }: Where,
): Promise<Range[]> {
  const log = (await kafka.offsets(topic)).filter(
    (each) => partition === undefined || each.partition === partition,
  )
  if (log.length === 0) throw noPartition(topic, partition ?? 0)
  // A millisecond earlier: asked for the very time, the broker may answer with the last of several records of that time.
  const timed = fromTime === undefined ? [] : await kafka.offsetsAt(topic, fromTime - 1)
  return log.map((each) => {
    const start = timed.find((at) => at.partition === each.partition)?.offset ?? each.low
    const from = beginning(each, start, fromOffset)
    const place = places.find((at) => at.partition === each.partition)?.offset
    return { partition: each.partition, ...rest({ from, until: each.high }, order, place) }
  })
}

function beginning({ low, high }: PartitionOffsets, timed: bigint, fromOffset: string | undefined): bigint {
  const wanted = [low, timed, ...(fromOffset === undefined ? [] : [BigInt(fromOffset)])]
  const latest = wanted.reduce((a, b) => (a > b ? a : b))
  return latest > high ? high : latest
}

/** What an earlier search left. */
function rest(
  { from, until }: Pick<Range, 'from' | 'until'>,
  order: SearchInput['order'],
  place: string | undefined,
): Pick<Range, 'from' | 'until'> {
  if (place === undefined) return { from, until }
  const at = BigInt(place)
  const inside = at < from ? from : at > until ? until : at
  return order === 'oldest' ? { from: inside, until } : { from, until: inside }
}

export function noPartition(topic: string, partition: number): AppError {
  return new AppError({
    code: 'PARTITION_UNKNOWN',
    message: `${topic} has no partition ${partition}`,
    hint: 'Partitions are numbered from 0; choose one of the list.',
    field: 'partition',
  })
}
