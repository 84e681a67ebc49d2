/** The rows of an answer: sorted by any column, and filtered where they are many. */
import { useMemo, useState } from 'react'
import type { Answer, AnswerId, Value } from '../../../shared/notebooks.ts'
import { TextField } from '../../ui/Field.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { valueText } from './valueText.ts'

/** So many are seen at a glance; more can be filtered. */
const fewRows = 12

interface Row {
  readonly key: string
  readonly values: readonly Value[]
}

interface AnswerTableProps {
  readonly id: AnswerId
  readonly title: string
  readonly answer: Answer
}

export function AnswerTable({ id, title, answer }: AnswerTableProps) {
  const { columns: names, rows: told, truncated } = answer
  const [filter, setFilter] = useState('')
  const wanted = filter.trim().toLowerCase()
  const rows = useMemo(() => told.map((values, nth) => ({ key: String(nth), values })), [told])
  const found =
    wanted === ''
      ? rows
      : rows.filter(({ values }) => values.some((value) => String(value).toLowerCase().includes(wanted)))
  return (
    <div className="grid gap-2">
      {rows.length > fewRows && (
        <search>
          <TextField label={`Filter ${rows.length} rows`} value={filter} onChange={setFilter} />
        </search>
      )}
      <VirtualTable
        label={title}
        id={`answers ${id}`}
        columns={names.map((name, at) => columnOf(name, at, typeof told[0]?.[at] === 'number'))}
        rows={found}
        rowKey={({ key }) => key}
        height="max-h-72"
        empty="No row has this in it."
      />
      {truncated && (
        <p className="text-xs text-ink-2">There are more rows: the notebook hands on the first of them.</p>
      )}
    </div>
  )
}

const sortOf = (value: Value | undefined) =>
  typeof value === 'number' || typeof value === 'string' ? value : null

const columnOf = (name: string, at: number, numeric: boolean): Column<Row> => ({
  key: name,
  title: name,
  width: numeric ? 'minmax(110px, 1fr)' : 'minmax(110px, 2fr)',
  data: numeric,
  ...(numeric && at > 0 ? { align: 'right' as const } : {}),
  sort: ({ values }) => sortOf(values[at]),
  cell: ({ values }) => valueText(values[at], name),
})
