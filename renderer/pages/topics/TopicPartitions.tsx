/** The partitions of a topic: offsets, leader, replicas, and how far the lake is. */
import type { TopicDetail } from '../../../shared/contract/topics.ts'
import { count } from '../../components/format.ts'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'

type Row = TopicDetail['partitionList'][number]

const number = (title: string, width: string, of: (row: Row) => string): Column<Row> => ({
  key: title,
  title,
  width,
  align: 'right',
  data: true,
  cell: of,
})

const columns: readonly Column<Row>[] = [
  number('Partition', '90px', (row) => String(row.partition)),
  number('First offset', 'minmax(100px, 1fr)', (row) => row.low),
  number('End offset', 'minmax(100px, 1fr)', (row) => row.high),
  number('Messages', 'minmax(100px, 1fr)', (row) => count(Number(BigInt(row.high) - BigInt(row.low)))),
  number('Leader', '80px', (row) => (row.leader < 0 ? 'none' : String(row.leader))),
  number('In sync', '100px', (row) => `${row.inSync.length} of ${row.replicas.length}`),
  number('Lake lag', '90px', (row) => count(row.sinkLag)),
]

export function TopicPartitions({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <VirtualTable
      label="Partitions"
      columns={columns}
      rows={rows}
      rowKey={(row) => String(row.partition)}
      height="max-h-[60vh]"
      empty="No partitions."
    />
  )
}
