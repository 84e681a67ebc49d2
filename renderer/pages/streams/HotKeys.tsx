/** Which keys and which part of the hash space fill a stream. */
import { Flame } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import type { HotKeys as Found } from '../../../shared/contract/streamOps.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { bytes, count, counted, timeAt } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card, Empty } from '../../ui/Card.tsx'
import { SelectField } from '../../ui/Field.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { HashRanges } from './HashRanges.tsx'
import { shortShard } from './ShardStates.tsx'

const spans = [
  { value: '300000', label: 'Last 5 minutes' },
  { value: '3600000', label: 'Last hour' },
  { value: '86400000', label: 'Last day' },
  { value: '31536000000', label: 'All there is' },
] as const
type Span = (typeof spans)[number]['value']

const words: Readonly<Record<NonNullable<Found['ended']>, string>> = {
  tip: 'Everything up to the tip was read.',
  records: 'It stopped after 500,000 records; the older ones of that time were read.',
  time: 'It stopped after a minute; the older ones of that time were read.',
}

interface Row {
  readonly key: string
  readonly records: number
  readonly bytes: number
  readonly share: number
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`

const columns: readonly Column<Row>[] = [
  {
    key: 'key',
    title: 'Partition key',
    width: 'minmax(140px, 2fr)',
    data: true,
    sort: (row) => row.key,
    cell: (row) => row.key,
  },
  {
    key: 'records',
    title: 'Records',
    width: '110px',
    align: 'right',
    data: true,
    sort: (row) => row.records,
    cell: (row) => count(row.records),
  },
  {
    key: 'share',
    title: 'Of all',
    width: '90px',
    align: 'right',
    data: true,
    sort: (row) => row.share,
    cell: (row) => percent(row.share),
  },
  {
    key: 'bytes',
    title: 'Bytes',
    width: '110px',
    align: 'right',
    data: true,
    sort: (row) => row.bytes,
    cell: (row) => bytes(row.bytes),
  },
]

export function HotKeys({ stream }: { readonly stream: string }) {
  const pipeline = usePipeline().id
  const [span, setSpan] = useState<Span>('3600000')
  const [found, setFound] = useState<Found | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  const ending = useRef<AbortController | null>(null)
  useEffect(() => () => ending.current?.abort(), [])

  const look = async () => {
    const control = new AbortController()
    ending.current = control
    setBusy(true)
    setFailure(null)
    setFound(null)
    try {
      const { signal } = control
      for await (const now of await client.streamOps.hotKeys(
        { pipeline, stream, lastMs: Number(span) },
        { signal },
      ))
        setFound(now)
    } catch (thrown) {
      if (!control.signal.aborted) setFailure(thrown)
    }
    setBusy(false)
  }
  return (
    <>
      <div className="flex flex-wrap items-end gap-3">
        <SelectField
          className="w-48"
          label="Of"
          value={span}
          options={spans}
          disabled={busy}
          onChange={setSpan}
        />
        {busy ? (
          <Button onClick={() => ending.current?.abort()}>Stop</Button>
        ) : (
          <Button variant="primary" icon={Flame} onClick={() => void look()}>
            Count the keys
          </Button>
        )}
        {found?.from != null && found.to !== null && (
          <p className="pb-2 text-sm text-ink-2" role="status">
            {counted(found.records, 'record')}, {bytes(found.bytes)}, from {timeAt(found.from, Date.now())} to{' '}
            {timeAt(found.to, Date.now())}.{' '}
            {found.ended === null ? (busy ? '' : 'Stopped.') : words[found.ended]}
          </p>
        )}
      </div>
      {busy && <Progress fraction={null} label="Reading" />}
      <ProblemNotice problem={failure} alert />
      {found === null && !busy && failure === null && (
        <div className="rounded-xl border border-line bg-panel">
          <Empty icon={Flame} title="Which keys are hot?">
            One key goes to one shard, which takes 1,000 records or 1 MB a second. This reads the stream,
            within its budget, and counts.
          </Empty>
        </div>
      )}
      {found !== null && found.records === 0 && found.ended !== null && (
        <p className="text-ink-2">Nothing arrived in that time.</p>
      )}
      {found !== null && found.records > 0 && (
        <>
          <Card title="By hash range">
            <HashRanges ranges={found.ranges} />
            <p className="mt-2 text-sm text-ink-2">
              {found.shards
                .filter(({ records }) => records > 0)
                .map(({ shard, records }) => `${shortShard(shard)}: ${percent(records / found.records)}`)
                .join(', ')}
              {found.explicit > 0 &&
                `. ${counted(found.explicit, 'record')} went elsewhere than the key says: put with an explicit hash key.`}
            </p>
          </Card>
          <VirtualTable
            label="Hot keys"
            columns={columns}
            rows={found.keys.map((row) => ({ ...row, share: row.records / found.records }))}
            rowKey={(row) => row.key}
            height="max-h-[40vh]"
            empty=""
          />
          <p className="text-sm text-ink-2">
            {found.distinctExact ? count(found.distinct) : `More than ${count(found.distinct)}`} different
            keys
            {found.error > 0 && `; a count may be too high by at most ${count(found.error)}`}.
          </p>
        </>
      )}
    </>
  )
}
