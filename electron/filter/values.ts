/** What an expression may do with values: every access is to a value's own, so that no prototype is ever reached. */

/** The expression does not fit this message; the message is then not wanted. */
export class Misfit extends Error {}

export function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'an array' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** A member; undefined where there is none, also of null and undefined. */
export function member(of: unknown, key: unknown): unknown {
  if (typeof of === 'string' || Array.isArray(of)) {
    if (key === 'length') return of.length
    const at = typeof key === 'number' ? key : /^\d+$/.test(String(key)) ? Number(key) : -1
    return Number.isInteger(at) && at >= 0 ? of[at] : undefined
  }
  if (!isObject(of) || of instanceof RegExp) return undefined
  const name = plain(key, 'a key')
  return Object.hasOwn(of, String(name)) ? Reflect.get(of, String(name)) : undefined
}

/** As in JavaScript, but for objects and arrays, which are equal only to themselves. */
export function looselyEqual(a: unknown, b: unknown): boolean {
  // biome-ignore lint/suspicious/noDoubleEquals: this is the operator itself
  return isObject(a) || isObject(b) ? a === b : a == b
}

/** Text, number, truth, null or undefined: what operators work on. Throws Misfit for the rest. */
export function plain(value: unknown, what: string): string | number | bigint | boolean | null | undefined {
  if (isObject(value) || typeof value === 'function') throw new Misfit(`${what} must not be ${kindOf(value)}`)
  return value as string | number | bigint | boolean | null | undefined
}

/** Both as what the operators compare and add; the two kinds of number meet as in JavaScript. */
export function operands(a: unknown, b: unknown, operator: string): readonly [number, number] {
  // Typed as numbers for the compiler only: JavaScript's operators take each of the plain kinds.
  return [plain(a, `what stands at ${operator}`) as number, plain(b, `what stands at ${operator}`) as number]
}
