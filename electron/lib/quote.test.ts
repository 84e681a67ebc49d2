import { execFileSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { quote, quoteAll } from './quote.ts'

/** What a real shell makes of the text: each word, NUL-separated. */
const asSeen = (shell: string, text: string) =>
  execFileSync(shell, ['-c', `printf '%s\\0' ${text}`])
    .toString('utf8')
    .split('\0')
    .slice(0, -1)

const hostile = [
  '',
  ' ',
  '-rf',
  "it's",
  "'; rm -rf / #",
  '$(id)',
  '`id`',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell must not take it for a variable
  '${HOME}',
  '!!',
  'a\nb',
  'a\\',
  '"',
  '*',
  '~',
  'ü 漢字 🙂',
  '\u202e',
  '\t',
]

describe('a quoted word', () => {
  it.each(['sh', 'bash'])('is what it was for %s, whatever stands in it', (shell) => {
    expect(asSeen(shell, quoteAll(hostile))).toEqual(hostile)
  })

  it('is so for random text, too', () => {
    const words = Array.from({ length: 200 }, () =>
      [...randomBytes(12)].map((byte) => String.fromCharCode(1 + (byte % 127))).join(''),
    )
    expect(asSeen('bash', quoteAll(words))).toEqual(words)
  })

  it('stays readable where nothing needs quoting, and refuses what cannot be said', () => {
    expect(quote('/opt/kafka_2.13-4.3.1/bin')).toBe('/opt/kafka_2.13-4.3.1/bin')
    expect(() => quote('a\0b')).toThrow(RangeError)
  })
})
