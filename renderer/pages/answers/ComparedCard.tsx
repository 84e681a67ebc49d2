/** One question answered by two runs, side by side. */
import {
  type ComparedRow,
  type Comparison,
  compareAnswers,
  comparisonText,
  isSame,
} from '../../../shared/compareAnswers.ts'
import { type Answer, type AnswerId, answerKeys, answerTitles } from '../../../shared/notebooks.ts'
import { counted } from '../../components/format.ts'
import { Card } from '../../ui/Card.tsx'
import { Badge } from '../../ui/StateDot.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { differenceText, valueText } from './valueText.ts'

interface Row extends ComparedRow {
  readonly at: string
}

interface ComparedCardProps {
  readonly id: AnswerId
  readonly a: Answer
  readonly b: Answer
  /** Rows that say the same in both are left out. */
  readonly onlyDifferent: boolean
}

export function ComparedCard({ id, a, b, onlyDifferent }: ComparedCardProps) {
  const title = answerTitles[id]
  const comparison = compareAnswers(a, b, answerKeys[id])
  const rows = comparison.rows
    .map((row, nth): Row => ({ ...row, at: String(nth) }))
    .filter(({ same }) => !(onlyDifferent && same))
  return (
    <Card title={title}>
      <p className="mb-2 text-sm text-ink-2">
        {comparisonText(comparison)} {isSame(comparison) && `${counted(a.rows.length, 'row')} in each.`}
        {(a.truncated || b.truncated) && ' There are more rows than were told; those are not compared.'}
      </p>
      {!isSame(comparison) && (
        <VirtualTable
          label={`${title}, compared`}
          id={`answers compared ${id}`}
          columns={columnsOf(comparison)}
          rows={rows}
          rowKey={({ at }) => at}
          height="max-h-72"
          empty=""
        />
      )}
    </Card>
  )
}

const stateOf = ({ same, a, b }: ComparedRow): string =>
  same ? 'the same' : a === null ? 'only in the second' : b === null ? 'only in the first' : 'differs'

/** Of a column’s title, px. */
const perLetter = 6.2

const sortOf = (value: unknown) => (typeof value === 'number' || typeof value === 'string' ? value : null)

function columnsOf({ keys, values, rows }: Comparison): Column<Row>[] {
  const numeric = (at: number) => rows.some(({ a, b }) => typeof (a ?? b)?.[at] === 'number')
  const side = (name: string, at: number, of: 'a' | 'b', word: string): Column<Row> => ({
    key: `${name} ${of}`,
    title: `${name}, ${word}`,
    width: `minmax(${Math.round(name.length * perLetter) + 60}px, 1fr)`,
    data: numeric(at),
    ...(numeric(at) ? { align: 'right' as const } : {}),
    sort: (row) => sortOf(row[of]?.[at]),
    cell: (row) => (row[of] === null ? '' : valueText(row[of][at], name)),
  })
  return [
    ...keys.map(
      (name, at): Column<Row> => ({
        key: name,
        title: name,
        width: 'minmax(90px, 1.4fr)',
        sort: ({ key }) => sortOf(key[at]),
        cell: ({ key }) => valueText(key[at], name),
      }),
    ),
    {
      key: 'state',
      title: 'state',
      width: '150px',
      sort: stateOf,
      copy: stateOf,
      cell: (row) =>
        row.same ? (
          <span className="text-ink-2">{stateOf(row)}</span>
        ) : (
          <Badge tone={row.a === null || row.b === null ? 'plain' : 'accent'}>{stateOf(row)}</Badge>
        ),
    },
    ...values.flatMap((name, at) => [side(name, at, 'a', 'first'), side(name, at, 'b', 'second')]),
    {
      key: 'difference',
      title: 'second − first',
      width: '115px',
      align: 'right',
      data: true,
      sort: ({ difference }) => difference,
      cell: ({ difference }) => differenceText(difference),
    },
  ]
}
