/** Messages as rows: what a page, a search or a tail has found. */
import { Inbox } from 'lucide-react'
import type { Message } from '../../../shared/contract/topics.ts'
import { isoTime } from '../../../shared/time.ts'
import { timeAt, unknown } from '../../components/format.ts'
import { inCell, inline } from '../../components/records/decode.ts'
import { Empty } from '../../ui/Card.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'

const columns: readonly Column<Message>[] = [
  {
    key: 'partition',
    title: 'Partition',
    width: '64px',
    align: 'right',
    data: true,
    sort: (row) => row.partition,
    cell: (row) => row.partition,
  },
  {
    key: 'offset',
    title: 'Offset',
    width: '90px',
    align: 'right',
    data: true,
    sort: (row) => BigInt(row.offset),
    cell: (row) => row.offset,
  },
  {
    key: 'time',
    title: 'Time',
    width: '164px',
    data: true,
    sort: (row) => row.timestamp,
    cell: (row) => timeAt(row.timestamp, Date.now()),
    copy: (row) => isoTime(row.timestamp) ?? unknown,
  },
  {
    key: 'key',
    title: 'Key',
    width: '110px',
    from: 600,
    data: true,
    sort: (row) => (row.key === null ? null : inCell(row.key)),
    copy: (row) => (row.key === null ? '' : inline(row.key)),
    cell: (row) => (row.key === null ? '' : inCell(row.key)),
  },
  {
    key: 'value',
    title: 'Value',
    width: 'minmax(0, 1fr)',
    data: true,
    sort: (row) => (row.value === null ? null : inCell(row.value)),
    copy: (row) => inline(row.value),
    cell: (row) => inCell(row.value),
  },
]

export const placeOf = ({ partition, offset }: Message): string => `${partition}/${offset}`

interface MessageTableProps extends NothingProps {
  readonly rows: readonly Message[]
  readonly selected: string | null
  readonly onSelect: (message: Message) => void
  readonly height: string
}

export function MessageTable({ rows, selected, onSelect, height, ...why }: MessageTableProps) {
  return (
    <VirtualTable
      label="Messages"
      columns={columns}
      sortable={!why.tailing}
      rows={rows}
      rowKey={placeOf}
      selected={selected}
      onSelect={onSelect}
      height={height}
      empty={<Nothing {...why} />}
    />
  )
}

interface NothingProps {
  readonly tailing: boolean
  readonly searching: boolean
  /** Where to begin is said in full. */
  readonly complete: boolean
}

function Nothing({ tailing, searching, complete }: NothingProps) {
  if (searching) {
    return (
      <Empty icon={Inbox} title="Nothing found yet">
        The line above says how far the search is.
      </Empty>
    )
  }
  if (tailing) {
    return (
      <Empty icon={Inbox} title="Waiting for messages">
        New messages appear as they arrive.
      </Empty>
    )
  }
  return complete ? (
    <Empty icon={Inbox} title="No messages here">
      Emulate posts, or read from another place.
    </Empty>
  ) : (
    <Empty icon={Inbox} title="Where to begin?">
      Enter the offset or the time to read from.
    </Empty>
  )
}
