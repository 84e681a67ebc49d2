/** A record's key out of its value. */

/** The value of a field on the first level as text; null where there is none. */
export function keyFrom(value: string, field: string): string | null {
  if (field === '') return null
  try {
    const parsed: unknown = JSON.parse(value)
    const found = parsed !== null && typeof parsed === 'object' ? Reflect.get(parsed, field) : undefined
    if (found === undefined || found === null) return null
    return typeof found === 'object' ? JSON.stringify(found) : String(found)
  } catch {
    return null
  }
}
