/** Which partition a record goes to: named, by its key as the Java producer does it, or in turn. */
import { murmur2 } from '@platformatic/kafka'
import { AppError } from '../../../shared/errors.ts'
import type { OutRecord } from './types.ts'

export interface Partitioner {
  /** Throws AppError KAFKA_PARTITION_MISSING where the record names a partition the topic does not have. */
  choose(topic: string, record: OutRecord, partitions: number): number
}

/** Keyed records agree with every other client of the topic; keyless ones go in turn, beginning anywhere. */
export function createPartitioner(begin: number = Math.floor(Math.random() * 1_000)): Partitioner {
  const turns = new Map<string, number>()
  return {
    choose(topic, record, partitions) {
      const { partition, key } = record
      if (partition !== undefined) {
        if (Number.isInteger(partition) && partition >= 0 && partition < partitions) return partition
        throw new AppError({
          code: 'KAFKA_PARTITION_MISSING',
          message: `${topic} has ${partitions} partitions, from 0 on; there is no partition ${partition}`,
          hint: 'Choose one of them, or leave the choice to the key.',
          field: 'partition',
        })
      }
      if (key !== null && key !== undefined) return (murmur2(key) & 0x7fffffff) % partitions
      const turn = turns.get(topic) ?? begin
      turns.set(topic, turn + 1)
      return turn % partitions
    },
  }
}
