/** The nine answers of a run, each as a table with bars, and as a file. */
import type { NotebookRun } from '../../../shared/contract/notebooks.ts'
import { type AnswerId, type Answers, answerIds, answerTitles } from '../../../shared/notebooks.ts'
import { saveFile } from '../../components/saveFile.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { csvOf } from './csv.ts'
import { DataTable } from './DataTable.tsx'

interface AnswerListProps {
  readonly run: NotebookRun
  readonly answers: Answers
}

export function AnswerList({ run, answers }: AnswerListProps) {
  return (
    <div className="grid grid-cols-2 items-start gap-4 max-[980px]:grid-cols-1">
      {answerIds.map((id) => (
        <AnswerCard key={id} id={id} runId={run.runId} answer={answers.answers[id]} />
      ))}
    </div>
  )
}

function AnswerCard({
  id,
  runId,
  answer,
}: {
  readonly id: AnswerId
  readonly runId: string
  readonly answer: Answers['answers'][AnswerId]
}) {
  const title = answerTitles[id]
  return (
    <Card
      title={title}
      actions={
        <Button
          small
          variant="quiet"
          aria-label={`Save as CSV: ${title}`}
          onClick={() => saveFile({ fileName: `${id}-${runId}.csv`, content: csvOf(answer) })}
        >
          CSV
        </Button>
      }
    >
      {answer.rows.length === 0 ? (
        <p className="text-sm text-ink-2">No rows: nothing of the kind has come yet.</p>
      ) : (
        <DataTable label={title} {...answer} bars />
      )}
    </Card>
  )
}
