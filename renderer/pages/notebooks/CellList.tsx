/** The cells of a run: what each is, how it stands, and what it gave. */
import type { CellOutput, NotebookCell, NotebookRun } from '../../../shared/contract/notebooks.ts'
import { duration } from '../../components/format.ts'
import { StateDot } from '../../ui/StateDot.tsx'
import { DataTable } from './DataTable.tsx'

const looks = {
  waiting: { mark: 'off', word: 'Waiting' },
  running: { mark: 'working', word: 'Running' },
  done: { mark: 'good', word: 'Done' },
  failed: { mark: 'bad', word: 'Failed' },
} as const

export function CellList({ run }: { readonly run: NotebookRun }) {
  return (
    <ol aria-label="Cells" className="rounded-xl border border-line bg-panel shadow-card">
      {run.cells.map((cell, nth) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a cell is its place in the notebook
        <Cell key={nth} cell={cell} number={nth + 1} />
      ))}
    </ol>
  )
}

function Cell({ cell, number }: { readonly cell: NotebookCell; readonly number: number }) {
  const { mark, word } = looks[cell.state]
  return (
    <li className="border-t border-line px-4 py-3 first:border-t-0">
      <details open={cell.state === 'failed'}>
        <summary className="flex cursor-pointer flex-wrap items-center gap-x-2.5 rounded">
          <span className="num text-sm text-ink-3">{number}</span>
          <span className="min-w-0 truncate font-medium">{headOf(cell)}</span>
          {cell.kind !== 'md' && (
            <span className="flex items-center gap-1.5 text-sm text-ink-2">
              <StateDot state={mark} label="" />
              {word}
            </span>
          )}
          {cell.ms !== null && cell.kind !== 'md' && (
            <span className="num text-xs text-ink-3">{duration(cell.ms)}</span>
          )}
        </summary>
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          tabIndex={0}
          className="mt-2 max-h-72 overflow-auto rounded-lg bg-sunken px-3 py-2 text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]"
        >
          {cell.text}
        </pre>
        {cell.output.map((output, nth) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: outputs only grow at their end
          <Output key={nth} output={output} cell={number} />
        ))}
      </details>
    </li>
  )
}

function Output({ output, cell }: { readonly output: CellOutput; readonly cell: number }) {
  if (output.kind === 'text')
    return (
      <pre className="mt-2 text-sm whitespace-pre-wrap [overflow-wrap:anywhere]">{output.text.trimEnd()}</pre>
    )
  const { columns, rows, truncated } = output
  return (
    <div className="mt-2">
      <DataTable
        label={`Table of cell ${cell}`}
        columns={columns.map(({ name }) => name)}
        rows={rows}
        truncated={truncated}
      />
    </div>
  )
}

/** Its heading, its first comment, or its first line. */
function headOf({ kind, text }: NotebookCell): string {
  const line = text.split('\n').find((each) => each.trim() !== '') ?? ''
  if (kind === 'md') return line.replace(/^#+ /, '')
  return kind === 'run' ? `Runs ${text}` : line
}
