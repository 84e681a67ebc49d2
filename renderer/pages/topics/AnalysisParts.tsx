/** The cards of a topic's analysis. */
import type { Analysis } from '../../../shared/contract/analysis.ts'
import { bytes, count } from '../../components/format.ts'
import { Card } from '../../ui/Card.tsx'

interface CountsProps {
  readonly rows: readonly { readonly name: string; readonly count: number; readonly more?: string }[]
  /** What is the whole of it. */
  readonly of: number
  readonly empty: string
}

/** What fits beside the other cards. */
const mostRows = 12

/** Names with their counts and shares, the first dozen. */
export function Counts({ rows, of, empty }: CountsProps) {
  if (rows.length === 0) return <p className="text-ink-2">{empty}</p>
  return (
    <dl className="grid grid-cols-[minmax(0,1fr)_auto_auto] gap-x-3 gap-y-1 text-sm">
      {rows.slice(0, mostRows).map(({ name, count: times, more }) => (
        <div key={name} className="contents">
          <dt className="num [overflow-wrap:anywhere]">{name}</dt>
          <dd className="num text-right">{count(times)}</dd>
          <dd className="num text-right text-ink-2">
            {more ?? (of === 0 ? '' : `${((100 * times) / of).toFixed(1)} %`)}
          </dd>
        </div>
      ))}
      {rows.length > mostRows && (
        <div className="contents">
          <dt className="text-ink-2">and more</dt>
          <dd className="num text-right">{count(rows.length - mostRows)}</dd>
        </div>
      )}
    </dl>
  )
}

export function Facts({ now }: { readonly now: Analysis }) {
  const { valueSizes, values } = now
  const shares = now.partitions.map(({ messages }) => messages)
  const mean = now.messages / Math.max(1, shares.length)
  const rows: readonly (readonly [string, string])[] = [
    ['Value, mean', bytes(valueSizes.mean)],
    ['Value, median', bytes(valueSizes.p50)],
    ['Value, 99 %', bytes(valueSizes.p99)],
    ['Value, largest', bytes(valueSizes.max)],
    ['JSON', count(values.json)],
    ['Other text', count(values.text)],
    ['Bytes', count(values.binary)],
    ['Tombstones', count(values.tombstones)],
    [
      'Fullest partition',
      shares.length < 2 || mean === 0
        ? 'the only one'
        : `${(Math.max(...shares) / mean).toFixed(2)} × the mean`,
    ],
  ]
  return (
    <Card title="Values">
      <dl className="grid grid-cols-[1fr_auto] gap-y-1 text-sm">
        {rows.map(([name, value]) => (
          <div key={name} className="contents">
            <dt className="text-ink-2">{name}</dt>
            <dd className="num text-right">{value}</dd>
          </div>
        ))}
      </dl>
    </Card>
  )
}

export function KeyFacts({ now: { keys, keySizes, messages, headers } }: { readonly now: Analysis }) {
  return (
    <Card title="Keys">
      <p className="mb-2 text-sm text-ink-2">
        {keys.distinctExact ? '' : 'at least '}
        {count(keys.distinct)} different, {count(keys.without)} messages without; {bytes(keySizes.mean)} in
        the mean
        {keys.topError > 0 && `; each count may be too high by ${count(keys.topError)}`}
      </p>
      <Counts
        rows={keys.top.slice(0, mostRows).map(({ value, count: times }) => ({ name: value, count: times }))}
        of={messages}
        empty="No message has a key."
      />
      {headers.length > 0 && (
        <>
          <h3 className="mt-3 mb-1 text-sm font-semibold">Headers</h3>
          <Counts
            rows={headers.map(({ value, count: times }) => ({ name: value, count: times }))}
            of={messages}
            empty=""
          />
        </>
      )}
    </Card>
  )
}
