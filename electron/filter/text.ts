/** Searching for a text in key, value and headers, on the bytes: decoding every message would cost more than reading it. */
import type { FilterMessage, MessageFilter } from './message.ts'

/** True where the bytes hold the text. */
type Holds = (bytes: Buffer | null) => boolean

/** An empty text is in everything. */
export function compileText(
  text: string,
  { caseSensitive = false }: { readonly caseSensitive?: boolean } = {},
): MessageFilter {
  const holds = caseSensitive ? exact(text) : folded(text)
  return ({ value, key, headers }: FilterMessage) =>
    holds(value) ||
    holds(key) ||
    headers.some((header) => holds(header.value) || holds(Buffer.from(header.name)))
}

function exact(text: string): Holds {
  const needle = Buffer.from(text)
  return (bytes) => bytes?.includes(needle) === true
}

/** Without regard to upper and lower case. */
function folded(text: string): Holds {
  const needle = text.toLowerCase()
  const hasCase = needle !== text.toUpperCase()
  if (!hasCase) return exact(text)
  // One byte a character leaves ASCII as it is, and folding it turns no other byte into ASCII.
  const ascii = /^[\x20-\x7e]*$/.test(needle)
  const encoding = ascii ? 'latin1' : 'utf8'
  return (bytes) => bytes?.toString(encoding).toLowerCase().includes(needle) === true
}
