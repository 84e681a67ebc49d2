/** A changing pace as a picture that can be drawn over with the pointer; the words above it do the same by keyboard. */
import { type PointerEvent, useRef, useState } from 'react'
import { type Curve, peakOf, rateAt } from '../../../shared/rateCurve.ts'
import { count, duration } from '../../components/format.ts'

const width = 400
const height = 110
/** Points that a drawn curve has: finer than a hand draws. */
const columns = 40

interface CurveDrawingProps {
  readonly curve: Curve
  readonly onDrawn: (curve: Curve) => void
}

export function CurveDrawing({ curve, onDrawn }: CurveDrawingProps) {
  const svg = useRef<SVGSVGElement>(null)
  /** Rates of the columns while the pointer is down. */
  const [drawn, setDrawn] = useState<readonly number[] | null>(null)
  const [before, setBefore] = useState<number | null>(null)
  const lengthMs = curve.points.at(-1)?.at ?? 1
  const top = Math.max(1, peakOf(curve)) * 1.15

  const x = (at: number) => (at / lengthMs) * width
  const y = (rate: number) => height - (rate / top) * height
  const line =
    drawn === null
      ? curve.points.map(({ at, postsPerSecond }) => `${x(at)},${y(postsPerSecond)}`).join(' ')
      : drawn.map((rate, nth) => `${(nth / columns) * width},${y(rate)}`).join(' ')

  const draw = (event: PointerEvent, from: readonly number[], last: number | null) => {
    const box = svg.current?.getBoundingClientRect()
    if (box === undefined) return
    const part = (value: number) => Math.min(1, Math.max(0, value))
    const nth = Math.round(part((event.clientX - box.left) / box.width) * columns)
    const rate = Math.round(top * (1 - part((event.clientY - box.top) / box.height)) * 10) / 10
    const [low, high] = [Math.min(nth, last ?? nth), Math.max(nth, last ?? nth)]
    // A fast hand passes over columns: they get what it draws at its end.
    setDrawn(from.map((value, at) => (at >= low && at <= high ? rate : value)))
    setBefore(nth)
  }
  const begin = (event: PointerEvent) => {
    event.currentTarget.setPointerCapture(event.pointerId)
    const sampled = Array.from({ length: columns + 1 }, (_, nth) => {
      const at = Math.min(lengthMs - 1, (nth / columns) * lengthMs)
      return Math.round(rateAt(curve, at) * 10) / 10
    })
    draw(event, sampled, null)
  }
  const end = () => {
    if (drawn === null) return
    if (drawn.some((rate) => rate > 0)) {
      const points = drawn.map((postsPerSecond, nth) => ({
        at: Math.round((nth / columns) * lengthMs),
        postsPerSecond,
      }))
      onDrawn({ points, repeat: curve.repeat })
    }
    setDrawn(null)
    setBefore(null)
  }
  return (
    <svg
      ref={svg}
      role="img"
      aria-label={`Posts a second over ${duration(lengthMs)}, at most ${count(peakOf(curve))}. Draw with the pointer to change it.`}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="h-28 w-full cursor-crosshair touch-none rounded-lg border border-line bg-sunken"
      onPointerDown={begin}
      onPointerMove={(event) => drawn !== null && draw(event, drawn, before)}
      onPointerUp={end}
      onPointerCancel={() => setDrawn(null)}
    >
      <polygon points={`0,${height} ${line} ${width},${height}`} className="fill-accent-soft" />
      <polyline
        points={line}
        className="fill-none stroke-accent"
        strokeWidth={2}
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
