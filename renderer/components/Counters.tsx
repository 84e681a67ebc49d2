/** Sent, acknowledged, in flight, retried, failed: five numbers of one instant. */
import type { Counters as Numbers } from '../../shared/emulation.ts'
import { count } from './format.ts'

const columns: readonly { readonly key: keyof Numbers; readonly name: string; readonly means: string }[] = [
  { key: 'sent', name: 'sent', means: 'acknowledged + failed + in flight' },
  { key: 'acknowledged', name: 'acknowledged', means: 'stored, says the receiver' },
  { key: 'inFlight', name: 'in flight', means: 'sent, without an answer so far' },
  { key: 'retried', name: 'retried', means: 'attempts that were repeated' },
  { key: 'failed', name: 'failed', means: 'given up, with the reason below' },
]

/** Dashes until the numbers are known. */
export function Counters({ counters }: { readonly counters: Numbers | undefined }) {
  return (
    <dl className="flex flex-wrap gap-x-7 gap-y-2">
      {columns.map(({ key, name, means }) => (
        <div key={key} title={means} className="min-w-14">
          <dt className="text-xs text-ink-2">{name}</dt>
          <dd
            className={`num text-lg leading-snug ${key === 'failed' && counters?.failed ? 'text-bad' : ''}`}
          >
            {count(counters?.[key])}
          </dd>
        </div>
      ))}
    </dl>
  )
}
