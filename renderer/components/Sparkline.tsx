/** A line of the last values, as wide as its place; the number beside it says what it is. */

/** The points in a box of 100 × 18, oldest left; `slots` values fill the width. */
export function sparkPoints(values: readonly number[], slots: number): string {
  const top = Math.max(...values, 1)
  const step = 100 / Math.max(1, slots - 1)
  const first = slots - values.length
  return values
    .map((value, index) => `${((first + index) * step).toFixed(1)},${(16.5 - (value / top) * 15).toFixed(1)}`)
    .join(' ')
}

export function Sparkline({ values }: { readonly values: readonly number[] }) {
  return (
    <svg viewBox="0 0 100 18" preserveAspectRatio="none" className="h-[18px] w-full" aria-hidden="true">
      {values.length > 1 ? (
        <polyline
          points={sparkPoints(values, 60)}
          className="fill-none stroke-accent"
          strokeWidth="1.5"
          strokeLinejoin="round"
          vectorEffect="non-scaling-stroke"
        />
      ) : (
        <path d="M0 16.5H100" className="stroke-line" strokeWidth="1" vectorEffect="non-scaling-stroke" />
      )}
    </svg>
  )
}
