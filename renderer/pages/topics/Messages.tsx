/** The messages of a topic: pages from a place, what a search finds, or a live tail. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Download, Pause, Play, Radio, Send } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Filter } from '../../../shared/contract/search.ts'
import type { Message } from '../../../shared/contract/topics.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { SearchBar } from '../../components/records/SearchBar.tsx'
import { SearchStatus } from '../../components/records/SearchStatus.tsx'
import { TailBar } from '../../components/records/TailBar.tsx'
import { type SearchWanted, useSearch } from '../../components/records/useSearch.ts'
import { useTail } from '../../components/records/useTail.ts'
import { listHeight, WithPanel } from '../../components/records/WithPanel.tsx'
import { Button } from '../../ui/Button.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Exports } from './Exports.tsx'
import { MessagePanel } from './MessagePanel.tsx'
import { browseFrom, type Place, PlaceFields, searchFrom } from './MessagePlace.tsx'
import { MessageTable, placeOf } from './MessageTable.tsx'
import { ProduceDialog } from './ProduceDialog.tsx'
import { ProduceFile } from './ProduceFile.tsx'
import { ReplayDialog } from './ReplayDialog.tsx'

interface MessagesProps {
  readonly topic: string
  readonly partitions: number
  /** Searched for at once. */
  readonly expression: string | undefined
}

export function Messages({ topic, partitions, expression }: MessagesProps) {
  const pipeline = usePipeline().id
  const [place, setPlace] = useState<Place>({ at: 'newest', offset: '0', time: '', partition: 'all' })
  const [tailing, setTailing] = useState(false)
  const [chosen, setChosen] = useState<Message | null>(null)

  const search = useSearch()
  const [dialog, setDialog] = useState<'produce' | 'file' | 'replay' | null>(null)
  const exporting = useAction(
    client.transfer.startExport,
    () => void queryClient.invalidateQueries({ queryKey: keys.exports }),
  )
  const searching = search.wanted !== null
  const { at, partition } = place
  const from = browseFrom(at, place.offset, place.time)
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
        <PlaceFields place={place} partitions={partitions} tailing={tailing} onChange={setPlace} />
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
              <MessageTable
                rows={rows}
                selected={chosen === null ? null : placeOf(chosen)}
                onSelect={setChosen}
                height={height}
                tailing={tailing}
                searching={searching}
                complete={from !== null}
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

async function* asItems(
  batches: AsyncIterable<{ messages: Message[]; seen: number; dropped: number; rate: number }>,
) {
  for await (const { messages, ...numbers } of batches) yield { items: messages, ...numbers }
}

async function tailOf(input: Parameters<typeof client.topics.tail>[0], signal: AbortSignal) {
  return asItems(await client.topics.tail(input, { signal }))
}
