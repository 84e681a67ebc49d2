import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { javaScript, moreScript, parseJavas, withMore } from './factsCommands.ts'

const answer = `id=amzn
name=ip-10-0-0-7
limit=max
address=10.0.0.7
tool=dnf
tool=systemctl
`
const facts = {
  os: 'Amazon Linux 2023.6',
  arch: 'x86_64',
  memoryMiB: 3_918,
  diskMiB: 8_192,
  diskFreeMiB: 6_144,
  skewMs: 12,
  user: 'ec2-user',
  sudo: 'free',
} as const

describe('facts of a host', () => {
  it('are read from its answer', () => {
    const more = { id: 'amzn', name: 'ip-10-0-0-7', address: '10.0.0.7', tools: ['dnf', 'systemctl'] }
    expect(withMore(facts, answer)).toEqual({ ...facts, ...more })
  })

  it('go by the limit of the container where there is one', () => {
    const limited = (limit: string) =>
      withMore(facts, answer.replace('limit=max', `limit=${limit}`))?.memoryMiB
    expect(limited('1073741824')).toBe(1_024)
    expect(limited('9223372036854771712')).toBe(3_918)
  })

  it('are none where something else answers', () => {
    expect(withMore(facts, 'This account is currently not available.')).toBe(null)
  })

  it('can be asked of the shell of this computer', () => {
    expect(withMore(facts, execFileSync('sh', ['-c', moreScript]).toString())?.id).not.toBe('')
  })
})

describe('Java on a host', () => {
  it('is read with its version, in the order of the answer', () => {
    const text = [
      '/usr/lib/jvm/java-8/jre/bin/java\topenjdk version "1.8.0_412"',
      '/usr/lib/jvm/java-17/bin/java\topenjdk version "17.0.15" 2025-04-15',
      '/usr/lib/jvm/java-21/bin/java\topenjdk version "21" 2023-09-19',
    ].join('\n')
    expect(parseJavas(text)).toEqual([
      { program: '/usr/lib/jvm/java-8/jre/bin/java', major: 8, version: '1.8.0_412' },
      { program: '/usr/lib/jvm/java-17/bin/java', major: 17, version: '17.0.15' },
      { program: '/usr/lib/jvm/java-21/bin/java', major: 21, version: '21' },
    ])
    expect(parseJavas('')).toEqual([])
  })
})

it.each([
  ['facts', moreScript],
  ['java', javaScript],
])('the script for %s is one that bash can read', (_name, script) => {
  execFileSync('bash', ['-n', '-c', script])
})
