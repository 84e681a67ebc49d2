/** The partitions of a topic: offsets, leader, replicas, and how far the lake is. */
import type { TopicDetail } from '../../../shared/contract/topics.ts'
import { count } from '../../components/format.ts'
import type { SortValue } from '../../ui/tableSort.ts'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'

type Row = TopicDetail['partitionList'][number]

const number = (
  title: string,
  width: string,
  sort: (row: Row) => SortValue,
  of: (row: Row) => string = (row) => String(sort(row)),
): Column<Row> => ({
  key: title,
  title,
  width,
  align: 'right',
  data: true,
  sort,
  cell: of,
})

const messages = ({ high, low }: Row) => Number(BigInt(high) - BigInt(low))

const columns: readonly Column<Row>[] = [
  number('Partition', '90px', ({ partition }) => partition),
  number('First offset', 'minmax(100px, 1fr)', ({ low }) => BigInt(low)),
  number('End offset', 'minmax(100px, 1fr)', ({ high }) => BigInt(high)),
  number('Messages', 'minmax(100px, 1fr)', messages, (row) => count(messages(row))),
  number(
    'Leader',
    '80px',
    ({ leader }) => (leader < 0 ? null : leader),
    (row) => (row.leader < 0 ? 'none' : String(row.leader)),
  ),
  number(
    'In sync',
    '100px',
    ({ inSync }) => inSync.length,
    (row) => `${row.inSync.length} of ${row.replicas.length}`,
  ),
  number(
    'Lake lag',
    '90px',
    ({ sinkLag }) => sinkLag,
    (row) => count(row.sinkLag),
  ),
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
