/** A field's summary in the words of a table. */
import type { FieldSummary } from '../../../shared/contract/analysis.ts'
import { count, unknown } from '../../components/format.ts'

const short = (value: string) => (value.length > 40 ? `${value.slice(0, 40)}…` : value)

export const fieldWords = {
  types: ({ types }: FieldSummary) => types.map(({ type }) => type).join(', '),
  distinct: ({ distinct, distinctExact }: FieldSummary) =>
    distinctExact ? count(distinct) : `≥ ${count(distinct)}`,
  range: ({ min, max }: FieldSummary) => (min === null || max === null ? unknown : `${min}, ${max}`),
  /** Nothing where every value is different: the first few would only seem to matter. */
  top: ({ top, topError }: FieldSummary) =>
    (top[0]?.count ?? 0) - topError <= 1
      ? 'all about equally often'
      : top
          .slice(0, 4)
          .map(({ value, count: times }) => `${short(value)} (${topError > 0 ? '≤ ' : ''}${count(times)})`)
          .join(', '),
}
