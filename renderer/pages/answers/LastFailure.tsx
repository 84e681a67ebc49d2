/** Why the newest run gave no answers, where it failed: the older ones stand below it. */
import { Link } from '@tanstack/react-router'
import type { NotebookRunHead } from '../../../shared/contract/notebooks.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { buttonClass } from '../../ui/Button.tsx'

interface LastFailureProps {
  /** Newest first. */
  readonly runs: readonly NotebookRunHead[]
  /** When the newest answers were given, ms since 1970. */
  readonly since: number
}

export function LastFailure({ runs, since }: LastFailureProps) {
  const last = runs.find(({ notebook }) => notebook === 'batch')
  if (last === undefined || last.state !== 'failed' || last.startedAt < since) return null
  return (
    <ProblemNotice
      problem={last.problem}
      actions={
        <Link to="/notebooks" search={{ run: last.runId }} className={buttonClass({ small: true })}>
          Open the failed run
        </Link>
      }
    />
  )
}
