/** A notebook at work: what it does, how far it is, and the button that ends it. */
import type { NotebookRun } from '../../../shared/contract/notebooks.ts'
import { notebookTexts } from '../../../shared/notebooks.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Progress } from '../../ui/Progress.tsx'

interface RunProgressProps {
  readonly run: NotebookRun
  readonly cancelling: boolean
  readonly onCancel: () => void
}

export function RunProgress({ run, cancelling, onCancel }: RunProgressProps) {
  return (
    <Card
      title={run.progress === null ? 'At work' : 'Preparing'}
      actions={
        <Button small busy={cancelling} onClick={onCancel}>
          Cancel
        </Button>
      }
    >
      <p className="mb-1.5 truncate text-sm text-ink-2">{doing(run)}</p>
      <Progress fraction={fractionOf(run)} label={notebookTexts[run.notebook].title} />
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
