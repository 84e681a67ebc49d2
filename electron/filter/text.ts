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
  const matches = ({ value, key, headers }: FilterMessage) =>
    holds(value) ||
    holds(key) ||
    headers.some((header) => holds(header.value) || holds(Buffer.from(header.name)))
  // Beyond ASCII, how a character is folded may depend on what stands beside it.
  return caseSensitive || isAscii(text) ? Object.assign(matches, { mayBeIn: holds }) : matches
}

const isAscii = (text: string) => /^[\x20-\x7e]*$/.test(text)

function exact(text: string): Holds {
  const needle = Buffer.from(text)
  return (bytes) => bytes?.includes(needle) === true
}

/** Without regard to upper and lower case. */
function folded(text: string): Holds {
  const needle = text.toLowerCase()
  const hasCase = needle !== text.toUpperCase()
  if (!hasCase) return exact(text)
  if (isAscii(text)) {
    // One byte a character leaves ASCII as it is, and no other byte is the other case of an ASCII letter. A pattern
    // passes over the bytes five times as fast as they are folded (0.14 and 0.69 µs for 300 bytes).
    const pattern = new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'), 'i')
    return (bytes) => bytes !== null && pattern.test(bytes.toString('latin1'))
  }
  return (bytes) => bytes?.toString('utf8').toLowerCase().includes(needle) === true
}
