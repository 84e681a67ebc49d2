import { describe, expect, it } from 'vitest'
import type { Message } from '../../../shared/contract/topics.ts'
import { asCurl, asKcat, asPipeline, asTypeScript } from './copyAs.ts'

const text = (data: string) => ({ encoding: 'utf8' as const, data, size: data.length, truncated: false })
const message: Message = {
  partition: 2,
  offset: '42',
  timestamp: 1_700_000_000_000,
  key: text('it’s "k"'),
  value: text(`{"n":12345678901234567890,"t":"it's"}`),
  headers: [{ name: 'h', value: text('v') }],
}
const bytes: Message = { ...message, value: { encoding: 'base64', data: '/wA=', size: 2, truncated: false } }
const at = { bootstrap: '127.0.0.1:9092', gateway: 'http://127.0.0.1:8082/test' }

describe('a message copied as', () => {
  it('a command that reads it again', () => {
    expect(asKcat(at, 'learner.pin', message)).toBe(
      "kcat -b '127.0.0.1:9092' -t 'learner.pin' -p 2 -o 42 -c 1 -C -J",
    )
    expect(asPipeline('learner.pin', message)).toContain('--partition 2 --from offset:42 --limit 1')
  })

  it('a request that sends it again, quoted for the shell, with every digit', () => {
    const command = asCurl(at, 'learner.pin', { ...message, key: text('"k"') })
    expect(command).toContain("'http://127.0.0.1:8082/test/topics/learner.pin'")
    expect(command).toContain('Content-Type: application/vnd.kafka.json.v2+json')
    expect(command).toContain(`"value":{"n":12345678901234567890,"t":"it'\\''s"},"partition":2`)
    expect(command).toContain('"key":"k"')
  })

  it('a binary request where it is no text', () => {
    const command = asCurl(at, 't', { ...bytes, key: text('ä') })
    expect(command).toContain('application/vnd.kafka.binary.v2+json')
    expect(command).toContain('{"key":"w6Q=","value":"/wA=","partition":2}')
    expect(asCurl(at, 't', { ...message, value: null })).toContain('"value":null')
  })

  it('a binary request also where a text is no JSON: in the JSON format it would arrive in quotes', () => {
    const command = asCurl(at, 't', { ...message, key: text('k'), value: text('') })
    expect(command).toContain('{"key":"aw==","value":"","partition":2}')
  })

  it('a request that a shell can take, however long', () => {
    const command = asCurl(at, 't', {
      ...message,
      value: text(JSON.stringify('x'.repeat(200_000))),
      key: null,
    })
    expect(command).toMatch(/--data-binary @- <<'END'\n\{"records":.*\}\nEND$/)
  })

  it('a TypeScript literal', () => {
    const code = asTypeScript('t', bytes)
    expect(code).toContain('value: Buffer.from("/wA=", \'base64\'),')
    expect(code).toContain('offset: 42n,')
    expect(code).toContain('headers: { "h": "v" },')
    const twice = [text('1'), text('2')].map((value) => ({ name: 'h', value }))
    expect(asTypeScript('t', { ...message, headers: twice })).toContain('headers: { "h": ["1", "2"] },')
    expect(asTypeScript('t', message)).toContain('value: {"n":12345678901234567890')
  })
})
