/** One question: what is drawn of its answer, its rows, and both as a file. */
import { csvOf } from '../../../shared/csv.ts'
import { type Answer, type AnswerId, answerTitles } from '../../../shared/notebooks.ts'
import { saveFile } from '../../components/saveFile.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { AnswerChart } from './AnswerChart.tsx'
import { AnswerTable } from './AnswerTable.tsx'
import { chartOf } from './chartOf.ts'

/** Beside their picture, over the whole width. */
const wide: ReadonlySet<AnswerId> = new Set([
  'category_by_country',
  'category_by_year',
  'top_user_by_country',
])

/** `set` names the file. */
export const saveAnswer = (id: AnswerId, set: string, answer: Answer): void =>
  saveFile({ fileName: `${id}-${set}.csv`, content: csvOf(answer) })

interface AnswerCardProps {
  readonly id: AnswerId
  readonly set: string
  readonly answer: Answer
}

export function AnswerCard({ id, set, answer }: AnswerCardProps) {
  const title = answerTitles[id]
  const chart = chartOf(id, answer)
  return (
    <Card
      title={title}
      className={wide.has(id) ? 'col-span-full' : ''}
      actions={
        <Button
          small
          variant="quiet"
          aria-label={`Save as CSV: ${title}`}
          onClick={() => saveAnswer(id, set, answer)}
        >
          CSV
        </Button>
      }
    >
      {answer.rows.length === 0 ? (
        <p className="text-sm text-ink-2">No rows: nothing of the kind has come yet.</p>
      ) : (
        <div
          className={`grid items-start gap-x-6 gap-y-4 ${wide.has(id) ? 'grid-cols-2 max-[1100px]:grid-cols-1' : ''}`}
        >
          {chart !== null && <AnswerChart chart={chart} unit={answer.columns.at(-1) ?? ''} />}
          <AnswerTable id={id} title={title} answer={answer} />
        </div>
      )}
    </Card>
  )
}
