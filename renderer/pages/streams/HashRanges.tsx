/** The hash space from its start to its end as bars: where the records are, and where a shard would be split. */
import { bytes, counted } from '../../components/format.ts'

const height = 72

export function HashRanges({ ranges }: { readonly ranges: readonly { records: number; bytes: number }[] }) {
  const most = Math.max(1, ...ranges.map(({ records }) => records))
  const hottest = ranges.findIndex(({ records }) => records === most)
  return (
    <svg
      role="img"
      aria-label={`Records by hash range: ${ranges.length} equal parts, the fullest is number ${hottest + 1} with ${counted(most, 'record')}.`}
      viewBox={`0 0 ${ranges.length * 10} ${height}`}
      preserveAspectRatio="none"
      className="block h-18 w-full"
    >
      {ranges.map((range, nth) => {
        const tall = (range.records / most) * height
        return (
          // biome-ignore lint/suspicious/noArrayIndexKey: the place in the space is what it is
          <rect key={nth} x={nth * 10 + 1} y={height - tall} width={8} height={tall} className="fill-accent">
            <title>{`Part ${nth + 1} of ${ranges.length}: ${counted(range.records, 'record')}, ${bytes(range.bytes)}`}</title>
          </rect>
        )
      })}
    </svg>
  )
}
