/** The runs of a job, newest first, 25 at a time. */
import { useInfiniteQuery } from '@tanstack/react-query'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { duration } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { RunRow } from '../../components/RunRow.tsx'
import { useNow } from '../../components/useNow.ts'
import { Button } from '../../ui/Button.tsx'
import { RunState } from './RunState.tsx'

interface JobRunsProps {
  readonly jobId: string
  readonly shown: string | null
  readonly onShow: (runId: string) => void
}

export function JobRuns({ jobId, shown, onShow }: JobRunsProps) {
  const { id: pipeline } = usePipeline()
  const now = useNow(1_000)
  const runs = useInfiniteQuery({
    queryKey: ['databricks', pipeline, 'runs', jobId],
    queryFn: ({ pageParam, signal }) =>
      client.databricks.runs({ pipeline, jobId, page: pageParam }, { signal }),
    initialPageParam: null as string | null,
    getNextPageParam: ({ next }) => next,
    // Others start runs too: the schedule, Airflow, a person in the workspace.
    refetchInterval: 10_000,
  })
  const items = runs.data?.pages.flatMap((page) => page.items) ?? []
  return (
    <>
      <ProblemNotice problem={runs.error} />
      {runs.data !== undefined && items.length === 0 && (
        <p className="text-sm text-ink-2">It has not run yet.</p>
      )}
      <ul aria-label="Runs" className="grid gap-1">
        {items.map(({ runId, state, startedAt, workedMs, message }) => (
          <RunRow key={runId} {...{ runId, startedAt, now, onShow }} shown={runId === shown}>
            <RunState state={state} />
            <span className="num text-ink-2">
              {startedAt !== null && duration(workedMs ?? Math.max(0, now - startedAt))}
            </span>
            <span className="min-w-0 flex-1 truncate text-ink-2">{message}</span>
          </RunRow>
        ))}
      </ul>
      {runs.hasNextPage && (
        <Button small busy={runs.isFetchingNextPage} onClick={() => void runs.fetchNextPage()}>
          Older runs
        </Button>
      )}
    </>
  )
}
