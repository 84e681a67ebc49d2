/** A line chart on uPlot, drawn in the theme's own colours; loaded only where a run is shown. */
import './locale.ts'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { unknown } from './format.ts'

export interface Line {
  readonly label: string
  /** The name of a colour token: `accent`. */
  readonly colour: string
  readonly values: readonly (number | null)[]
}

interface ChartProps {
  readonly title: string
  readonly unit: string
  /** Seconds. */
  readonly at: readonly number[]
  readonly lines: readonly Line[]
}

const height = 190

export function Chart({ title, unit, at, lines }: ChartProps) {
  const box = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  const shape = lines.map((line) => `${line.label} ${line.colour}`).join()

  // Drawn anew only when its lines change; new values go to the chart that stands.
  // biome-ignore lint/correctness/useExhaustiveDependencies: see above
  useEffect(() => {
    const element = box.current
    if (element === null) return
    // A canvas knows no light-dark(): the browser resolves the token as the colour of an element.
    const token = (name: string) => {
      element.style.color = `var(--c-${name})`
      return getComputedStyle(element).color
    }
    const axis = {
      stroke: () => token('ink-2'),
      grid: { stroke: () => token('line'), width: 1 },
      ticks: { show: false },
      font: '11px "JetBrains Mono Variable", monospace',
    }
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        cursor: { y: false },
        legend: { show: false },
        scales: { x: { time: false }, y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.1)] } },
        axes: [
          { ...axis, values: (_plot, splits) => splits.map((split) => `${split} s`) },
          {
            ...axis,
            size: 62,
            values: (_plot, splits) => splits.map((split) => split.toLocaleString('en-US')),
          },
        ],
        series: [
          {},
          ...lines.map(({ label, colour }) => ({
            label,
            stroke: () => token(colour),
            width: 1.5,
            points: { show: false },
          })),
        ],
      },
      [[], ...lines.map(() => [])],
      element,
    )
    plot.current = made
    const resized = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    resized.observe(element)
    const themed = new MutationObserver(() => made.redraw(false))
    themed.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
    return () => {
      themed.disconnect()
      resized.disconnect()
      made.destroy()
      plot.current = null
    }
  }, [shape])

  useEffect(() => {
    plot.current?.setData([[...at], ...lines.map((line) => [...line.values])])
  }, [at, lines])

  const last = (values: Line['values']) =>
    values.at(-1)?.toLocaleString('en-US', { maximumFractionDigits: 1 }) ?? unknown
  return (
    <figure className="grid gap-1">
      <figcaption className="flex flex-wrap gap-x-4 gap-y-0.5 text-xs text-ink-2">
        <span className="font-medium text-ink">
          {title}, {unit}
        </span>
        {lines.map(({ label, colour, values }) => (
          <span key={label} className="inline-flex items-center gap-1.5">
            <i aria-hidden className="h-0.5 w-3 rounded-full" style={{ background: `var(--c-${colour})` }} />
            {label}
            <span className="num text-ink">{last(values)}</span>
          </span>
        ))}
      </figcaption>
      <div ref={box} aria-hidden className="min-h-[190px] w-full overflow-hidden" />
    </figure>
  )
}
