/** An answer as a picture; each of its values stands in the table below it, so that to a screen reader it is one sentence. */
import { count, counted } from '../../components/format.ts'
import { type Bar, type ChartModel, type YearLine, yearsOf } from './chartOf.ts'
import { shortNumber, valueText } from './valueText.ts'

export function AnswerChart({ chart, unit }: { readonly chart: ChartModel; readonly unit: string }) {
  if (chart.kind === 'figure')
    return (
      <p className="text-ink-2">
        <span className="num mr-2 text-xl font-semibold text-ink">{count(chart.value)}</span>
        followers, in {listOf(chart.of)}
      </p>
    )
  if (chart.kind === 'bars') return <Bars bars={chart.bars} left={chart.left} unit={unit} />
  const top = Math.max(...chart.lines.flatMap(({ points }) => points.map(({ value }) => value)), 1)
  const years = yearsOf(chart.lines)
  return (
    <div className={chart.lines.length > 1 ? 'grid grid-cols-2 gap-x-5 gap-y-3' : ''}>
      {chart.lines.map((line) => (
        <Years key={line.label} line={line} years={years} top={top} unit={unit} />
      ))}
    </div>
  )
}

/** "Mali", "Mali and Peru", "Chad, Mali and Peru". */
const listOf = (names: readonly string[]) => new Intl.ListFormat('en-GB').format(names)

const words = (unit: string) => unit.replaceAll('_', ' ')

function Bars({
  bars,
  left,
  unit,
}: {
  readonly bars: readonly Bar[]
  readonly left: number
  readonly unit: string
}) {
  const top = Math.max(...bars.map(({ value }) => value), 1)
  const largest = bars.reduce((most, bar) => (bar.value > most.value ? bar : most))
  const label = `Bars of ${words(unit)}: the largest is ${valueText(largest.value, unit)}, ${largest.label}${largest.note === '' ? '' : `, ${largest.note}`}.`
  return (
    <div>
      <div
        role="img"
        aria-label={label}
        className="grid grid-cols-[fit-content(60%)_minmax(0,1fr)_auto] items-center gap-x-3 gap-y-1.5 text-sm"
      >
        {bars.map(({ label, note, value }) => (
          <div key={`${label} ${note}`} className="contents">
            <span className="truncate">
              {label}
              {note !== '' && <span className="text-ink-2"> {note}</span>}
            </span>
            <span className="h-3 rounded-sm bg-sunken">
              <span
                className="block h-full rounded-sm bg-accent"
                style={{ width: `${Math.max(1, (100 * value) / top)}%` }}
              />
            </span>
            <span className="num text-right">{valueText(value, unit)}</span>
          </div>
        ))}
      </div>
      {left > 0 && (
        <p className="mt-1.5 text-xs text-ink-2">The largest; {counted(left, 'more row')} in the table.</p>
      )}
    </div>
  )
}

/** Room above the highest point for its number, of the height. */
const headroom = 1.3

interface YearsProps {
  readonly line: YearLine
  readonly years: readonly number[]
  /** The highest value of all lines beside it: they are drawn to one scale. */
  readonly top: number
  readonly unit: string
}

function Years({ line: { label, points }, years, top, unit }: YearsProps) {
  const x = (year: number) => (100 * (years.indexOf(year) + 0.5)) / years.length
  const y = (value: number) => (100 * value) / (top * headroom)
  const sorted = points.toSorted((a, b) => a.year - b.year)
  // A year without a value breaks the line.
  const parts = sorted.reduce<(typeof sorted)[]>((all, point) => {
    const last = all.at(-1)
    if (last !== undefined && last.at(-1)?.year === point.year - 1) last.push(point)
    else all.push([point])
    return all
  }, [])
  const told = sorted.map(({ year, value }) => `${year} ${valueText(value, unit)}`).join(', ')
  return (
    <div role="img" aria-label={`Line of ${words(unit)}${label === '' ? '' : `, age ${label}`}: ${told}.`}>
      {label !== '' && <p className="text-sm font-medium">{label}</p>}
      <div className={`relative border-b border-line ${label === '' ? 'h-40' : 'h-24'}`}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden className="absolute size-full">
          {parts.map((part) => (
            <polyline
              key={part[0]?.year}
              points={part.map(({ year, value }) => `${x(year)},${100 - y(value)}`).join(' ')}
              className="fill-none stroke-accent"
              strokeWidth={1.75}
              strokeLinejoin="round"
              vectorEffect="non-scaling-stroke"
            />
          ))}
        </svg>
        {sorted.map(({ year, value }) => (
          <span
            key={year}
            className="absolute size-1.5 -translate-x-1/2 translate-y-1/2 rounded-full bg-accent"
            style={{ left: `${x(year)}%`, bottom: `${y(value)}%` }}
          >
            <span className="num absolute bottom-full left-1/2 -translate-x-1/2 pb-0.5 text-xs">
              {shortNumber(value)}
            </span>
          </span>
        ))}
      </div>
      <div
        className="grid pt-1 text-center text-xs text-ink-2"
        style={{ gridTemplateColumns: `repeat(${years.length}, minmax(0, 1fr))` }}
      >
        {years.map((year) => (
          <span key={year} className="num">
            {year}
          </span>
        ))}
      </div>
    </div>
  )
}
