/** Reads `known_hosts` as sshd(8) describes it: hashed names, ports, wildcards, @revoked, several keys of a host. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { hostKeyOf } from './fingerprint.ts'
import type { HostKey } from './types.ts'

interface Line {
  readonly revoked: boolean
  /** The comma-separated names. */
  readonly names: string
  readonly blob: Buffer
}

export interface Known {
  /** `changed` also where the host shows a key of another algorithm than those that are known of it. */
  readonly verdict: 'match' | 'changed' | 'revoked' | 'unknown'
  /** What is known of the host. */
  readonly keys: readonly HostKey[]
}

/** Lines that can be used; others (comments, certificate authorities, which ssh2 does not know, damaged ones) are left out. */
function linesOf(text: string): Line[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const words = line.trim().split(/\s+/)
    const marker = words[0]?.startsWith('@') ? words.shift() : undefined
    const [names, algorithm, base64] = words
    if (names === undefined || names.startsWith('#') || algorithm === undefined || base64 === undefined)
      return []
    if (marker !== undefined && marker !== '@revoked') return []
    const blob = Buffer.from(base64, 'base64')
    if (hostKeyOf(blob).algorithm !== algorithm) return []
    return [{ revoked: marker === '@revoked', names, blob }]
  })
}

/** As OpenSSH writes it: the port only where it is not 22. */
const nameOf = (host: string, port: number) =>
  port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`

function names(line: Line, name: string): boolean {
  if (line.names.startsWith('|')) {
    const [, kind, salt = '', sum = ''] = line.names.split('|')
    if (kind !== '1') return false
    const wanted = Buffer.from(sum, 'base64')
    const made = createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest()
    return made.length === wanted.length && timingSafeEqual(made, wanted)
  }
  const patterns = line.names.toLowerCase().split(',')
  if (patterns.some((pattern) => pattern.startsWith('!') && fits(pattern.slice(1), name))) return false
  return patterns.some((pattern) => !pattern.startsWith('!') && fits(pattern, name))
}

/** `*` and `?`, walked without backtracking over more than the last star: a hostile file cannot make it slow. */
function fits(pattern: string, name: string): boolean {
  let p = 0
  let n = 0
  let star = -1
  let mark = 0
  while (n < name.length) {
    if (p < pattern.length && (pattern[p] === '?' || (pattern[p] === name[n] && pattern[p] !== '*'))) {
      p += 1
      n += 1
    } else if (pattern[p] === '*') {
      star = p
      mark = n
      p += 1
    } else if (star >= 0) {
      p = star + 1
      mark += 1
      n = mark
    } else return false
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}

/** What a host is known by; empty where it is not known. */
export function knownKeys(text: string, host: string, port: number): HostKey[] {
  const name = nameOf(host, port)
  return linesOf(text)
    .filter((line) => !line.revoked && names(line, name))
    .map((line) => hostKeyOf(line.blob))
}

/** What the file says about the key a host has shown. */
export function lookUp(text: string, host: string, port: number, shown: HostKey): Known {
  const name = nameOf(host, port)
  const about = linesOf(text).filter((line) => names(line, name))
  const keys = about.filter((line) => !line.revoked).map((line) => hostKeyOf(line.blob))
  const same = (line: Line) => hostKeyOf(line.blob).sha256 === shown.sha256
  if (about.some((line) => line.revoked && same(line))) return { verdict: 'revoked', keys }
  if (keys.some((key) => key.sha256 === shown.sha256)) return { verdict: 'match', keys }
  return { verdict: keys.length > 0 ? 'changed' : 'unknown', keys }
}
