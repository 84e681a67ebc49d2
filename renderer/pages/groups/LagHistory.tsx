/** A group's lag since the page was opened, how fast it is read, and when nothing will be left. */
import { useEffect, useMemo, useState } from 'react'
import type { GroupDetail } from '../../../shared/contract/groups.ts'
import { Chart } from '../../components/Chart.tsx'
import { duration, perSecond, unknown } from '../../components/format.ts'
import { Card } from '../../ui/Card.tsx'
import { type Drain, drainOf, type LagPoint, withLook } from './drain.ts'

export function LagHistory({ detail }: { readonly detail: GroupDetail }) {
  const [points, setPoints] = useState<readonly LagPoint[]>([])
  useEffect(() => setPoints((before) => withLook(before, detail)), [detail])
  const first = points[0]?.at ?? 0
  const at = useMemo(() => points.map((point) => Math.round((point.at - first) / 1_000)), [points, first])
  const lines = useMemo(
    () => [{ label: 'lag', colour: 'accent', values: points.map((point) => point.lag) }],
    [points],
  )
  const drain = drainOf(points)
  return (
    <Card title="Lag">
      <dl className="mb-3 flex flex-wrap gap-x-8 gap-y-1 text-sm">
        <Fact name="Read" value={perSecond(drain?.read ?? null)} />
        <Fact name="Added" value={perSecond(drain?.added ?? null)} />
        <Fact name="Nothing left in" value={leftIn(drain)} />
      </dl>
      <Chart title="Since this page was opened" unit="records behind" at={at} lines={lines} />
    </Card>
  )
}

function leftIn(drain: Drain | null): string {
  if (drain === null) return unknown
  if (drain.ms === 0) return 'now'
  return drain.ms === null ? 'not falling' : duration(drain.ms)
}

function Fact({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div className="flex items-baseline gap-2">
      <dt className="text-ink-2">{name}</dt>
      <dd className="num">{value}</dd>
    </div>
  )
}
