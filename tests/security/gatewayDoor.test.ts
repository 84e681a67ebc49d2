/** Attacks on the gateway from a web page or a hostile body, each over a real socket. */
import { request } from 'node:http'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import { type Gateway, startGateway } from '../../electron/gateway/gateway.ts'
import { type MemoryKafka, memoryKafka } from '../helpers/memoryKafka.ts'

let kafka: MemoryKafka
let gateway: Gateway
beforeEach(async () => {
  kafka = memoryKafka()
  kafka.add('t', 1)
  gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    stage: '',
    kafka,
    kinesis: connectKinesis({ endpoint: 'http://127.0.0.1:1', region: 'us-east-1' }),
    corsOrigins: [],
    maxBodyBytes: 1_000_000,
    log: () => undefined,
  })
})
afterEach(() => gateway.close())

const jsonType = 'application/vnd.kafka.json.v2+json'

/** `fetch` would not let a test choose Host and Origin. */
function send(method: string, path: string, headers: Record<string, string>, body = '') {
  return new Promise<{ status: number; headers: NodeJS.Dict<string | string[]>; text: string }>(
    (resolve, reject) => {
      const call = request({ host: '127.0.0.1', port: gateway.port, method, path, headers }, (answer) => {
        let text = ''
        answer.setEncoding('utf8')
        answer.on('data', (chunk: string) => {
          text += chunk
        })
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
      })
      call.on('error', reject)
      call.end(body)
    },
  )
}
const record = '{"records":[{"value":1}]}'
const stored = () => kafka.log.get('t')?.[0]?.length

it('dns rebinding: a page’s own name in Host reaches nothing', async () => {
  for (const host of [
    `evil.example:${gateway.port}`,
    'evil.example',
    `127.0.0.1.evil.example:${gateway.port}`,
  ]) {
    const answer = await send('POST', '/topics/t', { host, 'content-type': jsonType }, record)
    expect(answer.status).toBe(403)
    expect(answer.text).not.toContain('t"')
  }
  expect(stored()).toBe(0)
})

it('cross-site request: a page cannot send, read or preflight', async () => {
  for (const origin of ['https://evil.example', 'null', `http://localhost:${gateway.port}`]) {
    const posted = await send('POST', '/topics/t', { origin, 'content-type': jsonType }, record)
    const read = await send('GET', '/topics', { origin })
    const preflight = await send('OPTIONS', '/topics/t', { origin, 'access-control-request-method': 'POST' })
    for (const answer of [posted, read, preflight]) {
      expect(answer.status).toBe(403)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
  }
  expect(stored()).toBe(0)
})

it('simple request: a form’s media types are never taken for records', async () => {
  for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
    expect((await send('POST', '/topics/t', { 'content-type': type }, record)).status).toBe(415)
    expect((await send('PUT', '/streams/s/record', { 'content-type': type }, '{}')).status).toBe(415)
    expect((await send('POST', '/consumers/g', { 'content-type': type }, '{}')).status).toBe(415)
  }
  expect(stored()).toBe(0)
})

it('embedded read: an image or script of another site gets nothing', async () => {
  expect((await send('GET', '/topics', { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
})

it('prototype pollution: __proto__ and constructor in bodies change nothing', async () => {
  const evil = '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'
  const kept = await send(
    'POST',
    '/topics/t',
    { 'content-type': jsonType },
    `{"records":[{"value":${evil}}]}`,
  )
  expect(kept.status).toBe(200)
  expect((await send('POST', '/topics/t', { 'content-type': jsonType }, evil)).status).toBe(422)
  expect((await send('POST', '/consumers/g', { 'content-type': jsonType }, evil)).status).toBe(422)
  expect((await send('PUT', '/streams/s/record', { 'content-type': 'application/json' }, evil)).status).toBe(
    400,
  )
  expect((await send('GET', '/topics/t?__proto__=1&constructor=2', {})).status).toBe(200)
  expect((await send('GET', '/topics/__proto__', {})).status).toBe(404)
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  expect(kafka.log.get('t')?.[0]?.[0]?.value?.toString()).toBe(evil)
})

it('regular expression bomb: a pattern cannot stop the gateway', async () => {
  kafka.add('a'.repeat(200), 1)
  const v2 = { 'content-type': 'application/vnd.kafka.v2+json' }
  await send('POST', '/consumers/g', v2, '{"name":"c","format":"json"}')
  const at = '/consumers/g/instances/c'
  const subscribed = await send('POST', `${at}/subscription`, v2, '{"topic_pattern":"(a|a|aa)+b"}')
  const answer = await send('GET', `${at}/records`, { accept: jsonType })
  // Cut off where it is matched first: with the first records, or on a slow machine already when subscribing.
  expect([subscribed.status, answer.status]).toContain(422)
  expect((await send('GET', '/brokers', {})).status).toBe(200)
})

it('deep nesting: neither the gateway nor who reads later meets a full stack', async () => {
  const deep = '['.repeat(100_000) + ']'.repeat(100_000)
  expect(
    (await send('POST', '/topics/t', { 'content-type': jsonType }, `{"records":[{"value":${deep}}]}`)).status,
  ).toBe(400)
  expect(
    (await send('PUT', '/streams/s/record', { 'content-type': 'application/json' }, `{"Data":${deep}}`))
      .status,
  ).toBe(400)
  expect(stored()).toBe(0)
})

it('escape from the pattern’s context: its text is never run', async () => {
  const v2 = { 'content-type': 'application/vnd.kafka.v2+json' }
  await send('POST', '/consumers/g', v2, '{"name":"c"}')
  for (const pattern of ["')+process.exit(1)+('", '$' + '{process.exit(1)}', '`+globalThis.constructor+`']) {
    const body = JSON.stringify({ topic_pattern: pattern })
    const answer = await send('POST', '/consumers/g/instances/c/subscription', v2, body)
    expect([204, 422]).toContain(answer.status)
  }
  expect((await send('GET', '/brokers', {})).status).toBe(200)
})
