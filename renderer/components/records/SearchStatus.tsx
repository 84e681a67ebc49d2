/** How far a search is and why it ended, in one line, with the times of what it looked at below. */

import { Button } from '../../ui/Button.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { bytes, count, latency } from '../format.ts'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { TimeHistogram } from './TimeHistogram.tsx'
import type { SearchView } from './useSearch.ts'

interface SearchStatusProps {
  readonly search: SearchView
  /** Looks again for more of them. */
  readonly onMore: (limit: number) => void
  /** Looks again at this time only, ms since 1970: from ≤ time < to. */
  readonly onRange: (from: number, to: number) => void
}

/** What the contract allows at most. */
const most = 10_000

export function SearchStatus({ search, onMore, onRange }: SearchStatusProps) {
  const { last, running, stopped, problem, wanted, messages } = search
  const limit = wanted?.limit ?? messages.length
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
        {last?.done === 'limit' && limit < most && (
          <Button small onClick={() => onMore(Math.min(most, limit * 10))}>
            Find {count(Math.min(most, limit * 10))}
          </Button>
        )}
      </p>
      <ProblemNotice problem={last?.problem ?? (problem === null ? null : problem)} alert />
      {last?.histogram && <TimeHistogram histogram={last.histogram} onRange={onRange} />}
    </div>
  )
}

function wordsOf({ running, stopped, last, problem, wanted }: SearchView): string {
  if (running) return 'Searching'
  if (stopped) return 'Stopped'
  if (problem !== null || last?.done === 'failed') return 'Failed'
  if (last?.done === 'limit') return `The first ${count(wanted?.limit ?? last.matched)}; there may be more`
  if (last?.done === 'time') return 'Its time was up; this is what it found'
  return 'Everything was looked at'
}
