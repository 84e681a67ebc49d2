/** What a person should know before or while a run goes on, although nothing is wrong yet. */
import type { EmulationOptions } from '../../shared/emulation.ts'
import { kinds } from '../../shared/names.ts'

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

/** A constant key sends everything to one shard or partition; the others stay empty (F-54). `parts` by name. */
export function constantKeyWarnings(
  options: EmulationOptions,
  parts: readonly { readonly name: string; readonly count: number; readonly what: 'shards' | 'partitions' }[],
): string[] {
  if (options.partitionKey.kind !== 'constant') return []
  return parts
    .filter(({ count }) => count > 1)
    .slice(0, 2 * kinds.length)
    .map(
      ({ name, count, what }) => `A constant partition key fills only one of the ${count} ${what}: ${name}`,
    )
}
