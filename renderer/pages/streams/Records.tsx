/** The records of a stream, all shards merged by arrival: pages from a place, or a live tail. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { Columns3, Pause, Play, Radio, Send } from 'lucide-react'
import { useState } from 'react'
import type { Problem } from '../../../shared/contract/base.ts'
import type {
  IteratorFrom,
  ShardPlace,
  ShardState,
  StreamRecord,
  StreamTail,
} from '../../../shared/contract/streams.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { duration } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { TailBar } from '../../components/records/TailBar.tsx'
import { useTail } from '../../components/records/useTail.ts'
import { listHeight, WithPanel } from '../../components/records/WithPanel.tsx'
import { Button } from '../../ui/Button.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { Menu, MenuItem } from '../../ui/Menu.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { PutDialog } from './PutDialog.tsx'
import { PutFile } from './PutFile.tsx'
import { RecordPanel } from './RecordPanel.tsx'
import { lanesOf, Nothing, placeOf, RecordTable } from './RecordTable.tsx'
import { ShardStates } from './ShardStates.tsx'
import { type TailBy, TailChoice, type TailFrom } from './TailChoice.tsx'

type Type = IteratorFrom['type']
const types: readonly { readonly value: Type; readonly label: string }[] = [
  { value: 'TRIM_HORIZON', label: 'Trim horizon (oldest)' },
  { value: 'LATEST', label: 'Latest' },
  { value: 'AT_TIMESTAMP', label: 'At timestamp' },
  { value: 'AT_SEQUENCE_NUMBER', label: 'At sequence number' },
  { value: 'AFTER_SEQUENCE_NUMBER', label: 'After sequence number' },
]

interface Place {
  readonly type: Type
  readonly time: string
  readonly shard: string
  readonly sequence: string
}

/** What was chosen as the contract's own words; null while it is not complete. */
export function iteratorFrom({ type, time, shard, sequence }: Place): IteratorFrom | null {
  if (type === 'TRIM_HORIZON' || type === 'LATEST') return { type }
  if (type === 'AT_TIMESTAMP') {
    const parsed = Date.parse(time)
    return Number.isNaN(parsed) ? null : { type, time: parsed }
  }
  return shard !== 'all' && /^\d+$/.test(sequence) ? { type, shard, sequence } : null
}

export function Records({ stream, shards }: { readonly stream: string; readonly shards: readonly string[] }) {
  const pipeline = usePipeline().id
  const [place, setPlace] = useState<Place>({ type: 'TRIM_HORIZON', time: '', shard: 'all', sequence: '' })
  const [tailing, setTailing] = useState(false)
  const [by, setBy] = useState<TailBy>('shared')
  const [tailFrom, setTailFrom] = useState<TailFrom>('latest')
  const [split, setSplit] = useState(false)
  const [putting, setPutting] = useState<'one' | 'file' | null>(null)
  const [chosen, setChosen] = useState<StreamRecord | null>(null)
  const change = (part: Partial<Place>) => setPlace({ ...place, ...part })

  const from = iteratorFrom(place)
  const one = place.shard === 'all' ? {} : { shard: place.shard }
  const bySequence = place.type === 'AT_SEQUENCE_NUMBER' || place.type === 'AFTER_SEQUENCE_NUMBER'
  const pages = useInfiniteQuery({
    queryKey: ['records', pipeline, stream, from, place.shard],
    queryFn: ({ signal, pageParam }) =>
      client.streams.browse(
        {
          pipeline,
          stream,
          from: from ?? { type: 'LATEST' },
          limit: 200,
          ...one,
          ...(pageParam === null ? {} : { next: pageParam }),
        },
        { signal },
      ),
    initialPageParam: null as ShardPlace[] | null,
    getNextPageParam: (page) => (page.end ? undefined : page.next),
    enabled: from !== null && !tailing,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const begin: IteratorFrom = (tailFrom === 'place' ? from : null) ?? { type: 'LATEST' }
  const [standing, setStanding] = useState<Standing>(notYet)
  const tail = useTail<StreamRecord>(
    tailing ? JSON.stringify([pipeline, stream, place.shard, by, begin]) : null,
    async (signal) =>
      asItems(
        await client.streams.tail(
          { pipeline, stream, ...one, from: begin, fanOut: by === 'fanOut' },
          { signal },
        ),
        setStanding,
      ),
  )
  const height = chosen === null ? listHeight.alone : listHeight.beside
  const rows = tailing ? tail.items : (pages.data?.pages.flatMap((page) => page.records) ?? [])
  const behind = tailing ? standing.behind : (pages.data?.pages.at(-1)?.millisBehindLatest ?? null)
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          className="w-56"
          label="Read"
          value={place.type}
          options={types}
          onChange={(type) => change({ type })}
        />
        {place.type === 'AT_TIMESTAMP' && (
          <TextField
            label="Time"
            className="w-56"
            type="datetime-local"
            step={1}
            value={place.time}
            onChange={(time) => change({ time })}
          />
        )}
        <SelectField
          className="w-56"
          label="Shard"
          value={place.shard}
          options={['all', ...shards].map((value) => ({ value, label: value }))}
          onChange={(shard) => change({ shard })}
        />
        {bySequence && (
          <TextField
            label="Sequence number"
            className="w-72"
            inputMode="numeric"
            value={place.sequence}
            onChange={(sequence) => change({ sequence })}
            help={place.shard === 'all' ? 'Choose its shard first.' : undefined}
          />
        )}
        {place.shard === 'all' && shards.length > 1 && (
          <Button icon={Columns3} aria-pressed={split} onClick={() => setSplit(!split)}>
            Split by shard
          </Button>
        )}
        {!tailing && (
          <Button busy={pages.isFetching} onClick={() => void pages.refetch()}>
            Read again
          </Button>
        )}
        <Menu
          label={
            <>
              <Send size={15} strokeWidth={1.75} aria-hidden /> Put
            </>
          }
          name="Put records"
        >
          <MenuItem onSelect={() => setPutting('one')}>One record…</MenuItem>
          <MenuItem onSelect={() => setPutting('file')}>A file…</MenuItem>
        </Menu>
        <div className="ml-auto flex gap-3">
          {tailing && (
            <Button icon={tail.paused ? Play : Pause} onClick={tail.paused ? tail.resume : tail.pause}>
              {tail.paused ? 'Resume' : 'Pause'}
            </Button>
          )}
          <Button
            icon={Radio}
            aria-pressed={tailing}
            variant={tailing ? 'primary' : 'plain'}
            onClick={() => setTailing(!tailing)}
          >
            Tail
          </Button>
        </div>
      </div>
      {tailing && (
        <TailChoice
          stream={stream}
          by={by}
          onBy={setBy}
          from={tailFrom}
          placed={from !== null}
          onFrom={setTailFrom}
        />
      )}
      {tailing && <TailBar tail={tail} />}
      {tailing && standing.shards.length > 0 && <ShardStates rows={standing.shards} />}
      {behind !== null && (
        <p className="text-sm text-ink-2">
          {behind === 0 ? 'At the tip' : `${duration(behind)} behind the latest record`}.{' '}
          {tailing && by === 'fanOut'
            ? 'Records are pushed, up to 2 MB a second and shard; the shard’s five reads a second are left to others.'
            : 'This app reads each shard at most four times a second and leaves the fifth read that AWS allows to others.'}
        </p>
      )}
      <ProblemNotice problem={tailing ? tail.problem : pages.error} />
      {tailing && <ProblemNotice problem={standing.problem} tone="warn" />}
      {putting === 'one' && (
        <PutDialog stream={stream} onClose={() => setPutting(null)} onPut={() => void pages.refetch()} />
      )}
      {putting === 'file' && (
        <PutFile
          stream={stream}
          onClose={() => {
            setPutting(null)
            void pages.refetch()
          }}
        />
      )}
      <WithPanel
        chosen={chosen === null ? null : placeOf(chosen)}
        panel={
          chosen === null ? null : (
            <RecordPanel stream={stream} record={chosen} onClose={() => setChosen(null)} />
          )
        }
        list={
          <>
            {!tailing && pages.isPending && from !== null ? (
              <Skeleton className={`${height} rounded-xl`} />
            ) : (
              <RecordTable
                rows={rows}
                lanes={split && place.shard === 'all' ? lanesOf(shards, rows) : null}
                sortable={!tailing}
                selected={chosen === null ? null : placeOf(chosen)}
                onSelect={setChosen}
                height={height}
                empty={<Nothing tailing={tailing} complete={from !== null} more={pages.hasNextPage} />}
              />
            )}
            {!tailing && pages.hasNextPage && (
              <Button busy={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
                More records
              </Button>
            )}
          </>
        }
      />
    </>
  )
}

/** What a tail tells besides its records. */
interface Standing {
  readonly behind: number | null
  readonly shards: readonly ShardState[]
  readonly problem: Problem | null
}

const notYet: Standing = { behind: null, shards: [], problem: null }

async function* asItems(batches: AsyncIterable<StreamTail>, tell: (standing: Standing) => void) {
  for await (const { records, millisBehindLatest, shards, problem, ...numbers } of batches) {
    tell({ behind: millisBehindLatest, shards, problem })
    yield { items: records, ...numbers }
  }
}
