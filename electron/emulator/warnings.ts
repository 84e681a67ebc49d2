/** What a person should know before or while a run goes on, although nothing is wrong yet. */
import type { EmulationOptions } from '../../shared/emulation.ts'
import { peakOf } from '../../shared/rateCurve.ts'

/** What can be said from the options alone. */
export function staticWarnings(options: EmulationOptions): string[] {
  const warnings: string[] = []
  const direct = options.sinks.includes('kafka')
  if (direct && options.acks === 'none') {
    warnings.push(
      'With acks=none Kafka acknowledges nothing: the report finds these records by content only.',
    )
  }
  if (options.order === 'faithful' && options.seed !== 100) {
    warnings.push('The original replays seed 100; another seed gives another, equally repeatable, order.')
  }
  return warnings
}

/** A topic or a stream, and into how many parts it is divided. */
export interface Part {
  readonly name: string
  readonly count: number
  readonly what: 'shards' | 'partitions'
}

/** A constant key sends everything to one shard or partition; the others stay empty (F-54). */
export function constantKeyWarnings(options: EmulationOptions, parts: readonly Part[]): string[] {
  if (options.partitionKey.kind !== 'constant') return []
  return parts
    .filter(({ count }) => count > 1)
    .map(
      ({ name, count, what }) => `A constant partition key fills only one of the ${count} ${what}: ${name}`,
    )
}

/** Records a second that one shard takes (AWS: Kinesis Data Streams quotas). */
const perShard = 1_000

/** A wanted rate that the shards cannot take: each post is one record in each stream. */
export function rateWarnings(options: EmulationOptions, parts: readonly Part[]): string[] {
  const { rate, partitionKey } = options
  const peak = rate.kind === 'constant' ? rate.postsPerSecond : rate.kind === 'curve' ? peakOf(rate) : 0
  // A constant key fills one shard, however many there are.
  const used = (count: number) => (partitionKey.kind === 'constant' ? Math.min(1, count) : count)
  const narrow = parts
    .filter(({ what, count }) => what === 'shards' && used(count) * perShard < peak)
    .toSorted((a, b) => a.count - b.count)
  const [worst] = narrow
  if (worst === undefined) return []
  const most = used(worst.count) * perShard
  return [
    `At ${peak} posts a second each stream gets as many records; ${narrow.length} of them take fewer, and what is refused is sent again, later. Add shards, or lower the rate to ${most}: ${worst.name}`,
  ]
}
