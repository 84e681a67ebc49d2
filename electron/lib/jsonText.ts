/** JSON that may be none: what somebody else wrote or sent, to be looked at by a schema. */

/** Null where it is no JSON, which no schema of an object takes. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
