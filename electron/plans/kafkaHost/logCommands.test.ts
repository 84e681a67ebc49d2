import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { plainText } from '../../clients/ssh/lines.ts'
import { type LogFrom, logScript, parseEntry } from './logCommands.ts'

const both = ['kafka', 'gateway'] as const
const entry = (over: Record<string, unknown>) =>
  parseEntry(
    JSON.stringify({
      _SYSTEMD_UNIT: 'pipeline-gateway.service',
      __REALTIME_TIMESTAMP: '1795995513248969',
      __CURSOR: 's=e2;i=8e;b=63;m=3d;t=66;x=8b',
      ...over,
    }),
    both,
    plainText,
  )
const texts = (over: Record<string, unknown>) => entry(over)?.lines.map(({ text }) => text)

describe('an entry of the journal', () => {
  it('is a line with its time, its service and its place', () => {
    expect(entry({ MESSAGE: 'INFO ready' })).toEqual({
      cursor: 's=e2;i=8e;b=63;m=3d;t=66;x=8b',
      lines: [{ at: 1_795_995_513_248, service: 'gateway', system: false, text: 'INFO ready' }],
    })
  })

  it('may be systemd’s word about a service', () => {
    const said = { MESSAGE: 'Started it.', _SYSTEMD_UNIT: 'init.scope', UNIT: 'pipeline-kafka.service' }
    expect(entry(said)?.lines).toEqual([
      { at: 1_795_995_513_248, service: 'kafka', system: true, text: 'Started it.' },
    ])
  })

  it('holds no control characters, whichever way it comes', () => {
    expect(texts({ MESSAGE: [...Buffer.from('a \u001b[31mred\u001b[0m \u0007\u0000 line')] })).toEqual([
      'a red  line',
    ])
    expect(texts({ MESSAGE: [98, 97, 100, 32, 255] })).toEqual(['bad \ufffd'])
    expect(texts({ MESSAGE: 'first\r\nsecond\n\tthird\n' })).toEqual(['first', 'second', '\tthird'])
    expect(texts({ MESSAGE: null })).toEqual([''])
    expect(texts({ MESSAGE: ['one', 'two'] })).toEqual(['one two'])
  })

  it('is cut where it is long, and told with its place where even that was cut', () => {
    expect(texts({ MESSAGE: 'x'.repeat(20_000) })?.[0]).toHaveLength(16 * 1024)
    const cut = '{"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1795995513248969","MESSAGE":"xxx'
    expect(parseEntry(cut, both, plainText)).toMatchObject({
      cursor: 's=1;i=2',
      lines: [{ at: 1_795_995_513_248, text: '(a line of more than 1 MiB)' }],
    })
  })

  it('is none where something else is said', () => {
    expect(parseEntry('sudo: unable to resolve host', both, plainText)).toBe(null)
  })
})

it.each<[LogFrom, string]>([
  [{ lines: 200 }, '-n 200'],
  [{ after: "s=1;i=2'$(reboot)" }, `--after-cursor='s=1;i=2'\\''$(reboot)'`],
])('bash can read how it is followed from %j', (from, place) => {
  const script = logScript({ services: both, from, follow: true })
  expect(script).toContain(`journalctl -u pipeline-kafka.service -u pipeline-gateway.service ${place} `)
  // Without it only the last ten of what was missed would come (journalctl(1), --follow).
  expect(script.includes('--no-tail')).toBe('after' in from)
  execFileSync('bash', ['-n', '-c', script])
})

it('is read to its end without a guard where it is not followed', () => {
  expect(logScript({ services: ['kafka'], from: { lines: 5 }, follow: false })).toBe(
    'journalctl -u pipeline-kafka.service -n 5 -q --all -o json --output-fields=MESSAGE,UNIT,_SYSTEMD_UNIT --no-pager',
  )
})
