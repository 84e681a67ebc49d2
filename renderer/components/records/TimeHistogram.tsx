/** When the messages are from: what was looked at, and of that what was found; drag over it to look at a part only. */
import { type PointerEvent, useRef, useState } from 'react'
import type { SearchEvent } from '../../../shared/contract/search.ts'
import { timeAt } from '../format.ts'
import { barsOf, rangeOf } from './histogramBars.ts'

interface TimeHistogramProps {
  readonly histogram: NonNullable<SearchEvent['histogram']>
  readonly onRange: (from: number, to: number) => void
}

export function TimeHistogram({ histogram, onRange }: TimeHistogramProps) {
  const box = useRef<SVGSVGElement>(null)
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | null>(null)
  const { start, stepMs, scanned } = histogram
  const bars = barsOf(histogram)
  const end = start + stepMs * scanned.length
  /** 0 to 1 along the box. */
  const at = (event: PointerEvent) => {
    const rect = box.current?.getBoundingClientRect()
    if (rect === undefined || rect.width === 0) return 0
    return Math.min(1, Math.max(0, (event.clientX - rect.left) / rect.width))
  }
  const now = Date.now()
  const chosen = drag === null ? null : rangeOf(histogram, drag.from, drag.to)
  return (
    <figure className="grid gap-1">
      <svg
        ref={box}
        viewBox="0 0 1000 60"
        preserveAspectRatio="none"
        role="img"
        aria-label={`Messages by time, from ${timeAt(start, now)} to ${timeAt(end, now)}`}
        className="h-[60px] w-full cursor-crosshair touch-none rounded-md border border-line bg-panel"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          setDrag({ from: at(event), to: at(event) })
        }}
        onPointerMove={(event) => drag !== null && setDrag({ ...drag, to: at(event) })}
        onPointerUp={() => {
          if (chosen !== null) onRange(chosen.from, chosen.to)
          setDrag(null)
        }}
        onPointerCancel={() => setDrag(null)}
      >
        {bars.map(({ x, width, looked, found }) => (
          <g key={x}>
            <rect x={x} width={width} y={60 - looked} height={looked} className="fill-line" />
            <rect x={x} width={width} y={60 - found} height={found} className="fill-accent" />
          </g>
        ))}
        {drag !== null && (
          <rect
            x={1_000 * Math.min(drag.from, drag.to)}
            width={1_000 * Math.abs(drag.to - drag.from)}
            y={0}
            height={60}
            className="fill-accent opacity-20"
          />
        )}
      </svg>
      <figcaption className="flex justify-between gap-3 text-xs text-ink-2">
        <span className="num">{timeAt(start, now)}</span>
        <span>
          {chosen === null
            ? 'found among looked at, by time; drag to look at a part only'
            : `${timeAt(chosen.from, now)} to ${timeAt(chosen.to, now)}`}
        </span>
        <span className="num">{timeAt(end, now)}</span>
      </figcaption>
    </figure>
  )
}
