/** What a live tail does and what it left out, in one line. */
import { count, perSecond } from '../format.ts'
import { type Tail, tailKept } from './useTail.ts'

export function TailBar({ tail, paused }: { readonly tail: Tail<unknown>; readonly paused: boolean }) {
  const { numbers, pushedOut, items } = tail
  return (
    <p role="status" className="flex flex-wrap gap-x-5 gap-y-1 text-sm text-ink-2">
      <span className="font-medium text-ink">{paused ? 'Paused' : 'Live'}</span>
      <span>
        <span className="num">{perSecond(paused ? null : numbers?.rate)}</span>
      </span>
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
    </p>
  )
}
