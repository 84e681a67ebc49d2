/** A post as the three records that go out; their JSON text is made once, whatever the number of sinks. */
import { randomUUID } from 'node:crypto'
import type { PartitionKeyOptions } from '../../../shared/emulation.ts'
import { kinds } from '../../../shared/names.ts'
import { checksum } from '../journal/format.ts'
import type { Outgoing, SourcePost } from '../types.ts'

export function toOutgoing(post: SourcePost, key: PartitionKeyOptions): Outgoing[] {
  return kinds.map((kind) =>
    outgoing({
      index: post.index,
      kind,
      json: JSON.stringify(post.rows[kind]),
      partitionKey: partitionKey(post.index, key),
    }),
  )
}

export const outgoing = (record: Omit<Outgoing, 'checksum'>): Outgoing => ({
  ...record,
  checksum: checksum(record.json),
})

function partitionKey(index: number, key: PartitionKeyOptions): string | null {
  if (key.kind === 'index') return String(index)
  if (key.kind === 'uuid') return randomUUID()
  return key.kind === 'constant' ? key.value : null
}
