/** Takes what looks like a secret out of a text before it reaches a log, a page or a file. */

const redacted = '[REDACTED]'

/** What a secret looks like by its own form, and by the name before it (facts: peers 52 to 60). */
const patterns: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, redacted],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, redacted],
  [/\bdapi[0-9a-f]{32}(?:-\d+)?\b/g, redacted],
  [/\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*/g, redacted],
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${redacted}`],
  [/\/\/([^/\s:@]+):[^/\s@]+@/g, `//$1:${redacted}@`],
  [
    /(["']?(?:[\w.-]*(?:password|passwd|secret|passphrase|token|api[_-]?key|access[_-]?key|credential)[\w.-]*|pwd)["']?\s*[:=]\s*)(?:"(?:\\.|[^"\\])*"|'[^']*'|[^\s,;}&]+)/gi,
    `$1${redacted}`,
  ],
]

/** The text without anything that looks like a secret, nor any of the `known` values. */
export function redact(text: string, known: Iterable<string> = []): string {
  let clean = text
  for (const value of known) if (value.length >= 4) clean = clean.replaceAll(value, redacted)
  for (const [pattern, replacement] of patterns) clean = clean.replace(pattern, replacement)
  return clean
}
