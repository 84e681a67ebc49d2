/** Notebooks: what is run on this computer over the lake and the streams, cell by cell. */
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect } from 'react'
import { type NotebookId, notebookIds, notebookTexts } from '../../../shared/notebooks.ts'
import { client } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { RunProgress } from '../../components/notebooks/RunProgress.tsx'
import { isOver, useNotebooks } from '../../components/notebooks/useNotebooks.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Card, PageHead } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { CellList } from './CellList.tsx'
import { RunList } from './RunList.tsx'

export function NotebooksPage() {
  const { id: pipeline, settings } = usePipeline()
  const navigate = useNavigate()
  const { run: wanted } = useSearch({ from: '/notebooks' })
  const { list, changed, start, cancel, working } = useNotebooks(
    ({ runId }) => void navigate({ to: '/notebooks', search: { run: runId } }),
  )
  const shownId = wanted ?? list.data?.[0]?.runId ?? null
  const shown = useLive(shownId === null ? null : `notebook ${pipeline} ${shownId}`, (signal) =>
    client.notebooks.watch({ pipeline, runId: shownId ?? '' }, { signal }),
  )
  const run = shown.value
  const state = run?.state
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change of state that matters
  useEffect(changed, [state, pipeline])
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
            disabled={!local || working !== null || start.isPending}
            onRun={() => start.mutate({ pipeline, notebook })}
          />
        ))}
      </div>
      <ProblemNotice problem={start.error ?? cancel.error} alert />
      <ProblemNotice problem={list.error} />
      {run !== undefined && !isOver(run) && (
        <RunProgress
          run={run}
          cancelling={cancel.isPending}
          onCancel={() => cancel.mutate({ pipeline, runId: run.runId })}
        />
      )}
      {run !== undefined && <ProblemNotice problem={run.problem} />}
      {run?.state === 'done' && run.answers !== null && (
        <Notice
          tone="good"
          title="The eight questions are answered"
          hint="In nine tables, with charts; two runs can be compared."
          actions={
            <Link
              to="/answers"
              search={{ set: `here-${run.runId}` }}
              className={buttonClass({ variant: 'primary', small: true })}
            >
              Show the answers
            </Link>
          }
        />
      )}
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
