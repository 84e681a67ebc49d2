/** A run in a list of runs: when it began, what it is, and the way to it. */
import type { ReactNode } from 'react'
import { Button } from '../ui/Button.tsx'
import { timeAt } from './format.ts'

interface RunRowProps {
  readonly runId: string
  /** ms since 1970; null before it began. */
  readonly startedAt: number | null
  readonly now: number
  readonly shown: boolean
  readonly onShow: (runId: string) => void
  /** Its state, how long it took, and what there is to say. */
  readonly children: ReactNode
}

export function RunRow({ runId, startedAt, now, shown, onShow, children }: RunRowProps) {
  return (
    <li className="flex flex-wrap items-center gap-x-3 text-sm">
      <span className="num text-ink-2">{startedAt === null ? '—' : timeAt(startedAt, now)}</span>
      {children}
      <span className="ml-auto">
        {shown ? (
          <span className="text-ink-2">shown</span>
        ) : (
          <Button small variant="quiet" aria-label={`Show the run ${runId}`} onClick={() => onShow(runId)}>
            Show
          </Button>
        )}
      </span>
    </li>
  )
}
