/** The five honest numbers of the run that goes on or went last. */
import { Link } from '@tanstack/react-router'
import { usePipeline, useRun } from '../../api/pipeline.ts'
import { Counters } from '../../components/Counters.tsx'
import { runStateText } from '../../components/runTexts.ts'
import { buttonClass } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'

export function RunNumbers({ runId }: { readonly runId: string | null }) {
  const pipeline = usePipeline().id
  const { value } = useRun(pipeline, runId)
  return (
    <Card
      title={value?.endedAt ? 'Last run' : 'This run'}
      className="min-h-[126px]"
      actions={
        runId !== null && (
          <Link
            to="/emulation"
            search={{ run: runId }}
            className={buttonClass({ variant: 'quiet', small: true })}
          >
            Details
          </Link>
        )
      }
    >
      {runId === null ? (
        <p className="text-ink-2">
          No run yet. An emulation sends posts as users of Pinterest would; its numbers stand here.
        </p>
      ) : (
        <>
          <Counters counters={value?.counters} />
          {value !== undefined && <p className="mt-2 text-xs text-ink-2">{runStateText(value)}</p>}
        </>
      )}
    </Card>
  )
}
