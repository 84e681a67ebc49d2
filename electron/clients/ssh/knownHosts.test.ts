import { createHmac } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { hostKeyOf } from './fingerprint.ts'
import { algorithmOrder, judge } from './hostKey.ts'
import { lookUp } from './knownHosts.ts'

/** A blob as SSH writes a public key; the rest may be anything. */
function blob(algorithm: string, rest: string): Buffer {
  const name = Buffer.from(algorithm)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(name.length)
  return Buffer.concat([length, name, Buffer.from(rest)])
}
const ed = blob('ssh-ed25519', 'one')
const rsa = blob('ssh-rsa', 'two')
const other = blob('ssh-ed25519', 'three')
const line = (names: string, key: Buffer, marker = '') =>
  `${marker}${names} ${hostKeyOf(key).algorithm} ${key.toString('base64')} a comment`
const hashed = (name: string) => {
  const salt = Buffer.from('0123456789abcdef0123')
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`
}
const verdict = (text: string, key = ed, host = 'box.example', port = 22) =>
  lookUp(text, host, port, hostKeyOf(key)).verdict

describe('known_hosts', () => {
  it.each([
    ['an empty file', '', 'unknown'],
    [
      'a comment, a damaged line, a certificate authority',
      `# x\nbox.example\n${line('*', ed, '@cert-authority ')}`,
      'unknown',
    ],
    ['the host', line('box.example', ed), 'match'],
    ['the host in other letters, with its address', line('BOX.example,10.0.0.1', ed), 'match'],
    ['the host, hashed', line(hashed('box.example'), ed), 'match'],
    ['another host, hashed', line(hashed('bix.example'), ed), 'unknown'],
    ['a wildcard', line('*.example', ed), 'match'],
    ['a question mark', line('b?x.example', ed), 'match'],
    ['a wildcard that leaves it out', line('*.example,!box.*', ed), 'unknown'],
    ['another port', line('[box.example]:2222', ed), 'unknown'],
    ['another key', line('box.example', other), 'changed'],
    ['a key of another algorithm only', line('box.example', rsa), 'changed'],
    ['several, one of which fits', `${line('box.example', rsa)}\r\n${line('box.example', ed)}`, 'match'],
    ['a key that says it is of another algorithm', `box.example ssh-rsa ${ed.toString('base64')}`, 'unknown'],
    [
      'a revoked key, whatever else stands there',
      `${line('box.example', ed)}\n${line('*', ed, '@revoked ')}`,
      'revoked',
    ],
    ['another one revoked', line('*', other, '@revoked '), 'unknown'],
  ])('%s', (_name, text, wanted) => {
    expect(verdict(text)).toBe(wanted)
  })

  it('writes another port in brackets', () => {
    expect(verdict(line('[box.example]:2222', ed), ed, 'box.example', 2222)).toBe('match')
    expect(verdict(line(hashed('[box.example]:2222'), ed), ed, 'box.example', 2222)).toBe('match')
    expect(verdict(line('box.example', ed), ed, 'box.example', 2222)).toBe('unknown')
  })

  it('is not slowed down by a hostile pattern', () => {
    // With backtracking over each star this would not end.
    expect(verdict(line(`${'*a'.repeat(5_000)}b`, ed), ed, 'a'.repeat(5_000))).toBe('unknown')
  })
})

describe('a host key', () => {
  const at = (pinned: Buffer | null, knownHosts: string, shown: Buffer) =>
    judge({ pinned: pinned && hostKeyOf(pinned), knownHosts }, 'box.example', 22, hostKeyOf(shown))?.code
  it('that is pinned counts alone, unless it is revoked', () => {
    expect(at(ed, '', ed)).toBeUndefined()
    expect(at(ed, line('box.example', other), ed)).toBeUndefined()
    expect(at(ed, line('box.example', other), other)).toBe('SSH_HOST_KEY_CHANGED')
    expect(at(ed, line('box.example', ed, '@revoked '), ed)).toBe('SSH_HOST_KEY_REVOKED')
    expect(at(null, '', ed)).toBe('SSH_HOST_KEY_UNKNOWN')
  })
  it('is asked for by the algorithm that is known, and never by SHA-1', () => {
    const policy = { pinned: null, knownHosts: line('box.example', rsa) }
    expect(algorithmOrder(policy, 'box.example', 22).slice(0, 3)).toEqual([
      'rsa-sha2-512',
      'rsa-sha2-256',
      'ssh-ed25519',
    ])
    expect(algorithmOrder(policy, 'box.example', 22)).not.toContain('ssh-rsa')
  })
})
