/** Who is in a group, from where, and what they read. */
import type { GroupDetail } from '../../../shared/contract/groups.ts'
import { unknown } from '../../components/format.ts'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'

type Row = GroupDetail['memberList'][number]

const columns: readonly Column<Row>[] = [
  {
    key: 'client',
    title: 'Client',
    width: 'minmax(120px, 1fr)',
    data: true,
    sort: (row) => row.clientId,
    cell: (row) => row.clientId,
  },
  {
    key: 'host',
    title: 'Host',
    width: '120px',
    data: true,
    sort: (row) => row.host,
    cell: (row) => row.host,
  },
  {
    key: 'reads',
    title: 'Reads',
    width: 'minmax(160px, 2fr)',
    data: true,
    cell: (row) =>
      row.assigned.map(({ topic, partitions }) => `${topic}: ${partitions.join(', ')}`).join('; ') || unknown,
  },
  {
    key: 'id',
    title: 'Member id',
    width: 'minmax(140px, 1fr)',
    data: true,
    from: 760,
    sort: (row) => row.instance ?? row.id,
    cell: (row) => row.instance ?? row.id,
  },
]

export function GroupMembers({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <VirtualTable
      label="Members"
      columns={columns}
      rows={rows}
      rowKey={(row) => row.id}
      height="max-h-[50vh]"
      empty="Nobody is in the group; what it has committed is kept for when somebody comes back."
    />
  )
}
