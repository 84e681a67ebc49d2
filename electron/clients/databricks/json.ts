/** JSON as Databricks writes it: ids have 64 bits, more than a number here holds, so they travel as decimal text. */

/** Ends of the keys whose whole numbers are ids. */
const isId = /(?:^|_)id$/

interface Source {
  readonly source?: string
}

/** Throws SyntaxError. Whole numbers of ids become text. */
export function parseJson(text: string): unknown {
  const revive = (key: string, value: unknown, context?: Source) =>
    typeof value === 'number' && isId.test(key) ? (context?.source ?? String(value)) : value
  return JSON.parse(text, revive as (key: string, value: unknown) => unknown)
}

/** The numbers-as-text of `idNumber` go out as numbers. */
export const idNumber = (id: string): unknown => (JSON as unknown as Raw).rawJSON(id)

/** Of ECMAScript's "JSON.parse source text access", in Node.js since 21; the type library does not have it yet. */
interface Raw {
  rawJSON(text: string): unknown
}
