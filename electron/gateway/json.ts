/**
 * Cuts values out of JSON text without changing them: big integers, escapes and duplicate names arrive as they were sent.
 * The text is first checked by the engine's own parser, so that the cutting below may trust it.
 */
import { isUtf8 } from 'node:buffer'

/** Jackson's limit, which the real proxy has too; without one, readers further down meet a full stack. */
const maxDepth = 1_000

const quote = 0x22
const backslash = 0x5c

/** A fault of the text itself; each API has its own way to say it. */
export class JsonFault extends Error {}

/** The body as text that is known to be JSON. Throws JsonFault with a sentence. */
export function checkedText(body: Buffer): string {
  if (!isUtf8(body)) throw new JsonFault('The body is not valid UTF-8.')
  const decoded = body.toString('utf8')
  const text = decoded.charCodeAt(0) === 0xfeff ? decoded.slice(1) : decoded
  try {
    JSON.parse(text)
  } catch (error) {
    throw new JsonFault(describe(error))
  }
  return text
}

/** The engine quotes the whole text in some messages; an answer gets the reason only. */
function describe(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  return message.replace(/,? *(\.\.\.)?".*" is not valid JSON$/s, ': not valid JSON').slice(0, 200)
}

export type JsonKind = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null'

/** What the value that begins at `at` is. */
export function kindAt(text: string, at: number): JsonKind {
  switch (text[at]) {
    case '{':
      return 'object'
    case '[':
      return 'array'
    case '"':
      return 'string'
    case 't':
    case 'f':
      return 'boolean'
    case 'n':
      return 'null'
    default:
      return 'number'
  }
}

/** Where the text's one value begins. */
export function start(text: string): number {
  return afterSpace(text, 0)
}

/** Calls `visit` with each member's name and where its value begins; it answers where the value ends. */
export function eachMember(
  text: string,
  at: number,
  visit: (name: string, valueAt: number) => number,
): number {
  let here = afterSpace(text, at + 1)
  while (text[here] === '"') {
    const nameEnd = endOfString(text, here)
    const name = stringOf(text, here, nameEnd)
    here = afterSpace(text, visit(name, afterSpace(text, afterSpace(text, nameEnd) + 1)))
    if (text[here] === ',') here = afterSpace(text, here + 1)
  }
  return here + 1
}

/** Calls `visit` with where each item begins; it answers where the item ends. */
export function eachItem(text: string, at: number, visit: (itemAt: number) => number): number {
  let here = afterSpace(text, at + 1)
  while (text[here] !== ']') {
    here = afterSpace(text, visit(here))
    if (text[here] === ',') here = afterSpace(text, here + 1)
  }
  return here + 1
}

export interface Cut {
  /** The value's own text without the white space between its parts, so on one line. */
  readonly json: string
  readonly end: number
}

/** The value that begins at `at`, as it was written. Throws JsonFault where it is nested deeper than 1,000. */
export function cut(text: string, at: number): Cut {
  const first = text.charCodeAt(at)
  if (first === quote) {
    const end = endOfString(text, at)
    return { json: text.slice(at, end), end }
  }
  if (first !== 0x7b && first !== 0x5b) {
    const end = endOfScalar(text, at)
    return { json: text.slice(at, end), end }
  }
  let pieces = ''
  let pieceAt = at
  let depth = 0
  let here = at
  for (;;) {
    const code = text.charCodeAt(here)
    if (code === quote) {
      here = endOfString(text, here)
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1
      if (depth > maxDepth)
        throw new JsonFault(`Document nesting depth exceeds the maximum allowed (${maxDepth}).`)
      here += 1
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1
      here += 1
      if (depth === 0) return { json: pieces + text.slice(pieceAt, here), end: here }
    } else if (isSpace(code)) {
      pieces += text.slice(pieceAt, here)
      here = afterSpace(text, here)
      pieceAt = here
    } else {
      here += 1
    }
  }
}

/** The decoded string between two quotes. */
export function stringOf(text: string, at: number, end: number): string {
  const inner = text.slice(at + 1, end - 1)
  return inner.includes('\\') ? (JSON.parse(text.slice(at, end)) as string) : inner
}

function endOfString(text: string, at: number): number {
  let here = at
  for (;;) {
    here = text.indexOf('"', here + 1)
    let before = here - 1
    while (text.charCodeAt(before) === backslash) before -= 1
    if ((here - before) % 2 === 1) return here + 1
  }
}

function endOfScalar(text: string, at: number): number {
  let here = at
  while (here < text.length) {
    const code = text.charCodeAt(here)
    if (code === 0x2c || code === 0x7d || code === 0x5d || isSpace(code)) break
    here += 1
  }
  return here
}

function afterSpace(text: string, at: number): number {
  let here = at
  while (isSpace(text.charCodeAt(here))) here += 1
  return here
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09
}
