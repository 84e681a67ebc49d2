/** A run's numbers sink by sink: what became of the records, and how long an acknowledgement took. */
import type { RunSnapshot, SinkSnapshot } from '../../../shared/emulation.ts'
import { count, latency, perSecond } from '../../components/format.ts'
import { sinkNames } from '../../components/runTexts.ts'
import { Card } from '../../ui/Card.tsx'

interface Column {
  readonly title: string
  readonly of: (sink: SinkSnapshot) => string
}

const counters: readonly Column[] = [
  { title: 'Sent', of: ({ counters }) => count(counters.sent) },
  { title: 'Acknowledged', of: ({ counters }) => count(counters.acknowledged) },
  { title: 'In flight', of: ({ counters }) => count(counters.inFlight) },
  { title: 'Retried', of: ({ counters }) => count(counters.retried) },
  { title: 'Failed', of: ({ counters }) => count(counters.failed) },
]

const times: readonly Column[] = (
  [
    ['p50', 'p50'],
    ['p90', 'p90'],
    ['p99', 'p99'],
    ['p99.9', 'p999'],
    ['Max', 'max'],
  ] as const
).map(([title, key]) => ({ title, of: (sink) => latency(sink.latency?.[key]) }))

export function SinkTables({ run: { sinks, endedAt } }: { readonly run: RunSnapshot }) {
  // Of a run that is over the contract gives the rate over its whole time.
  const rate: Column = {
    title: endedAt === null ? 'Rate' : 'Mean rate',
    of: (sink) => perSecond(sink.rate),
  }
  return (
    <div className="grid gap-4 2xl:grid-cols-2">
      <Card title="By sink">
        <Table label="Records by sink" sinks={sinks} columns={[...counters, rate]} />
      </Card>
      <Card title="Latency">
        <Table label="Latency by sink" sinks={sinks} columns={times} />
        <p className="mt-2 text-xs text-ink-2">
          From the moment a record was meant to be sent until its acknowledgement.
        </p>
      </Card>
    </div>
  )
}

interface TableProps {
  readonly label: string
  readonly sinks: readonly SinkSnapshot[]
  readonly columns: readonly Column[]
}

function Table({ label, sinks, columns }: TableProps) {
  return (
    <table className="w-full text-sm" aria-label={label}>
      <thead>
        <tr className="text-xs text-ink-2">
          <th scope="col" className="py-1 text-left font-medium">
            Sink
          </th>
          {columns.map(({ title }) => (
            <th key={title} scope="col" className="py-1 pl-3 text-right font-medium whitespace-nowrap">
              {title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {sinks.map((sink) => (
          <tr key={sink.sink} className="border-t border-line">
            <th scope="row" className="py-1.5 text-left font-normal">
              {sinkNames[sink.sink]}
            </th>
            {columns.map(({ title, of }) => (
              <td key={title} className="num py-1.5 pl-3 text-right whitespace-nowrap">
                {of(sink)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  )
}
