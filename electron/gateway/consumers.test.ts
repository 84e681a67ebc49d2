import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  binaryType,
  jsonType,
  kafkaType,
  type TestGateway,
  testGateway,
} from '../../tests/helpers/memoryGateway.ts'

let gateway: TestGateway
beforeEach(() => {
  gateway = testGateway()
  gateway.kafka.add('u.pin', 1)
  gateway.kafka.add('u.geo', 2)
})
afterEach(() => gateway.close())

const v2 = { 'content-type': kafkaType }
const post = (path: string, body?: string | object) => gateway.call('POST', path, body, v2)
const get = (path: string, accept = jsonType, body?: object) =>
  gateway.call('GET', path, body, { accept, ...(body ? v2 : {}) })
const fill = async (topic: string, ...values: unknown[]) => {
  const body = { records: values.map((value) => ({ value })) }
  await gateway.call('POST', `/topics/${topic}`, body, { 'content-type': jsonType })
}
const at = '/consumers/g/instances/c'
const create = (more: object = {}) =>
  post('/consumers/g', { name: 'c', format: 'json', 'auto.offset.reset': 'earliest', ...more })
const records = (query = 'timeout=300') => get(`${at}/records?${query}`)
const committed = (topic = 'u.pin', partition = 0) => gateway.kafka.commits.get(`g/${topic}/${partition}`)

describe('a subscribed consumer', () => {
  beforeEach(() => create())

  it('joins nothing before its first records call', async () => {
    expect((await post(`${at}/subscription`, { topics: ['u.pin'] })).status).toBe(204)
    expect((await get(`${at}/subscription`)).json).toEqual({ topics: ['u.pin'] })
    expect((await get(`${at}/assignments`)).json).toEqual({ partitions: [] })
    expect(gateway.kafka.groups).toBe(0)
    expect((await records()).json).toEqual([])
    expect(gateway.kafka.groups).toBe(1)
    expect((await get(`${at}/assignments`)).json).toEqual({ partitions: [{ topic: 'u.pin', partition: 0 }] })
  })

  it('gives the records as they were stored', async () => {
    await gateway.call(
      'POST',
      '/topics/u.pin',
      '{"records":[{"key":"k","value":{"n":12345678901234567890}}]}',
      {
        'content-type': jsonType,
      },
    )
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    const answer = await records()
    expect([answer.status, answer.type]).toEqual([200, jsonType])
    expect(answer.text).toBe(
      '[{"topic":"u.pin","key":"k","value":{"n":12345678901234567890},"partition":0,"offset":0}]',
    )
  })

  it('takes tiny records by the hundred thousand', async () => {
    const one = { partition: 0, timestamp: 0, key: null, value: Buffer.from('1'), headers: [] }
    const log = gateway.kafka.log.get('u.pin')?.[0]
    for (let n = 0; n < 200_000; n += 1) log?.push({ ...one, offset: BigInt(n) })
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    const answer = await records('timeout=5000&max_bytes=67108864')
    expect([answer.status, (answer.json as unknown[]).length]).toEqual([200, 200_000])
  })

  it('commits with the next call what was handed out, and no more', async () => {
    await fill('u.pin', 1, 2, 3)
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    expect((await records('timeout=300&max_bytes=2')).json).toHaveLength(2)
    expect(committed()).toBeUndefined()
    expect((await records('timeout=300&max_bytes=1')).json).toHaveLength(1)
    expect(committed()).toBe(2n)
    expect((await gateway.call('DELETE', at)).status).toBe(204)
    expect(committed()).toBe(3n)
    expect((await records()).json.error_code).toBe(40403)
  })

  it('commits only by hand where auto-commit is off', async () => {
    await gateway.call('DELETE', at)
    await create({ 'auto.commit.enable': 'false' })
    await fill('u.pin', 1, 2)
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    await records()
    await records('timeout=10')
    expect(committed()).toBeUndefined()
    const answer = await post(`${at}/offsets`)
    expect([answer.status, answer.text]).toEqual([200, '[]'])
    expect(committed()).toBe(2n)
    await post(`${at}/offsets`, { offsets: [{ topic: 'u.pin', partition: 0, offset: 0 }] })
    expect(committed()).toBe(1n)
    const body = {
      partitions: [
        { topic: 'u.pin', partition: 0 },
        { topic: 'u.geo', partition: 1 },
      ],
    }
    expect((await get(`${at}/offsets`, kafkaType, body)).json).toEqual({
      offsets: [{ topic: 'u.pin', partition: 0, offset: 1, metadata: '' }],
    })
    expect((await get(`${at}/offsets`, kafkaType)).json.error_code).toBe(40402)
  })

  it('allows one records call at a time', async () => {
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    const [one, two] = await Promise.all([records(), records()])
    expect([one.status, two.status].sort()).toEqual([200, 409])
    expect([one, two].find((each) => each.status === 409)?.json.error_code).toBe(40903)
  })

  it('hands out again what its caller was told came too late', async () => {
    await gateway.close()
    gateway = testGateway({ deadlineMs: 200 })
    gateway.kafka.add('u.pin', 1)
    await create()
    await fill('u.pin', 1)
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    const { groupConsumer } = gateway.kafka
    const slow = Promise.withResolvers<void>()
    Object.assign(gateway.kafka, {
      groupConsumer: async (options: Parameters<typeof groupConsumer>[0]) => {
        await slow.promise
        return groupConsumer(options)
      },
    })
    const late = await records('timeout=100')
    expect([late.status, late.json]).toEqual([504, { message: 'Endpoint request timed out' }])
    expect((await records('timeout=100')).status).toBe(409)
    slow.resolve()
    await expect.poll(async () => (await records('timeout=100')).json).toHaveLength(1)
    expect(committed()).toBeUndefined()
  })

  it('answers nothing where it is unsubscribed while it waits', async () => {
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    await records('timeout=10')
    const waiting = records('timeout=2000')
    await expect
      .poll(
        async () =>
          (await post(`${at}/positions`, { offsets: [{ topic: 'u.pin', partition: 0, offset: 0 }] })).status,
      )
      .toBe(409)
    await gateway.call('DELETE', `${at}/subscription`)
    const answer = await waiting
    expect([answer.status, answer.json]).toEqual([200, []])
  })

  it('finds its topics by a pattern over whole names, also new ones', async () => {
    await fill('u.pin', 1)
    expect((await post(`${at}/subscription`, { topic_pattern: 'u\\.p.*' })).status).toBe(204)
    expect((await get(`${at}/subscription`)).json).toEqual({ topics: ['u.pin'] })
    expect((await records()).json).toHaveLength(1)
    for (const topic_pattern of ['(', '(a+)+b(']) {
      expect((await post(`${at}/subscription`, { topic_pattern })).status).toBe(422)
    }
  })

  it('is not held up by a pattern that never ends', async () => {
    gateway.kafka.add('a'.repeat(60), 1)
    await post(`${at}/subscription`, { topic_pattern: '(a+)+b' })
    const answer = await records()
    expect(answer.status).toBe(422)
    expect(answer.json.message).toContain('too long')
  })

  it('moves to positions once it has them', async () => {
    await fill('u.pin', 1, 2, 3)
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    const early = await post(`${at}/positions`, { offsets: [{ topic: 'u.pin', partition: 0, offset: 1 }] })
    expect([early.status, early.json.error_code]).toEqual([409, 40903])
    await records()
    const values = async () => (await records()).json.map((each: { value: number }) => each.value)
    expect(
      (await post(`${at}/positions`, { offsets: [{ topic: 'u.pin', partition: 0, offset: 1 }] })).status,
    ).toBe(204)
    expect(await values()).toEqual([2, 3])
    const partitions = [{ topic: 'u.pin', partition: 0 }]
    expect((await post(`${at}/positions/beginning`, { partitions })).status).toBe(204)
    expect(await values()).toEqual([1, 2, 3])
    await post(`${at}/positions/beginning`, { partitions })
    expect((await post(`${at}/positions/end`, { partitions })).status).toBe(204)
    expect(await values()).toEqual([])
  })

  it('says which record is no JSON, and goes on after a seek past it (F-41)', async () => {
    await fill('u.pin', 1, 2)
    gateway.kafka.log.get('u.pin')?.[0]?.splice(1, 0, {
      partition: 0,
      offset: 1n,
      timestamp: 0,
      key: Buffer.from('not json'),
      value: Buffer.from('hello'),
      headers: [],
    })
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    expect((await records()).json).toHaveLength(1)
    const stuck = await records()
    expect([stuck.status, stuck.json.error_code]).toEqual([422, 42207])
    expect(stuck.json.message).toContain('u.pin-0 at offset 1')
    await post(`${at}/positions`, { offsets: [{ topic: 'u.pin', partition: 0, offset: 2 }] })
    expect((await records()).json).toHaveLength(1)
  })

  it('keeps subscribing and assigning apart, and can do either after unsubscribing', async () => {
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    const partitions = [{ topic: 'u.geo', partition: 1 }]
    expect((await post(`${at}/assignments`, { partitions })).json.error_code).toBe(40903)
    expect((await gateway.call('DELETE', `${at}/subscription`)).status).toBe(204)
    expect((await records()).json.error_code).toBe(40903)
    expect((await post(`${at}/assignments`, { partitions })).status).toBe(204)
    expect((await post(`${at}/subscription`, { topics: ['u.pin'] })).json.error_code).toBe(40903)
    expect((await post(`${at}/subscription`, { topics: ['a'], topic_pattern: 'a' })).json.error_code).toBe(
      40903,
    )
    expect((await post(`${at}/subscription`, {})).status).toBe(422)
  })

  it.each([
    [jsonType, 200],
    [`${jsonType};q=0.5, ${binaryType};q=0.1`, 200],
    [binaryType, 40601],
    [kafkaType, 40601],
    ['*/*', 40601],
    ['text/html', 406],
  ])('Accept %s → %i', async (accept, code) => {
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    const answer = await get(`${at}/records?timeout=10`, accept)
    expect(answer.status).toBe(code === 200 ? 200 : 406)
    if (code !== 200) expect(answer.json.error_code).toBe(code)
  })
})

describe('other consumers', () => {
  it('gives base64 in the binary format, which is the default', async () => {
    await fill('u.pin', 'é')
    await post('/consumers/g', { name: 'c', 'auto.offset.reset': 'earliest' })
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    const answer = await get(`${at}/records?timeout=300`, '*/*')
    expect([answer.status, answer.type]).toEqual([200, binaryType])
    expect(answer.json[0].value).toBe(Buffer.from('"é"').toString('base64'))
  })

  it('reads assigned partitions without joining a group, from the committed offset on', async () => {
    await create()
    await fill('u.geo', 'a', 'b', 'c', 'd')
    const partitions = [{ topic: 'u.geo', partition: 1 }]
    await post(`${at}/assignments`, { partitions })
    expect((await get(`${at}/assignments`)).json).toEqual({ partitions })
    const first = (await records()).json
    expect(first.map((each: { value: string }) => each.value)).toEqual(['b', 'd'])
    expect(gateway.kafka.groups).toBe(0)
    await gateway.call('DELETE', at)
    expect(committed('u.geo', 1)).toBe(2n)
    await create()
    await post(`${at}/assignments`, { partitions })
    expect((await records('timeout=50')).json).toEqual([])
    await post(`${at}/positions`, { offsets: [{ ...partitions[0], offset: 1 }] })
    expect((await records()).json).toHaveLength(1)
  })

  it('expires when nobody calls it, and every call renews its time', async () => {
    await gateway.close()
    gateway = testGateway({ consumerIdleMs: 150 })
    gateway.kafka.add('u.pin', 1)
    await create()
    const until = Date.now() + 400
    while (Date.now() < until) {
      expect((await get(`${at}/assignments`)).status).toBe(200)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    await post(`${at}/subscription`, { topics: ['u.pin'] })
    expect((await records('timeout=500')).status).toBe(200)
    expect((await get(`${at}/assignments`)).status).toBe(200)
    await expect.poll(() => gateway.consumers.count).toBe(0)
    const answer = await get(`${at}/assignments`)
    expect([answer.status, answer.json]).toEqual([
      404,
      { error_code: 40403, message: 'Consumer instance not found.' },
    ])
  })
})
