/** How far a search is and why it ended, in one line, with the times of what it looked at below. */
import { StepForward } from 'lucide-react'
import { Button } from '../../ui/Button.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { bytes, count, latency } from '../format.ts'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { TimeHistogram } from './TimeHistogram.tsx'
import type { SearchView } from './useSearch.ts'

interface SearchStatusProps {
  readonly search: SearchView & { readonly goOn: () => void }
  /** Looks again at this time only, ms since 1970: from ≤ time < to. */
  readonly onRange: (from: number, to: number) => void
}

export function SearchStatus({ search, onRange }: SearchStatusProps) {
  const { last, running, stopped, problem } = search
  return (
    <div className="grid gap-2">
      {running && (
        <Progress
          label="Searching"
          fraction={last === null || last.total === 0 ? null : Math.min(1, last.passed / last.total)}
        />
      )}
      <p role="status" className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm text-ink-2">
        <span className="font-medium text-ink">{wordsOf(search)}</span>
        {last !== null && (
          <>
            <span>
              <span className="num">{count(last.matched)}</span> found
            </span>
            <span>
              <span className="num">{count(last.scanned)}</span> looked at, {bytes(last.bytes)} in{' '}
              {latency(last.elapsedMs)}
            </span>
            {(running || stopped || last.done !== 'end') && last.total > 0 && (
              <span>{Math.floor((100 * last.passed) / last.total)} % of the way</span>
            )}
            {last.misfits > 0 && (
              <span className="text-warn">
                {count(last.misfits)} do not fit the expression: {last.misfit}
              </span>
            )}
          </>
        )}
        {!running && last !== null && last.done !== 'end' && (
          <Button small icon={StepForward} onClick={search.goOn}>
            Go on
          </Button>
        )}
      </p>
      <ProblemNotice problem={last?.problem ?? (problem === null ? null : problem)} alert />
      {last?.histogram && <TimeHistogram histogram={last.histogram} onRange={onRange} />}
    </div>
  )
}

function wordsOf({ running, stopped, last, problem }: SearchView): string {
  if (running) return 'Searching'
  if (stopped) return 'Stopped'
  if (problem !== null || last?.done === 'failed') return 'Failed'
  if (last?.done === 'limit') return `The first ${count(last.matched)}; there may be more`
  if (last?.done === 'time') return 'Its time was up; this is what it found'
  return 'Everything was looked at'
}
