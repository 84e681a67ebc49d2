/** Bytes of a key or body as the page shows them: raw bytes, text, hex lines, and the flat lines of a JSON tree. */
import type { Bytes } from '../../../shared/contract/base.ts'

/** The bytes that arrived (all, or the beginning). */
export function rawBytes({ encoding, data }: Bytes): Uint8Array {
  if (encoding === 'utf8') return new TextEncoder().encode(data)
  const binary = atob(data)
  return Uint8Array.from(binary, (char) => char.charCodeAt(0))
}

export interface HexLine {
  readonly offset: string
  readonly hex: string
  readonly text: string
}

const width = 16

/** Sixteen bytes a line, as every hex viewer has it. */
export function hexLines(bytes: Uint8Array): HexLine[] {
  return Array.from({ length: Math.ceil(bytes.length / width) }, (_, line) => {
    const part = [...bytes.subarray(line * width, (line + 1) * width)]
    return {
      offset: (line * width).toString(16).padStart(8, '0'),
      hex: part.map((byte) => byte.toString(16).padStart(2, '0')).join(' '),
      text: part.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join(''),
    }
  })
}

/** The value of JSON text, or undefined where it is none. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return undefined
  }
}

export interface TreeLine {
  /** Unique, and the way to it: `$.a[2].b`. */
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
  return typeof value as TreeLine['kind']
}

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`

/** The lines in view; what stands in `folded` hides what is inside it. */
export function treeLines(root: unknown, folded: ReadonlySet<string>): TreeLine[] {
  const lines: TreeLine[] = []
  const visit = (value: unknown, name: string | null, path: string, depth: number): void => {
    const kind = kindOf(value)
    const children: (readonly [string, unknown, string])[] =
      kind === 'array'
        ? (value as unknown[]).map((item, index) => [String(index), item, `${path}[${index}]`])
        : kind === 'object'
          ? Object.entries(value as object).map(([key, item]) => [key, item, `${path}.${key}`])
          : []
    const nested = kind === 'array' || kind === 'object'
    const text = !nested
      ? JSON.stringify(value)
      : kind === 'array'
        ? counted(children.length, 'item')
        : counted(children.length, 'field')
    lines.push({ path, depth, name, kind, text, folds: children.length > 0 })
    if (folded.has(path)) return
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
