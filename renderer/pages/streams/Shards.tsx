/** The shards of a stream: hash ranges, parents, and which still take records. */
import type { StreamDetail } from '../../../shared/contract/streams.ts'
import { Badge } from '../../ui/StateDot.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { FamilyTree } from './FamilyTree.tsx'

type Row = StreamDetail['shards'][number]

/** All partition keys hash into 128 bits. */
const hashSpace = 2n ** 128n

/** Which part of all keys a shard takes: "50.0 %". */
export function shareOf({ startHash, endHash }: Pick<Row, 'startHash' | 'endHash'>): string {
  const permille = ((BigInt(endHash) - BigInt(startHash) + 1n) * 1_000n) / hashSpace
  return `${(Number(permille) / 10).toFixed(1)} %`
}

const columns: readonly Column<Row>[] = [
  { key: 'id', title: 'Shard', width: '180px', data: true, sort: (row) => row.id, cell: (row) => row.id },
  {
    key: 'open',
    title: 'State',
    width: '90px',
    sort: (row) => (row.open ? 0 : 1),
    cell: (row) => (row.open ? <Badge tone="good">open</Badge> : <Badge>closed</Badge>),
  },
  {
    key: 'share',
    title: 'Share of keys',
    width: '110px',
    align: 'right',
    data: true,
    sort: ({ startHash, endHash }) => BigInt(endHash) - BigInt(startHash),
    cell: shareOf,
  },
  {
    key: 'parents',
    title: 'Parents',
    width: 'minmax(120px, 1fr)',
    data: true,
    cell: (row) => [row.parent, row.adjacentParent].filter((id) => id !== null).join(', ') || 'none',
  },
  {
    key: 'first',
    title: 'First sequence number',
    width: 'minmax(160px, 2fr)',
    data: true,
    sort: (row) => BigInt(row.firstSequence),
    cell: (row) => row.firstSequence,
  },
]

export function Shards({ rows }: { readonly rows: readonly Row[] }) {
  return (
    <>
      <FamilyTree shards={rows} />
      <VirtualTable
        label="Shards"
        columns={columns}
        rows={rows}
        rowKey={(row) => row.id}
        height="max-h-[50vh]"
        empty="No shards."
      />
    </>
  )
}
