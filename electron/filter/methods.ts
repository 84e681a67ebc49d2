/** The methods and functions an expression may call; nothing else can be called. */
import { kindOf, Misfit, plain } from './values.ts'

type Call = (args: readonly unknown[]) => unknown
type Method<Self> = (self: Self, args: readonly unknown[]) => unknown
/** What an arrow function of the expression becomes. */
export type Arrow = (item: unknown, index: number) => unknown

const text = (value: unknown): string => String(plain(value, 'an argument'))
const number = (value: unknown): number | undefined =>
  value === undefined ? undefined : Number(plain(value, 'an argument'))
const arrow = (value: unknown): Arrow => {
  if (typeof value !== 'function') throw new Misfit('a function such as x => x.name is needed here')
  return value as Arrow
}

const ofText: Readonly<Record<string, Method<string>>> = {
  includes: (self, [a]) => self.includes(text(a)),
  startsWith: (self, [a]) => self.startsWith(text(a)),
  endsWith: (self, [a]) => self.endsWith(text(a)),
  indexOf: (self, [a]) => self.indexOf(text(a)),
  toLowerCase: (self) => self.toLowerCase(),
  toUpperCase: (self) => self.toUpperCase(),
  trim: (self) => self.trim(),
  slice: (self, [a, b]) => self.slice(number(a), number(b)),
  split: (self, [a]) => self.split(text(a)),
  at: (self, [a]) => self.at(number(a) ?? 0),
  match: (self, [a]) => {
    if (a instanceof RegExp) return self.match(a)
    throw new Misfit('match takes a regular expression such as /a+/')
  },
}

const ofArray: Readonly<Record<string, Method<readonly unknown[]>>> = {
  includes: (self, [a]) => self.includes(a),
  indexOf: (self, [a]) => self.indexOf(a),
  join: (self, [a]) =>
    self.map((item) => String(plain(item, 'an item'))).join(a === undefined ? ',' : text(a)),
  slice: (self, [a, b]) => self.slice(number(a), number(b)),
  at: (self, [a]) => self.at(number(a) ?? 0),
  some: (self, [a]) => self.some(arrow(a)),
  every: (self, [a]) => self.every(arrow(a)),
  filter: (self, [a]) => self.filter(arrow(a)),
  find: (self, [a]) => self.find(arrow(a)),
  map: (self, [a]) => self.map(arrow(a)),
}

const ofNumber: Readonly<Record<string, Method<number>>> = {
  toFixed: (self, [a]) => self.toFixed(number(a)),
}

const ofRegExp: Readonly<Record<string, Method<RegExp>>> = {
  test: (self, [a]) => self.test(text(a)),
}

/** For the error that lists what there is. */
export const methodNames: readonly string[] = [
  ...new Set([ofText, ofArray, ofNumber, ofRegExp].flatMap((table) => Object.keys(table))),
].sort()

/** Those whose argument is an arrow function. */
export const takesArrow: ReadonlySet<string> = new Set(['some', 'every', 'filter', 'find', 'map'])

/** Calls a method of a value; undefined where there is no value. Throws Misfit. */
export function callMethod(self: unknown, name: string, args: readonly unknown[]): unknown {
  if (self === null || self === undefined) return undefined
  const method = tableOf(self)?.[name] as Method<unknown> | undefined
  if (method === undefined) throw new Misfit(`${name} is not for ${kindOf(self)}`)
  return method(self, args)
}

function tableOf(self: unknown) {
  if (typeof self === 'string') return ofText
  if (typeof self === 'number') return ofNumber
  if (Array.isArray(self)) return ofArray
  return self instanceof RegExp ? ofRegExp : undefined
}

const maths =
  (work: (...numbers: number[]) => number): Call =>
  (args) =>
    work(...args.map((each) => Number(plain(each, 'an argument'))))

/** By their whole name. */
export const functions: Readonly<Record<string, Call>> = {
  Number: ([a]) => Number(plain(a, 'an argument')),
  String: ([a]) => text(a),
  'Date.parse': ([a]) => Date.parse(text(a)),
  'Math.abs': maths(Math.abs),
  'Math.ceil': maths(Math.ceil),
  'Math.floor': maths(Math.floor),
  'Math.max': maths(Math.max),
  'Math.min': maths(Math.min),
  'Math.round': maths(Math.round),
}
