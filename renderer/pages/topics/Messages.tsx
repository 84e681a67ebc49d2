/** The messages of a topic: pages from a place, what a search finds, or a live tail. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Download, Inbox, Pause, Play, Radio, Send } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Filter } from '../../../shared/contract/search.ts'
import type { BrowseFrom, Message } from '../../../shared/contract/topics.ts'
import { isoTime } from '../../../shared/time.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { timeAt, unknown } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { inCell, inline } from '../../components/records/decode.ts'
import { SearchBar } from '../../components/records/SearchBar.tsx'
import { SearchStatus } from '../../components/records/SearchStatus.tsx'
import { TailBar } from '../../components/records/TailBar.tsx'
import { type SearchWanted, useSearch } from '../../components/records/useSearch.ts'
import { useTail } from '../../components/records/useTail.ts'
import { listHeight, WithPanel } from '../../components/records/WithPanel.tsx'
import { Button } from '../../ui/Button.tsx'
import { Empty } from '../../ui/Card.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { Exports } from './Exports.tsx'
import { MessagePanel } from './MessagePanel.tsx'
import { ProduceDialog } from './ProduceDialog.tsx'
import { ProduceFile } from './ProduceFile.tsx'
import { ReplayDialog } from './ReplayDialog.tsx'

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

type At = BrowseFrom['at']
const places: readonly { readonly value: At; readonly label: string }[] = [
  { value: 'newest', label: 'Newest first' },
  { value: 'oldest', label: 'Oldest first' },
  { value: 'offset', label: 'From an offset' },
  { value: 'time', label: 'From a time' },
]

/** What was chosen as the contract's own words; null while it is not complete. */
export function browseFrom(at: At, offset: string, time: string): BrowseFrom | null {
  if (at === 'offset') return /^\d+$/.test(offset) ? { at, offset } : null
  if (at === 'time') {
    const parsed = Date.parse(time)
    return Number.isNaN(parsed) ? null : { at, time: parsed }
  }
  return { at }
}

/** Where a search begins and in which direction, by what is chosen for reading. */
export function searchFrom(from: BrowseFrom): Pick<SearchWanted, 'order' | 'fromOffset' | 'fromTime'> {
  if (from.at === 'offset') return { order: 'oldest', fromOffset: from.offset }
  if (from.at === 'time') return { order: 'oldest', fromTime: from.time }
  return { order: from.at }
}

interface MessagesProps {
  readonly topic: string
  readonly partitions: number
  /** Searched for at once. */
  readonly expression: string | undefined
}

export function Messages({ topic, partitions, expression }: MessagesProps) {
  const pipeline = usePipeline().id
  const [at, setAt] = useState<At>('newest')
  const [offset, setOffset] = useState('0')
  const [time, setTime] = useState('')
  const [partition, setPartition] = useState('all')
  const [tailing, setTailing] = useState(false)
  const [chosen, setChosen] = useState<Message | null>(null)

  const search = useSearch()
  const [dialog, setDialog] = useState<'produce' | 'file' | 'replay' | null>(null)
  const exporting = useAction(
    client.transfer.startExport,
    () => void queryClient.invalidateQueries({ queryKey: keys.exports }),
  )
  const searching = search.wanted !== null
  const from = browseFrom(at, offset, time)
  const one = partition === 'all' ? {} : { partition: Number(partition) }
  const pages = useInfiniteQuery({
    queryKey: ['messages', pipeline, topic, from, partition],
    queryFn: ({ signal, pageParam }) =>
      client.topics.browse(
        {
          pipeline,
          topic,
          from: from ?? { at: 'newest' },
          limit: 200,
          ...one,
          ...(pageParam === null ? {} : { next: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as { partition: number; offset: string }[] | null,
    getNextPageParam: (page) => (page.end ? undefined : page.next),
    enabled: from !== null && !tailing && !searching,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const tailFrom = at === 'oldest' ? at : 'newest'
  const tail = useTail<Message>(
    tailing ? `${pipeline} ${topic} ${partition} ${tailFrom}` : null,
    (signal) => tailOf({ pipeline, topic, from: tailFrom, ...one }, signal),
    { anew: tailFrom === 'oldest' },
  )
  const height = chosen === null ? listHeight.alone : listHeight.beside
  const rows = tailing
    ? tail.items
    : searching
      ? search.messages
      : (pages.data?.pages.flatMap((page) => page.messages) ?? [])
  const find = (filter: Filter) => {
    if (from === null) return
    setTailing(false)
    search.start({ pipeline, topic, ...one, ...searchFrom(from), filter })
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each address, whatever is chosen on the page later
  useEffect(() => {
    if (expression !== undefined) find({ kind: 'expression', text: expression })
  }, [pipeline, topic, expression])
  /** What the search bar asked for last, else everything from where reading begins; always oldest first. */
  const save = (format: 'ndjson' | 'csv') => {
    const { fromOffset, fromTime } = from === null ? {} : searchFrom(from)
    const asked = search.wanted ?? {
      pipeline,
      topic,
      ...one,
      fromOffset,
      fromTime,
      filter: { kind: 'none' as const },
    }
    const { order: _order, limit: _limit, timeLimitMs: _timeLimitMs, ...input } = asked as SearchWanted
    exporting.mutate({ ...input, format })
  }
  const again = (change: Partial<SearchWanted>) =>
    search.wanted !== null && search.start({ ...search.wanted, ...change })
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          className="w-40"
          label="Read"
          value={at}
          options={places}
          disabled={tailing}
          onChange={setAt}
        />
        {at === 'offset' && (
          <TextField
            label="Offset"
            className="w-32"
            inputMode="numeric"
            value={offset}
            onChange={setOffset}
          />
        )}
        {at === 'time' && (
          <TextField
            label="Time"
            className="w-56"
            type="datetime-local"
            step={1}
            value={time}
            onChange={setTime}
          />
        )}
        <SelectField
          className="w-32"
          label="Partition"
          value={partition}
          options={['all', ...Array.from({ length: partitions }, (_, n) => String(n))].map((value) => ({
            value,
            label: value,
          }))}
          onChange={setPartition}
        />
        {!tailing && !searching && (
          <Button busy={pages.isFetching} onClick={() => void pages.refetch()}>
            Read again
          </Button>
        )}
        <span className="flex-1" />
        <Menu
          label={
            <>
              <Send size={16} aria-hidden /> Produce
            </>
          }
          name="Produce"
        >
          <MenuItem onSelect={() => setDialog('produce')}>One message…</MenuItem>
          <MenuItem onSelect={() => setDialog('file')}>A file…</MenuItem>
        </Menu>
        {!tailing && (
          <Menu
            label={
              <>
                <Download size={16} aria-hidden /> Export
              </>
            }
            name="Export"
          >
            <MenuItem onSelect={() => save('ndjson')}>As NDJSON</MenuItem>
            <MenuItem onSelect={() => save('csv')}>As CSV</MenuItem>
            {searching && (
              <MenuItem onSelect={() => setDialog('replay')}>
                Replay what was found to another topic…
              </MenuItem>
            )}
          </Menu>
        )}
        {tailing && (
          <Button icon={tail.paused ? Play : Pause} onClick={tail.paused ? tail.resume : tail.pause}>
            {tail.paused ? 'Resume' : 'Pause'}
          </Button>
        )}
        <Button
          icon={Radio}
          title={at === 'oldest' ? 'From the oldest message on' : 'New messages from now on'}
          aria-pressed={tailing}
          variant={tailing ? 'primary' : 'plain'}
          onClick={() => {
            search.clear()
            setTailing(!tailing)
          }}
        >
          Tail
        </Button>
      </div>
      {!tailing && (
        <SearchBar
          running={search.running}
          shown={searching}
          expression={expression}
          problem={search.problem}
          onSearch={find}
          onStop={search.stop}
          onClear={search.clear}
        />
      )}
      {searching && !tailing && (
        <SearchStatus search={search} onRange={(fromTime, toTime) => again({ fromTime, toTime })} />
      )}
      {tailing && <TailBar tail={tail} />}
      <ProblemNotice problem={tailing ? tail.problem : searching ? null : pages.error} />
      <ProblemNotice problem={exporting.error} alert />
      <Exports topic={topic} />
      {dialog === 'file' && (
        <ProduceFile
          topic={topic}
          onClose={() => {
            setDialog(null)
            void pages.refetch()
          }}
        />
      )}
      <ProduceDialog
        open={dialog === 'produce'}
        topic={topic}
        partitions={partitions}
        onClose={() => setDialog(null)}
        onSent={() => void (searching || tailing ? undefined : pages.refetch())}
      />
      <ReplayDialog
        open={dialog === 'replay'}
        topic={topic}
        messages={search.messages}
        onClose={() => setDialog(null)}
      />
      <WithPanel
        chosen={chosen === null ? null : placeOf(chosen)}
        panel={
          chosen === null ? null : (
            <MessagePanel topic={topic} message={chosen} onClose={() => setChosen(null)} />
          )
        }
        list={
          <>
            {!tailing && !searching && pages.isPending && from !== null ? (
              <Skeleton className={`${height} rounded-xl`} />
            ) : (
              <VirtualTable
                label="Messages"
                columns={columns}
                sortable={!tailing}
                rows={rows}
                rowKey={placeOf}
                selected={chosen === null ? null : placeOf(chosen)}
                onSelect={setChosen}
                height={height}
                empty={<Nothing tailing={tailing} searching={searching} complete={from !== null} />}
              />
            )}
            {!tailing && !searching && pages.hasNextPage && (
              <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                More messages
              </Button>
            )}
          </>
        }
      />
    </>
  )
}

interface NothingProps {
  readonly tailing: boolean
  readonly searching: boolean
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

async function* asItems(
  batches: AsyncIterable<{ messages: Message[]; seen: number; dropped: number; rate: number }>,
) {
  for await (const { messages, ...numbers } of batches) yield { items: messages, ...numbers }
}

async function tailOf(input: Parameters<typeof client.topics.tail>[0], signal: AbortSignal) {
  return asItems(await client.topics.tail(input, { signal }))
}
