/** The live charts of a run: how fast, and how long an acknowledgement takes. */
import { useMemo } from 'react'
import type { Point } from '../../api/runPoints.ts'
import { Chart } from '../../components/Chart.tsx'

export function RunCharts({ points }: { readonly points: readonly Point[] }) {
  const at = useMemo(() => points.map((point) => point.at), [points])
  const rate = useMemo(
    () => [
      ...(points.some(({ wanted }) => wanted !== null)
        ? [{ label: 'wanted', colour: 'ink-3', values: points.map((point) => point.wanted) }]
        : []),
      { label: 'acknowledged', colour: 'accent', values: points.map((point) => point.rate) },
    ],
    [points],
  )
  const latency = useMemo(
    () => [
      { label: 'p50', colour: 'ink-3', values: points.map((point) => point.p50) },
      { label: 'p99', colour: 'accent', values: points.map((point) => point.p99) },
    ],
    [points],
  )
  return (
    <div className="grid gap-4 lg:grid-cols-2">
      <Chart title="Rate" unit="records a second" at={at} lines={rate} />
      <Chart title="Latency from the intended send time" unit="ms" at={at} lines={latency} />
    </div>
  )
}
