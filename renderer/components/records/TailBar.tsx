/** What a live tail does and what it left out, in one line. */
import { count, perSecond } from '../format.ts'
import { tailKept } from './tail.ts'
import type { TailView } from './useTail.ts'

interface TailBarProps {
  readonly tail: TailView<unknown>
  /** Why nothing comes now; "Live" where it does. */
  readonly stalled?: string | undefined
}

export function TailBar({ tail, stalled = 'Live' }: TailBarProps) {
  const { numbers, pushedOut, items, paused, waiting } = tail
  return (
    // The numbers change all the time and are not read out; the state is what a screen reader hears.
    <div role="status" aria-live="off" className="flex flex-wrap gap-x-5 gap-y-1 text-sm text-ink-2">
      <span aria-live="polite" className="font-medium text-ink">
        {paused ? 'Paused' : stalled}
      </span>
      {paused && (
        <span className="text-ink">
          <span className="num">{count(waiting)}</span> new since, shown when you resume
        </span>
      )}
      <span className="num">{perSecond(numbers?.rate)}</span>
      <span>
        <span className="num">{count(numbers?.seen)}</span> seen
      </span>
      <span>
        <span className="num">{count(numbers?.dropped)}</span> dropped before this page
      </span>
      <span>
        <span className="num">{count(items.length)}</span> shown (at most {count(tailKept)}),{' '}
        <span className="num">{count(pushedOut)}</span> older ones let go
      </span>
    </div>
  )
}
