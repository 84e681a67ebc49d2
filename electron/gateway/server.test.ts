import { afterEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import { jsonType, kafkaType, type TestGateway, testGateway } from '../../tests/helpers/memoryGateway.ts'

let gateway: TestGateway = testGateway()
const start = (options: Parameters<typeof testGateway>[0] = {}) => {
  gateway = testGateway(options)
  gateway.kafka.add('u.pin', 2)
}
afterEach(() => gateway.close())

const missing = { message: 'Missing Authentication Token' }

describe('the resources', () => {
  it('answers the metadata in the proxy’s shapes', async () => {
    start()
    gateway.kafka.add('a', 1)
    const partition = (number: number) => ({
      partition: number,
      leader: 1,
      replicas: [{ broker: 1, leader: true, in_sync: true }],
    })
    const paths: Record<string, unknown> = {
      '/': {},
      '/brokers': { brokers: [1] },
      '/topics': ['a', 'u.pin'],
      '/topics/u.pin': {
        name: 'u.pin',
        configs: { 'retention.ms': '604800000' },
        partitions: [partition(0), partition(1)],
      },
      '/topics/u.pin/partitions': [partition(0), partition(1)],
      '/topics/u.pin/partitions/1': partition(1),
      '/topics/u.pin/partitions/1/offsets': { beginning_offset: 0, end_offset: 0 },
      '/topics/': ['a', 'u.pin'],
    }
    for (const [path, body] of Object.entries(paths)) {
      const answer = await gateway.call('GET', path)
      expect([path, answer.status, answer.type, answer.json]).toEqual([path, 200, kafkaType, body])
    }
    const failures: Record<string, number> = {
      '/topics/gone': 40401,
      '/topics/gone/partitions': 40401,
      '/topics/gone/partitions/0': 40401,
      '/topics/gone/partitions/0/offsets': 40401,
      '/topics/u.pin/partitions/2': 40402,
      '/topics/u.pin/partitions/2/offsets': 40402,
      '/topics/u.pin/partitions/-1': 404,
      '/nothing': 404,
      '/topics/a/b/c': 404,
    }
    for (const [path, code] of Object.entries(failures)) {
      const answer = await gateway.call('GET', path)
      expect([path, answer.status, answer.json.error_code]).toEqual([path, 404, code])
    }
  })

  it('refuses other methods as each API does', async () => {
    start()
    const put = await gateway.call('PUT', '/topics/u.pin', '{}', { 'content-type': jsonType })
    expect([put.status, put.json.error_code, put.headers.allow]).toEqual([405, 405, 'GET,POST'])
    const head = await gateway.call('HEAD', '/consumers/g/instances/c/records')
    expect(head.status).toBe(405)
    const stream = await gateway.call('POST', '/streams/s/record', '{}')
    expect([stream.status, stream.json]).toEqual([403, missing])
    expect(stream.headers['x-amzn-errortype']).toBe('MissingAuthenticationTokenException')
  })

  it.each([
    [undefined, kafkaType],
    ['*/*', kafkaType],
    ['application/json', 'application/json'],
    ['application/json, application/vnd.kafka.v2+json;q=0.9', 'application/json'],
    ['text/html, */*;q=0.1', kafkaType],
    ['application/vnd.kafka.json.v2+json', jsonType],
    ['text/html', null],
    ['application/vnd.kafka.v2+json;q=0', null],
  ])('Accept %s → %s', async (accept, type) => {
    start()
    const answer = await gateway.call('GET', '/topics', undefined, accept === undefined ? {} : { accept })
    expect(answer.status).toBe(type === null ? 406 : 200)
    if (type !== null) expect(answer.type).toBe(type)
  })

  it('says 503 or 500 with the proxy’s code where Kafka cannot be reached', async () => {
    start()
    gateway.kafka.broken = new AppError({ code: 'KAFKA_SOMETHING', message: 'away', hint: '' })
    const answer = await gateway.call('GET', '/topics')
    expect([answer.status, answer.json.error_code]).toEqual([500, 50003])
    expect(answer.json.message).toContain('away')
  })
})

describe('the door', () => {
  it('takes its own names in Host and no other', async () => {
    start()
    for (const host of ['evil.example', '127.0.0.1', '127.0.0.1:1', 'localhost:80820', '']) {
      expect((await gateway.call('GET', '/topics', undefined, { host })).status).toBe(403)
    }
  })

  it('refuses every Origin and gives no CORS headers by default', async () => {
    start()
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:8082']) {
      const answer = await gateway.call('GET', '/topics', undefined, { origin })
      expect(answer.status).toBe(403)
      expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    }
    const preflight = await gateway.call('OPTIONS', '/topics/u.pin', undefined, {
      origin: 'https://a.example',
    })
    expect(preflight.status).toBe(403)
    const embedded = await gateway.call('GET', '/topics', undefined, { 'sec-fetch-site': 'cross-site' })
    expect(embedded.status).toBe(403)
  })

  it('lets a listed origin in, and only that', async () => {
    start({ corsOrigins: ['https://a.example'] })
    const origin = 'https://a.example'
    const preflight = await gateway.call('OPTIONS', '/topics/u.pin', undefined, { origin })
    expect(preflight.status).toBe(204)
    expect(preflight.headers['access-control-allow-origin']).toBe(origin)
    expect(preflight.headers['access-control-allow-methods']).toContain('POST')
    const answer = await gateway.call('GET', '/topics', undefined, { origin })
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([200, origin])
    expect((await gateway.call('GET', '/topics', undefined, { origin: 'https://b.example' })).status).toBe(
      403,
    )
  })
})

describe('with a stage', () => {
  it('answers below it, and as API Gateway does without it (F-31)', async () => {
    start({ stage: 'test' })
    expect((await gateway.call('GET', '/test/topics')).json).toEqual(['u.pin'])
    const sent = await gateway.call('POST', '/test/topics/u.pin', '{"records":[{"value":1}]}', {
      'content-type': jsonType,
    })
    expect(sent.status).toBe(200)
    for (const path of ['/topics', '/', '/test', '/test/', '/tests/topics', '/prod/topics', '/Test/topics']) {
      const answer = await gateway.call('GET', path)
      expect([path, answer.status, answer.json]).toEqual([path, 403, missing])
    }
    expect((await gateway.call('GET', '/test/nothing')).json.error_code).toBe(404)
  })
})

describe('bodies', () => {
  it('answers 413 for more than its limit, declared or not', async () => {
    start({ maxBodyBytes: 1_000 })
    const body = `{"records":[{"value":"${'x'.repeat(1_000)}"}]}`
    const declared = await gateway.call('POST', '/topics/u.pin', body, { 'content-type': jsonType })
    expect([declared.status, declared.json.error_code]).toEqual([413, 413])
    const chunked = await gateway.call('POST', '/topics/u.pin', body, {
      'content-type': jsonType,
      'transfer-encoding': 'chunked',
    })
    expect(chunked.status).toBe(413)
    const stream = await gateway.call('PUT', '/streams/s/record', body)
    expect(stream.status).toBe(413)
    expect(gateway.load.requests).toBe(0)
  })

  it('gives each answer an id of its own, whatever the caller sends', async () => {
    start()
    const one = await gateway.call('GET', '/', undefined, {
      'request-id': 'mine',
      'x-amzn-requestid': 'mine',
    })
    const two = await gateway.call('GET', '/nothing')
    expect(one.headers['x-amzn-requestid']).not.toBe('mine')
    expect(two.headers['x-amzn-requestid']).not.toBe(one.headers['x-amzn-requestid'])
  })

  it('counts what it answered', async () => {
    start()
    await gateway.call('GET', '/topics')
    await gateway.call('GET', '/nothing')
    await gateway.call('POST', '/topics/u.pin', '{"records":[{"value":1},{"value":2}]}', {
      'content-type': jsonType,
    })
    const stats = gateway.counters.read({ inFlight: 0, consumers: 0 })
    expect(stats).toMatchObject({ requests: 3, errors: 1, rejected: 0, topics: { 'u.pin': 2 }, streams: {} })
    expect(stats.p99Ms).toBeGreaterThanOrEqual(stats.p50Ms)
    expect(stats.p50Ms).toBeGreaterThan(0)
  })
})
