import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { jsonType, kafkaType, type TestGateway, testGateway } from '../../tests/helpers/memoryGateway.ts'

let gateway: TestGateway
beforeEach(() => {
  gateway = testGateway()
  gateway.kafka.add('u.pin', 1)
  gateway.kafka.add('u.geo', 2)
})
afterEach(() => gateway.close())

const v2 = { 'content-type': kafkaType }
const post = (path: string, body?: string | object) => gateway.call('POST', path, body, v2)
const at = '/consumers/g/instances/c'
const create = (more: object = {}) =>
  post('/consumers/g', { name: 'c', format: 'json', 'auto.offset.reset': 'earliest', ...more })

describe('create', () => {
  it('answers the id and an address made of the request’s own Host', async () => {
    const answer = await create()
    expect([answer.status, answer.type]).toEqual([200, kafkaType])
    expect(answer.json).toEqual({
      instance_id: 'c',
      base_uri: 'http://127.0.0.1:8082/consumers/g/instances/c',
    })
    const named = await gateway.call('POST', '/consumers/g')
    expect(named.json.instance_id).toMatch(/^rest-consumer-[0-9a-f-]{36}$/)
  })

  it('puts the stage into the address', async () => {
    const staged = testGateway({ stage: 'test' })
    const answer = await staged.call('POST', '/test/consumers/a%2Fb', { name: 'x y' }, v2)
    expect(answer.json.base_uri).toBe('http://127.0.0.1:8082/test/consumers/a%2Fb/instances/x%20y')
    await staged.close()
  })

  it('takes texts for numbers and booleans, as the proxy’s documents write them', async () => {
    const body = {
      'auto.commit.enable': 'false',
      'fetch.min.bytes': '1',
      'consumer.request.timeout.ms': '500',
    }
    expect((await post('/consumers/g', body)).status).toBe(200)
  })

  it.each([
    [{ format: 'avro' }, 422, 422],
    [{ format: 5 }, 422, 422],
    [{ 'auto.offset.reset': 'none' }, 422, 42204],
    [{ 'auto.commit.enable': 'maybe' }, 422, 42204],
    [{ 'fetch.min.bytes': 0 }, 422, 40001],
    [{ unknown: 1 }, 422, 422],
    ['[]', 400, 400],
    ['{"name":', 400, 400],
    ['{"__proto__":{"name":"x"}}', 422, 422],
  ])('%j → %i %i', async (body, status, code) => {
    const answer = await post('/consumers/g', body)
    expect([answer.status, answer.json.error_code]).toEqual([status, code])
  })

  it('refuses the same name twice, a body of another type, and more than it can hold', async () => {
    await create()
    const twice = await create()
    expect([twice.status, twice.json.error_code]).toEqual([409, 40902])
    const other = await gateway.call('POST', '/consumers/g', {}, { 'content-type': 'application/json' })
    expect([other.status, other.json.error_code]).toEqual([415, 415])
    for (let n = 0; n < 99; n++) await post('/consumers/g', {})
    const more = await post('/consumers/g', {})
    expect([more.status, more.headers['retry-after']]).toEqual([429, '5'])
  })

  it.each([
    ['POST', 'subscription'],
    ['GET', 'subscription'],
    ['DELETE', 'subscription'],
    ['POST', 'assignments'],
    ['GET', 'assignments'],
    ['GET', 'records'],
    ['POST', 'offsets'],
    ['GET', 'offsets'],
    ['POST', 'positions'],
    ['POST', 'positions/beginning'],
    ['POST', 'positions/end'],
  ] as const)('%s %s of a consumer that is not there → 40403', async (method, path) => {
    const answer = await gateway.call(method, `${at}/${path}`, undefined, { accept: jsonType })
    expect([answer.status, answer.json.error_code]).toEqual([404, 40403])
  })
})
