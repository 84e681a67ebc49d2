/** From what a notebook's program tells to the run as it is shown and kept. */
import type { CellOutput, NotebookCell, NotebookRun } from '../../shared/contract/notebooks.ts'
import { notebookFaultHint } from '../../shared/notebookFaults.ts'
import { answersSchema } from '../../shared/notebooks.ts'
import { jsonOf } from '../lib/jsonText.ts'
import type { NotebookEvent } from '../local/spark/notebookRun.ts'

/** Characters of one text that are kept: a loop that prints must not fill the memory. */
const longestText = 100_000

/** The run after one more thing was told of it. */
export function afterEvent(run: NotebookRun, event: NotebookEvent): NotebookRun {
  const cell = (at: number, change: (cell: NotebookCell) => Partial<NotebookCell>): NotebookRun => ({
    ...run,
    cells: run.cells.map((each, nth) => (nth === at ? { ...each, ...change(each) } : each)),
  })
  switch (event.type) {
    case 'session':
      return { ...run, spark: event.version, state: 'running', progress: null }
    case 'cells':
      return {
        ...run,
        cells: event.cells.map((each) => ({ ...each, state: 'waiting', ms: null, output: [] })),
      }
    case 'began':
      return cell(event.cell, () => ({ state: 'running' }))
    case 'text':
      return cell(event.cell, ({ output }) => ({ output: withText(output, event.text) }))
    case 'table': {
      const { columns, rows, truncated } = event
      return cell(event.cell, ({ output }) => ({
        output: [...output, { kind: 'table', columns, rows, truncated }],
      }))
    }
    case 'done':
      return cell(event.cell, () => ({ state: 'done', ms: event.ms }))
    case 'failed':
      return { ...cell(event.cell, () => ({ state: 'failed', ms: event.ms })), problem: cellProblem(event) }
    case 'exit': {
      const answers = answersSchema.safeParse(jsonOf(event.value))
      return { ...run, answers: answers.success ? answers.data : null }
    }
    case 'end':
      return event.ok || run.problem !== null ? run : { ...run, problem: cellProblem(event) }
  }
}

function withText(output: readonly CellOutput[], text: string): CellOutput[] {
  const last = output.at(-1)
  if (last?.kind !== 'text') return [...output, { kind: 'text', text: text.slice(0, longestText) }]
  return [...output.slice(0, -1), { kind: 'text', text: `${last.text}${text}`.slice(0, longestText) }]
}

function cellProblem({
  error,
  message,
  where,
}: Pick<Extract<NotebookEvent, { type: 'failed' }>, 'error' | 'message' | 'where'>) {
  const place = where === null ? '' : ` (${where.notebook}, line ${where.line})`
  return {
    code: 'NOTEBOOK_CELL_FAILED',
    message: `${error ?? 'Error'}: ${message ?? ''}${place}`,
    hint:
      notebookFaultHint(`${error ?? ''}: ${message ?? ''}`) ??
      'The cell and its line are named; the notebook can be run again.',
  }
}
