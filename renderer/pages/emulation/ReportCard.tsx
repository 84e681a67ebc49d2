/** The proof of a run: what was acknowledged, and what was read back at its place. */
import type { Report } from '../../../shared/emulation.ts'
import { count } from '../../components/format.ts'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'

const places = ['kafka', 'kinesis', 'lake'] as const
const titles = { kafka: 'Kafka', kinesis: 'Kinesis', lake: 'Lake' }

export function ReportCard({ report }: { readonly report: Report }) {
  const rows: readonly (readonly [string, Readonly<Partial<Record<(typeof places)[number], number>>>])[] = [
    ['acknowledged', report.acknowledged],
    ['found at its place', report.found],
    ['found, never acknowledged', report.unacknowledgedFound],
  ]
  return (
    <Card title="Report">
      <div className="grid gap-3">
        {report.unaccounted === 0 ? (
          <Notice tone="info" title="Every acknowledged record was read back at its place." />
        ) : (
          <Notice
            tone="bad"
            title={`${count(report.unaccounted)} acknowledged records are not where they should be.`}
            hint="The journal of the run and the data are kept. Verify again once everything runs."
          />
        )}
        <table className="w-full text-sm">
          <thead>
            <tr className="text-xs text-ink-2">
              <td />
              {places.map((place) => (
                <th key={place} scope="col" className="py-1 text-right font-medium">
                  {titles[place]}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, values]) => (
              <tr key={name} className="border-t border-line">
                <th scope="row" className="py-1.5 text-left font-normal">
                  {name}
                </th>
                {places.map((place) => (
                  <td key={place} className="num py-1.5 text-right">
                    {count(values[place])}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
        {report.notRead?.map(({ place, reason }) => (
          <Notice key={place} tone="warn" title={`${titles[place]} was not read: ${reason}`} />
        ))}
      </div>
    </Card>
  )
}
