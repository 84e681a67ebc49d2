/** Notebooks: what is run on this computer over the lake and the streams, cell by cell, and what it answers. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import type { NotebookRun, NotebookRunHead } from '../../../shared/contract/notebooks.ts'
import { type NotebookId, notebookIds, notebookTexts } from '../../../shared/notebooks.ts'
import { client } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { queryClient, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card, PageHead } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { AnswerList } from './AnswerList.tsx'
import { CellList } from './CellList.tsx'
import { RunList } from './RunList.tsx'

const keyOf = (pipeline: string) => ['notebooks', pipeline]
const isOver = ({ state }: Pick<NotebookRun, 'state'>) => state !== 'preparing' && state !== 'running'

export function NotebooksPage() {
  const { id: pipeline, settings } = usePipeline()
  const navigate = useNavigate()
  const { run: wanted } = useSearch({ from: '/notebooks' })
  const list = useQuery({
    queryKey: keyOf(pipeline),
    queryFn: ({ signal }) => client.notebooks.list({ pipeline }, { signal }),
    // Another door may have begun one.
    refetchInterval: 5_000,
  })
  const shownId = wanted ?? list.data?.[0]?.runId ?? null
  const shown = useLive(shownId === null ? null : `notebook ${pipeline} ${shownId}`, (signal) =>
    client.notebooks.watch({ pipeline, runId: shownId ?? '' }, { signal }),
  )
  const changed = () => void queryClient.invalidateQueries({ queryKey: keyOf(pipeline) })
  const start = useAction(client.notebooks.start, ({ runId }: NotebookRunHead) => {
    changed()
    void navigate({ to: '/notebooks', search: { run: runId } })
  })
  const cancel = useAction(client.notebooks.cancel, changed)
  const run = shown.value
  const state = run?.state
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of state that matters
  useEffect(changed, [state, pipeline])
  const busy = list.data?.some((each) => !isOver(each)) ?? false
  const local = settings.kind === 'local'
  return (
    <>
      <PageHead
        title="Notebooks"
        live
        sub={
          run !== undefined && !isOver(run)
            ? `${notebookTexts[run.notebook].title} is at work.`
            : 'The notebooks of the pipeline, run on this computer as they are run in Databricks.'
        }
      />
      {!local && (
        <Notice
          tone="info"
          title="This pipeline has no lake on this computer"
          hint="Notebooks are run here over the lake and the streams of a pipeline of this computer."
        />
      )}
      <div className="grid grid-cols-2 gap-4 max-[760px]:grid-cols-1">
        {notebookIds.map((notebook) => (
          <NotebookCard
            key={notebook}
            notebook={notebook}
            disabled={!local || busy || start.isPending}
            onRun={() => start.mutate({ pipeline, notebook })}
          />
        ))}
      </div>
      <ProblemNotice problem={start.error ?? cancel.error} alert />
      <ProblemNotice problem={list.error} />
      {run !== undefined && !isOver(run) && (
        <Card
          title={run.progress === null ? 'At work' : 'Preparing'}
          actions={
            <Button
              small
              busy={cancel.isPending}
              onClick={() => cancel.mutate({ pipeline, runId: run.runId })}
            >
              Cancel
            </Button>
          }
        >
          <p className="mb-1.5 truncate text-sm text-ink-2">{doing(run)}</p>
          <Progress fraction={fractionOf(run)} label={notebookTexts[run.notebook].title} />
        </Card>
      )}
      {run !== undefined && <ProblemNotice problem={run.problem} />}
      {run?.answers != null && <AnswerList run={run} answers={run.answers} />}
      {run !== undefined && run.cells.length > 0 && <CellList run={run} />}
      {list.data !== undefined && list.data.length > 0 && (
        <RunList
          runs={list.data}
          shown={shownId}
          onShow={(runId) => void navigate({ to: '/notebooks', search: { run: runId } })}
        />
      )}
    </>
  )
}

function NotebookCard({
  notebook,
  disabled,
  onRun,
}: {
  readonly notebook: NotebookId
  readonly disabled: boolean
  readonly onRun: () => void
}) {
  const { title, text } = notebookTexts[notebook]
  return (
    <Card
      title={title}
      actions={
        <Button small variant="primary" disabled={disabled} aria-label={`Run ${title}`} onClick={onRun}>
          Run
        </Button>
      }
    >
      <p className="text-sm text-ink-2">{text}</p>
    </Card>
  )
}

/** Cells that are at an end, of all; not known while something is prepared. */
function fractionOf({ cells, progress }: NotebookRun): number | null {
  if (progress !== null || cells.length === 0) return null
  return cells.filter(({ state }) => state === 'done').length / cells.length
}

function doing({ progress, cells, spark }: NotebookRun): string {
  if (progress !== null) return progress.text
  const at = cells.findIndex(({ state }) => state === 'running')
  return `Spark ${spark ?? ''}, cell ${Math.max(0, at) + 1} of ${cells.length}`
}
