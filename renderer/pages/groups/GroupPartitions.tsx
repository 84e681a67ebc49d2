/** What a group has committed, partition by partition, and how far that is behind. */
import type { GroupDetail, GroupPartition } from '../../../shared/contract/groups.ts'
import { count, unknown } from '../../components/format.ts'
import type { SortValue } from '../../ui/tableSort.ts'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'

export function GroupPartitions({ detail }: { readonly detail: GroupDetail }) {
  const clientOf = new Map(detail.memberList.map(({ id, clientId }) => [id, clientId]))
  const number = (
    title: string,
    width: string,
    sort: (row: GroupPartition) => SortValue,
    of: (row: GroupPartition) => string,
  ) => ({ key: title, title, width, align: 'right', data: true, sort, cell: of }) as const
  const columns: readonly Column<GroupPartition>[] = [
    {
      key: 'topic',
      title: 'Topic',
      width: 'minmax(140px, 1fr)',
      data: true,
      sort: (row) => row.topic,
      cell: (row) => row.topic,
    },
    number(
      'Partition',
      '80px',
      ({ partition }) => partition,
      (row) => String(row.partition),
    ),
    number(
      'Committed',
      'minmax(90px, 1fr)',
      ({ committed }) => (committed === null ? null : BigInt(committed)),
      (row) => row.committed ?? unknown,
    ),
    number(
      'End offset',
      'minmax(90px, 1fr)',
      ({ high }) => BigInt(high),
      (row) => row.high,
    ),
    number(
      'Lag',
      '90px',
      ({ lag }) => lag,
      (row) => count(row.lag),
    ),
    {
      key: 'member',
      title: 'Read by',
      width: 'minmax(110px, 1fr)',
      data: true,
      from: 620,
      sort: (row) => (row.member === null ? null : (clientOf.get(row.member) ?? row.member)),
      cell: (row) => (row.member === null ? unknown : (clientOf.get(row.member) ?? row.member)),
    },
  ]
  return (
    <VirtualTable
      label="Partitions of the group"
      columns={columns}
      rows={detail.partitions}
      rowKey={(row) => `${row.topic}/${row.partition}`}
      height="max-h-[50vh]"
      empty="It has committed nothing and reads nothing."
    />
  )
}
