/** Whether what was read back is what was sent. */
import { checksum } from '../journal/format.ts'

/**
 * The checksums by which stored content is recognised: of the bytes as they are, and of the same JSON printed as we print
 * it, since a real REST proxy parses a value and writes numbers and spaces its own way. The second only when needed.
 */
export function recognise(
  content: Uint8Array | null,
  expected: (checksum: number) => boolean,
): number | null {
  if (content === null) return null
  const plain = checksum(content)
  if (expected(plain)) return plain
  const printed = reprint(content)
  if (printed === null) return null
  const other = checksum(printed)
  return expected(other) ? other : null
}

function reprint(content: Uint8Array): string | null {
  try {
    return JSON.stringify(JSON.parse(Buffer.from(content).toString('utf8')))
  } catch {
    return null
  }
}
