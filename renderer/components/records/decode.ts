/** Bytes of a key or body as the page shows them: raw bytes, text, hex lines, and the flat lines of a JSON tree. */
import type { Bytes } from '../../../shared/contract/base.ts'

/** The bytes that arrived (all, or the beginning). */
export function rawBytes({ encoding, data }: Bytes): Uint8Array {
  if (encoding === 'utf8') return new TextEncoder().encode(data)
  const binary = atob(data)
  const bytes = new Uint8Array(binary.length)
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = binary.charCodeAt(at)
  return bytes
}

/** At most the first `most` of them, without decoding the rest. */
export function firstBytes({ encoding, data, ...rest }: Bytes, most: number): Uint8Array {
  // Four characters of base64 are three bytes; a character of text is one byte or more.
  const enough = encoding === 'utf8' ? most : Math.ceil(most / 3) * 4
  return rawBytes({ encoding, data: data.slice(0, enough), ...rest }).subarray(0, most)
}

export interface HexLine {
  readonly offset: string
  readonly hex: string
  readonly text: string
}

const width = 16

/** Sixteen bytes a line, as every hex viewer has it; no more than `most` lines. */
export function hexLines(bytes: Uint8Array, most = Number.POSITIVE_INFINITY): HexLine[] {
  return Array.from({ length: Math.min(most, Math.ceil(bytes.length / width)) }, (_, line) => {
    const part = [...bytes.subarray(line * width, (line + 1) * width)]
    return {
      offset: (line * width).toString(16).padStart(8, '0'),
      hex: part.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
    }
  })
}

/** A number with more digits than a double keeps, as it was written. */
class ExactNumber {
  readonly source: string
  constructor(source: string) {
    this.source = source
  }
}

/** The third argument of a reviver is newer than the types: https://tc39.es/proposal-json-parse-with-source/ */
type Reviver = (key: string, value: unknown, context?: { readonly source?: string }) => unknown

const exactly: Reviver = (_key, value, context) =>
  typeof value === 'number' && context?.source !== undefined && /\d{16}/.test(context.source)
    ? new ExactNumber(context.source)
    : value

/** The value of JSON text, or undefined where it is none. Numbers of 16 digits and more keep all of them. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text, /\d{16}/.test(text) ? exactly : undefined) as unknown }
  } catch {
    return undefined
  }
}

export interface TreeLine {
  /** Unique, and the way to it: `$.a[2]["b c"]`. */
  readonly path: string
  readonly depth: number
  /** Null for the root. */
  readonly name: string | null
  readonly kind: 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'
  /** What is shown: a value, or how many are inside. */
  readonly text: string
  readonly folds: boolean
}

function kindOf(value: unknown): TreeLine['kind'] {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (value instanceof ExactNumber) return 'number'
  return typeof value as TreeLine['kind']
}

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`

/** What is nested deeper is counted and not opened: no person follows it, and the call stack would end. */
const deepest = 200

const isName = /^[A-Za-z_$][\w$]*$/

type Child = readonly [name: string, value: unknown, path: string]

function childrenOf(value: unknown, path: string): readonly Child[] {
  if (Array.isArray(value)) return value.map((item, index) => [String(index), item, `${path}[${index}]`])
  if (typeof value !== 'object' || value === null || value instanceof ExactNumber) return []
  return Object.entries(value).map(([key, item]) => [
    key,
    item,
    isName.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`,
  ])
}

/** Of a text longer than this only the beginning stands in the tree. */
const longest = 10_000

function scalar(value: unknown): string {
  if (value instanceof ExactNumber) return value.source
  const text = JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** The lines in view, at most `most`; what stands in `folded` hides what is inside it. */
export function treeLines(
  root: unknown,
  folded: ReadonlySet<string>,
  most = Number.POSITIVE_INFINITY,
): TreeLine[] {
  const lines: TreeLine[] = []
  const visit = (value: unknown, name: string | null, path: string, depth: number): void => {
    if (lines.length >= most) return
    const kind = kindOf(value)
    const children = childrenOf(value, path)
    const nested = kind === 'array' || kind === 'object'
    const text = !nested
      ? scalar(value)
      : kind === 'array'
        ? counted(children.length, 'item')
        : counted(children.length, 'field')
    const folds = children.length > 0 && depth < deepest
    lines.push({ path, depth, name, kind, text, folds })
    if (!folds || folded.has(path)) return
    for (const [key, item, childPath] of children) visit(item, key, childPath, depth + 1)
  }
  visit(root, null, '$', 0)
  return lines
}

/** One line for a list: text as it is, anything else said in words. */
export function inline(bytes: Bytes | null): string {
  if (bytes === null) return 'null'
  if (bytes.encoding === 'base64') return `${bytes.size} bytes, not text`
  return bytes.data
}

/** More than the widest cell shows, characters: the browser would lay out all of a longer text before it cuts it. */
const cellChars = 400

/** The same for a cell of a table: the beginning is all that is seen of it. */
export function inCell(bytes: Bytes | null): string {
  return inline(bytes).slice(0, cellChars)
}
