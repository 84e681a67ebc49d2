/** A topic's configuration; what was set on it comes first. */
import type { TopicDetail } from '../../../shared/contract/topics.ts'
import { Badge } from '../../ui/StateDot.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'

type Row = TopicDetail['config'][number]

const columns: readonly Column<Row>[] = [
  { key: 'name', title: 'Setting', width: 'minmax(240px, 1fr)', data: true, cell: (row) => row.name },
  {
    key: 'value',
    title: 'Value',
    width: 'minmax(200px, 1fr)',
    data: true,
    cell: (row) => row.value || '(empty)',
  },
  {
    key: 'from',
    title: 'From',
    width: '120px',
    cell: (row) => (row.isDefault ? <Badge>default</Badge> : <Badge tone="accent">set here</Badge>),
  },
]

export function TopicConfig({ rows }: { readonly rows: readonly Row[] }) {
  const sorted = rows.toSorted(
    (a, b) => Number(a.isDefault) - Number(b.isDefault) || a.name.localeCompare(b.name),
  )
  return (
    <VirtualTable
      label="Configuration"
      columns={columns}
      rows={sorted}
      rowKey={(row) => row.name}
      height="max-h-[60vh]"
      empty="The cluster does not tell."
    />
  )
}
