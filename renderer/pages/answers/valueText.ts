/** Values of answers as a person reads them. */
import { unknown } from '../../components/format.ts'

/** A year is no amount: it is not grouped. */
const isYear = (column: string) => /(^|_)year$/.test(column)

/** `92000.5` → "92,000.5"; nothing is a dash. */
export function valueText(value: unknown, column: string): string {
  if (value === null || value === undefined) return unknown
  if (typeof value === 'number')
    return isYear(column) ? String(value) : value.toLocaleString('en-US', { maximumFractionDigits: 2 })
  return typeof value === 'string' ? value : JSON.stringify(value)
}

/** "+1,200", "−3", "0". */
export function differenceText(value: number | null): string {
  if (value === null) return unknown
  const text = Math.abs(value).toLocaleString('en-US', { maximumFractionDigits: 2 })
  return value > 0 ? `+${text}` : value < 0 ? `−${text}` : text
}

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 })

/** "309K": for a chart, beside which the table has the whole number. */
export const shortNumber = (value: number): string => compact.format(value)
