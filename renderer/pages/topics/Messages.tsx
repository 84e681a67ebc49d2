/** The messages of a topic: pages from a place, or a live tail. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Inbox, Pause, Play, Radio } from 'lucide-react'
import { useState } from 'react'
import type { BrowseFrom, Message } from '../../../shared/contract/topics.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { timeAt } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { inline } from '../../components/records/decode.ts'
import { TailBar } from '../../components/records/TailBar.tsx'
import { useTail } from '../../components/records/useTail.ts'
import { Button } from '../../ui/Button.tsx'
import { Empty } from '../../ui/Card.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { MessagePanel } from './MessagePanel.tsx'

const columns: readonly Column<Message>[] = [
  {
    key: 'partition',
    title: 'Partition',
    width: '72px',
    align: 'right',
    data: true,
    cell: (row) => row.partition,
  },
  { key: 'offset', title: 'Offset', width: '110px', align: 'right', data: true, cell: (row) => row.offset },
  {
    key: 'time',
    title: 'Time',
    width: '130px',
    data: true,
    cell: (row) => timeAt(row.timestamp, Date.now()),
  },
  {
    key: 'key',
    title: 'Key',
    width: '120px',
    data: true,
    cell: (row) => (row.key === null ? '' : inline(row.key)),
  },
  { key: 'value', title: 'Value', width: 'minmax(0, 1fr)', data: true, cell: (row) => inline(row.value) },
]

/** Beside an open message there is room for where it stands and how it begins. */
const narrow = columns.filter(({ key }) => key !== 'time' && key !== 'key')

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

export function Messages({ topic, partitions }: { readonly topic: string; readonly partitions: number }) {
  const pipeline = usePipeline().id
  const [at, setAt] = useState<At>('newest')
  const [offset, setOffset] = useState('0')
  const [time, setTime] = useState('')
  const [partition, setPartition] = useState('all')
  const [tailing, setTailing] = useState(false)
  const [paused, setPaused] = useState(false)
  const [chosen, setChosen] = useState<Message | null>(null)

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
    enabled: from !== null && !tailing,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const tail = useTail<Message>(tailing ? `${pipeline} ${topic} ${partition}` : null, paused, (signal) =>
    tailOf(pipeline, topic, one, signal),
  )
  const rows = tailing ? tail.items : (pages.data?.pages.flatMap((page) => page.messages) ?? [])
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
        {!tailing && (
          <Button busy={pages.isFetching} onClick={() => void pages.refetch()}>
            Read again
          </Button>
        )}
        <span className="flex-1" />
        {tailing && (
          <Button icon={paused ? Play : Pause} onClick={() => setPaused(!paused)}>
            {paused ? 'Resume' : 'Pause'}
          </Button>
        )}
        <Button
          icon={Radio}
          aria-pressed={tailing}
          variant={tailing ? 'primary' : 'plain'}
          onClick={() => {
            setTailing(!tailing)
            setPaused(false)
          }}
        >
          Tail
        </Button>
      </div>
      {tailing && <TailBar tail={tail} paused={paused} />}
      <ProblemNotice problem={tailing ? tail.problem : pages.error} />
      <div
        className={`grid items-start gap-4 ${chosen === null ? '' : 'xl:grid-cols-[minmax(0,1fr)_minmax(380px,520px)]'}`}
      >
        <div className="grid gap-2">
          {!tailing && pages.isPending && from !== null ? (
            <Skeleton className="h-64 rounded-xl" />
          ) : (
            <VirtualTable
              label="Messages"
              columns={chosen === null ? columns : narrow}
              rows={rows}
              rowKey={placeOf}
              selected={chosen === null ? null : placeOf(chosen)}
              onSelect={setChosen}
              height="h-[56vh]"
              empty={
                <Empty icon={Inbox} title={tailing ? 'Waiting for messages' : 'No messages here'}>
                  {tailing
                    ? 'New messages appear as they arrive.'
                    : 'Emulate posts, or read from another place.'}
                </Empty>
              }
            />
          )}
          {!tailing && pages.hasNextPage && (
            <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
              More messages
            </Button>
          )}
        </div>
        {chosen !== null && <MessagePanel topic={topic} message={chosen} onClose={() => setChosen(null)} />}
      </div>
    </>
  )
}

async function* asItems(
  batches: AsyncIterable<{ messages: Message[]; seen: number; dropped: number; rate: number }>,
) {
  for await (const { messages, ...numbers } of batches) yield { items: messages, ...numbers }
}

async function tailOf(pipeline: string, topic: string, one: { partition?: number }, signal: AbortSignal) {
  return asItems(await client.topics.tail({ pipeline, topic, ...one }, { signal }))
}
