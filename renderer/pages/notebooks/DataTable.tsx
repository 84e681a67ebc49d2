/** A small table of values as a cell of a notebook gave them. */
import type { Value } from '../../../shared/notebooks.ts'

interface DataTableProps {
  readonly label: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly Value[])[]
  readonly truncated: boolean
}

/** Rows that are drawn; the rest is counted. */
const shownRows = 200

export function DataTable({ label, columns, rows, truncated }: DataTableProps) {
  const shown = rows.slice(0, shownRows)
  const left = rows.length - shown.length
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what can be filled in
    <div
      role="group"
      aria-label={label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
      tabIndex={0}
      className="max-h-96 overflow-auto rounded-lg border border-line"
    >
      <table className="w-full text-sm">
        <caption className="sr-only">{label}</caption>
        <thead>
          <tr className="border-b border-line text-left text-xs text-ink-2">
            {columns.map((name, at) => (
              <th
                key={name}
                scope="col"
                className={`px-3 py-1.5 font-medium ${typeof rows[0]?.[at] === 'number' ? 'text-right' : ''}`}
              >
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {shown.map((row, nth) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows have no name of their own and never move
            <tr key={nth} className="border-t border-line first:border-t-0">
              {row.map((value, at) => (
                <td
                  key={columns[at]}
                  className={`px-3 py-1 align-top [overflow-wrap:break-word] ${typeof value === 'number' ? 'num text-right' : ''}`}
                >
                  {textOf(value)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {(left > 0 || truncated) && (
        <p className="px-3 py-1.5 text-xs text-ink-2">
          {left > 0 ? `${left.toLocaleString('en-US')} rows more` : 'There are more rows'}
          {left > 0 && truncated ? ', and more than were told' : ''}.
        </p>
      )}
    </div>
  )
}

function textOf(value: Value | undefined): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return value.toLocaleString('en-US', { useGrouping: value >= 10_000 })
  return typeof value === 'string' ? value : JSON.stringify(value)
}
