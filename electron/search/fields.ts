/** A summary of the fields of JSON objects, seen one after the other. */
import type { FieldSummary } from '../../shared/contract/analysis.ts'
import { type Tally, tally } from './tally.ts'

/** Names beyond are only counted: values used as names would fill the memory. */
const mostFields = 100
/** Values counted for each field. */
const keptValues = 1_000
/** Longer values are told apart by their beginning, characters. */
const longest = 200
const shownTop = 10

interface Field {
  present: number
  readonly types: Map<string, number>
  min: number | null
  max: number | null
  readonly values: Tally
}

const typeOf = (value: unknown) => (value === null ? 'null' : Array.isArray(value) ? 'array' : typeof value)

export interface FieldCounter {
  add(value: object): void
  read(): { readonly fields: FieldSummary[]; readonly fieldsLeftOut: number }
}

export function fieldCounter(): FieldCounter {
  const fields = new Map<string, Field>()
  const leftOut = new Set<string>()
  let leftOutFull = false

  const fieldOf = (name: string): Field | null => {
    const known = fields.get(name)
    if (known !== undefined) return known
    if (fields.size >= mostFields) {
      if (leftOut.size < 10_000) leftOut.add(name)
      else leftOutFull = true
      return null
    }
    const field = { present: 0, types: new Map(), min: null, max: null, values: tally(keptValues) }
    fields.set(name, field)
    return field
  }

  return {
    add(value) {
      for (const [name, each] of Object.entries(value)) {
        const field = fieldOf(name)
        if (field === null) continue
        const type = typeOf(each)
        field.present += 1
        field.types.set(type, (field.types.get(type) ?? 0) + 1)
        if (type === 'number') {
          field.min = Math.min(field.min ?? each, each)
          field.max = Math.max(field.max ?? each, each)
        }
        if (type !== 'object' && type !== 'array') field.values.add(String(each).slice(0, longest))
      }
    },
    read: () => ({
      fields: [...fields]
        .map(([name, { present, types, min, max, values }]) => ({
          name,
          present,
          types: [...types].map(([type, count]) => ({ type, count })).sort((a, b) => b.count - a.count),
          min,
          max,
          ...values.distinct(),
          ...values.top(shownTop),
        }))
        .sort((a, b) => b.present - a.present),
      fieldsLeftOut: leftOut.size + (leftOutFull ? 1 : 0),
    }),
  }
}
