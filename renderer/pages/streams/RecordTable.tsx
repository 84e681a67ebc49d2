/** Records of a stream as one list merged by arrival, or side by side in a lane for each shard. */
import { Inbox } from 'lucide-react'
import type { ReactNode } from 'react'
import type { StreamRecord } from '../../../shared/contract/streams.ts'
import { isoTime } from '../../../shared/time.ts'
import { count, timeAt, unknown } from '../../components/format.ts'
import { inCell, inline } from '../../components/records/decode.ts'
import { Empty } from '../../ui/Card.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'

const columns: readonly Column<StreamRecord>[] = [
  {
    key: 'time',
    title: 'Arrived',
    width: '126px',
    data: true,
    sort: (row) => row.arrivedAt,
    cell: (row) => timeAt(row.arrivedAt, Date.now()),
    copy: (row) => isoTime(row.arrivedAt) ?? unknown,
  },
  {
    key: 'shard',
    title: 'Shard',
    width: '70px',
    data: true,
    sort: (row) => row.shard,
    cell: (row) => row.shard.replace('shardId-00000000', '…'),
    copy: (row) => row.shard,
  },
  {
    key: 'key',
    title: 'Partition key',
    width: '110px',
    data: true,
    from: 520,
    sort: (row) => row.partitionKey,
    cell: (row) => row.partitionKey,
  },
  {
    key: 'sequence',
    title: 'Sequence number',
    width: '440px',
    data: true,
    from: Number.POSITIVE_INFINITY,
    sort: (row) => BigInt(row.sequence),
    cell: (row) => row.sequence,
  },
  {
    key: 'data',
    title: 'Data',
    width: 'minmax(0, 1fr)',
    data: true,
    sort: (row) => inCell(row.data),
    copy: (row) => inline(row.data),
    cell: (row) => inCell(row.data),
  },
]

/** Within a lane each record is of its shard. */
const laneColumns = columns.filter(({ key }) => key !== 'shard')

export const placeOf = ({ shard, sequence }: StreamRecord): string => `${shard}/${sequence}`

export interface Lane {
  readonly shard: string
  readonly rows: readonly StreamRecord[]
}

/** A lane for each shard that is there or has records, in the shards' own order. */
export function lanesOf(shards: readonly string[], rows: readonly StreamRecord[]): Lane[] {
  const of = Map.groupBy(rows, ({ shard }) => shard)
  return [...new Set([...shards, ...of.keys()])].map((shard) => ({ shard, rows: of.get(shard) ?? [] }))
}

interface RecordTableProps {
  readonly rows: readonly StreamRecord[]
  /** Null shows one list. */
  readonly lanes: readonly Lane[] | null
  readonly sortable: boolean
  readonly selected: string | null
  readonly onSelect: (record: StreamRecord) => void
  readonly height: string
  readonly empty: ReactNode
}

export function RecordTable({ rows, lanes, empty, ...table }: RecordTableProps) {
  if (lanes === null) {
    return (
      <VirtualTable label="Records" columns={columns} rows={rows} rowKey={placeOf} empty={empty} {...table} />
    )
  }
  return (
    <div className="grid auto-cols-[minmax(260px,1fr)] grid-flow-col gap-3 overflow-x-auto pb-1">
      {lanes.map(({ shard, rows: of }) => (
        <section key={shard} aria-label={shard} className="grid min-w-0 gap-1">
          <p className="flex justify-between gap-2 font-data text-sm text-ink-2">
            <span className="truncate" title={shard}>
              {shard}
            </span>
            <span className="tnum">{count(of.length)}</span>
          </p>
          <VirtualTable
            label={`Records of ${shard}`}
            id="Records of a shard"
            columns={laneColumns}
            rows={of}
            rowKey={placeOf}
            empty={rows.length === 0 ? empty : <NoneOfShard />}
            {...table}
          />
        </section>
      ))}
    </div>
  )
}

function NoneOfShard() {
  return (
    <Empty icon={Inbox} title="None of this shard">
      What was read so far stands in other shards.
    </Empty>
  )
}

export function Nothing(is: {
  readonly tailing: boolean
  readonly complete: boolean
  readonly more: boolean
}) {
  const { tailing, complete, more } = is
  if (tailing) {
    return (
      <Empty icon={Inbox} title="Waiting for records">
        New records appear as they arrive.
      </Empty>
    )
  }
  if (more) {
    return (
      <Empty icon={Inbox} title="Nothing in the stretch read so far">
        Kinesis answers without records between them. “More records” reads on.
      </Empty>
    )
  }
  return complete ? (
    <Empty icon={Inbox} title="No records here">
      Emulate posts, or read from another place.
    </Empty>
  ) : (
    <Empty icon={Inbox} title="Where to begin?">
      Enter the time, or choose a shard and a sequence number.
    </Empty>
  )
}
