/** Apache's `.sha512` files: the digest in groups over several lines after the file's name, or as other tools write it. */

/** The 128 hex digits in lower case, or null where the text holds none. */
export function parseApacheSum(text: string): string | null {
  const afterName = text.includes(':') ? text.slice(text.lastIndexOf(':') + 1) : text
  const plain = /\b[0-9a-fA-F]{128}\b/.exec(text)?.[0]
  const digits = plain ?? afterName.replace(/[^0-9a-fA-F]/g, '')
  return digits.length === 128 ? digits.toLowerCase() : null
}
