/** The proof of a run: what was acknowledged, and what was read back at its place. */
import type { Report } from '../../../shared/emulation.ts'
import { count } from '../../components/format.ts'
import { placeNames, proofOf } from '../../components/proof.ts'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'

const places = ['kafka', 'kinesis', 'lake'] as const
type Place = (typeof places)[number]

export function ReportCard({ report }: { readonly report: Report }) {
  const { tone, title, hint } = proofOf(report)
  const unread = new Set(report.notRead?.map(({ place }) => place))
  // The numbers of what was not read are 0 and prove nothing.
  const read = (numbers: Readonly<Record<Place, number>>) =>
    Object.fromEntries(places.filter((place) => !unread.has(place)).map((place) => [place, numbers[place]]))
  const rows: readonly (readonly [string, Readonly<Partial<Record<Place, number>>>])[] = [
    ['acknowledged', report.acknowledged],
    ['found at its place', read(report.found)],
    ['found, never acknowledged', read(report.unacknowledgedFound)],
  ]
  return (
    <Card title="Report">
      <div className="grid gap-3">
        <Notice tone={tone} title={title} {...(hint === undefined ? {} : { hint })} />
        <table className="w-full text-sm">
          <thead>
            <tr className="text-xs text-ink-2">
              <td />
              {places.map((place) => (
                <th key={place} scope="col" className="py-1 text-right font-medium">
                  {placeNames[place]}
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
          <Notice key={place} tone="warn" title={`${placeNames[place]} was not read: ${reason}`} />
        ))}
      </div>
    </Card>
  )
}
