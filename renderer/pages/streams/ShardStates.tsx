/** Shard by shard, how a tail stands: how far behind, how old, and how much of its reads are used. */
import type { ShardState } from '../../../shared/contract/streams.ts'
import { count, duration, unknown } from '../../components/format.ts'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'

/** AWS gives a shard so many reads a second, for all its readers. */
const readsASecond = 5

export const shortShard = (id: string): string => id.replace(/^shardId-0*(?=\d)/, 'shard ')

const columns: readonly Column<ShardState>[] = [
  {
    key: 'shard',
    title: 'Shard',
    width: '110px',
    data: true,
    sort: (row) => row.shard,
    cell: (row) => <span title={row.shard}>{shortShard(row.shard)}</span>,
    copy: (row) => row.shard,
  },
  {
    key: 'records',
    title: 'Records',
    width: '90px',
    align: 'right',
    data: true,
    sort: (row) => row.records,
    cell: (row) => count(row.records),
  },
  {
    key: 'behind',
    title: 'Behind the latest',
    width: '140px',
    data: true,
    sort: (row) => row.behindMs,
    cell: ({ behindMs }) => (behindMs === 0 ? 'at the tip' : duration(behindMs)),
  },
  {
    key: 'age',
    title: 'Iterator age',
    width: '110px',
    data: true,
    sort: (row) => row.iteratorAgeMs,
    cell: (row) => duration(row.iteratorAgeMs),
  },
  {
    key: 'reads',
    title: `Reads of ${readsASecond} a second`,
    width: '140px',
    align: 'right',
    data: true,
    sort: (row) => (row.finished ? null : row.reads),
    cell: (row) => (row.finished ? unknown : (row.reads ?? 'none, pushed')),
  },
  {
    key: 'state',
    title: 'State',
    width: 'minmax(140px, 1fr)',
    sort: (row) => (row.finished ? 1 : 0),
    cell: (row) => (row.finished ? 'closed, read to its end; its children go on' : 'read'),
  },
]

export function ShardStates({ rows }: { readonly rows: readonly ShardState[] }) {
  return (
    <VirtualTable
      label="Shards being read"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.shard}
      height="max-h-[24vh]"
      empty=""
    />
  )
}
