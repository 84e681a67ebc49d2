/** The runs of this pipeline's notebooks, newest first. */
import type { NotebookRunHead } from '../../../shared/contract/notebooks.ts'
import { notebookTexts } from '../../../shared/notebooks.ts'
import { duration } from '../../components/format.ts'
import { RunRow } from '../../components/RunRow.tsx'
import { useNow } from '../../components/useNow.ts'
import { Card } from '../../ui/Card.tsx'

const words: Readonly<Record<NotebookRunHead['state'], string>> = {
  preparing: 'preparing',
  running: 'running',
  done: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  interrupted: 'interrupted: the app ended meanwhile',
}

interface RunListProps {
  readonly runs: readonly NotebookRunHead[]
  readonly shown: string | null
  readonly onShow: (runId: string) => void
}

export function RunList({ runs, shown, onShow }: RunListProps) {
  const now = useNow(60_000)
  return (
    <Card title="Runs">
      <ul aria-label="Runs" className="grid gap-1">
        {runs.map(({ runId, notebook, state, startedAt, endedAt }) => (
          <RunRow key={runId} {...{ runId, startedAt, now, onShow }} shown={runId === shown}>
            <span>{notebookTexts[notebook].title}</span>
            <span className="text-ink-2">
              {words[state]}
              {endedAt !== null && `, ${duration(endedAt - startedAt)}`}
            </span>
          </RunRow>
        ))}
      </ul>
    </Card>
  )
}
