import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '../../shared/errors.ts'
import {
  binaryType,
  jsonType,
  kafkaType,
  type TestGateway,
  testGateway,
} from '../../tests/helpers/memoryGateway.ts'
import { KafkaSendError } from '../clients/kafka/sendError.ts'

let gateway: TestGateway
beforeEach(() => {
  gateway = testGateway()
  gateway.kafka.add('u.pin', 2)
})
afterEach(() => gateway.close())

const post = (body: string | Buffer | object, type = jsonType, path = '/topics/u.pin') =>
  gateway.call('POST', path, body, { 'content-type': type })
const stored = () =>
  [...(gateway.kafka.log.get('u.pin') ?? [])].flat().map((record) => record.value?.toString() ?? null)

describe('POST /topics/{t}', () => {
  it('answers a position for each record, in order', async () => {
    const answer = await post({ records: [{ value: { index: 1 } }, { key: 'a', value: 2, partition: 1 }] })
    expect(answer.status).toBe(200)
    expect(answer.type).toBe(kafkaType)
    expect(answer.json).toEqual({
      offsets: [
        { partition: 0, offset: 0, error_code: null, error: null },
        { partition: 1, offset: 0, error_code: null, error: null },
      ],
      key_schema_id: null,
      value_schema_id: null,
    })
    expect(gateway.kafka.log.get('u.pin')?.[1]?.[0]?.key?.toString()).toBe('"a"')
    expect(gateway.kafka.log.get('u.pin')?.[0]?.[0]?.key).toBeNull()
  })

  it.each([
    ['big integers', '{"n":123456789012345678901234567890,"f":1e400,"z":-0.0}'],
    ['escapes and half surrogates', '{"t":"\\u00e9\\ud800 \\\\\\" é"}'],
    ['duplicate names', '{"a":1,"a":2}'],
    ['__proto__', '{"__proto__":{"polluted":true}}'],
    ['plain values', '"text"'],
  ])('keeps %s as they were written', async (_, value) => {
    expect((await post(`{"records":[{"value":${value}}]}`)).status).toBe(200)
    expect(stored()).toEqual([value])
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
  })

  it('drops the white space between parts, so that a value is one line', async () => {
    await post('\ufeff { "records" : [ { "value" : {\n "a b" : [ 1 , "x  y" ] ,\r\n"c":{ } } } ] } ')
    expect(stored()).toEqual(['{"a b":[1,"x  y"],"c":{}}'])
  })

  it('takes null and a missing value as none', async () => {
    await post('{"records":[{"value":null},{"key":{"k":1}}],"value_schema_id":null}')
    expect(stored()).toEqual([null, null])
  })

  it('takes base64 in the binary format and nothing else', async () => {
    expect((await post({ records: [{ key: 'a2V5', value: 'AP8=' }] }, binaryType)).status).toBe(200)
    expect(gateway.kafka.log.get('u.pin')?.[0]?.[0]).toMatchObject({
      key: Buffer.from('key'),
      value: Buffer.from([0, 255]),
    })
    for (const value of ['not base64!', 5, 'abc']) {
      const answer = await post({ records: [{ value }] }, binaryType)
      expect([answer.status, answer.json.error_code]).toEqual([422, 42206])
    }
  })

  it.each([
    ['application/json', 415],
    ['text/plain', 415],
    ['application/vnd.kafka.avro.v2+json', 415],
    ['application/vnd.kafka.json.v1+json', 415],
    ['', 415],
    ['no media type', 415],
    ['application/vnd.kafka.json.v2+json; charset=latin1', 415],
    ['application/vnd.kafka.json.v2+json; charset=UTF-8', 200],
    ['Application/Vnd.Kafka.JSON.v2+json;charset="utf-8"', 200],
  ])('%s → %i (F-34)', async (type, status) => {
    const answer = await post({ records: [{ value: 1 }] }, type)
    expect(answer.status).toBe(status)
    if (status === 415) expect(answer.json.error_code).toBe(415)
  })

  it.each([
    ['{"ind":1,"country":"x"}', 422, 'Unrecognized field: ind'],
    ['{"records":[{"ind":1}]}', 422, 'Unrecognized field: ind'],
    ['{"records":[]}', 422, 'records must not be empty'],
    ['{"records":null}', 422, 'records must not be empty'],
    ['{}', 422, 'records must not be empty'],
    ['null', 422, 'null'],
    ['', 422, 'empty'],
    ['{"records":[null]}', 422, 'records[0]'],
    ['{"records":[{"value":1,"partition":-1}]}', 422, 'partition'],
    ['{"records":{"value":1}}', 400, 'array'],
    ['{"records":[1]}', 400, 'object'],
    ['[]', 400, 'object'],
    ['"x"', 400, 'object'],
    ['{"records":[{"value":1,"partition":"0"}]}', 400, 'partition'],
    ['{"records":[{"value":1,"partition":0.5}]}', 400, 'partition'],
    ['{"records":[{"value":1,"partition":1e99}]}', 400, 'partition'],
    ['{"records":[{"value":1}', 400, 'JSON'],
    ['{"records":[{"value":NaN}]}', 400, 'JSON'],
  ])('%.60s → %i', async (body, status, words) => {
    const answer = await post(body)
    expect([answer.status, answer.json.error_code]).toEqual([status, status])
    expect(answer.json.message).toContain(words)
    expect(answer.text.length).toBeLessThan(400)
    expect(stored()).toEqual([])
  })

  it('refuses what is nested too deep', async () => {
    const deep = `{"records":[{"value":${'['.repeat(2_000)}${']'.repeat(2_000)}}]}`
    const open = `{"records":${'['.repeat(200_000)}`
    for (const [body, words] of [
      [deep, 'depth'],
      [open, 'JSON'],
    ] as const) {
      const answer = await post(body)
      expect(answer.status).toBe(400)
      expect(answer.json.message).toContain(words)
      expect(answer.text.length).toBeLessThan(400)
    }
  })

  it('refuses bytes that are no UTF-8', async () => {
    const body = Buffer.concat([
      Buffer.from('{"records":[{"value":"'),
      Buffer.from([0xff]),
      Buffer.from('"}]}'),
    ])
    expect((await post(body)).status).toBe(400)
  })

  it('reads half of a surrogate pair in a name or message without harm', async () => {
    const answer = await post('{"\\ud800":1}')
    expect(answer.status).toBe(422)
    expect(answer.json.message).toContain('Unrecognized field')
  })

  it('answers 40401 at once for a topic that is missing, or whose name cannot be one', async () => {
    for (const name of ['gone.pin', 'a b', 'x'.repeat(250), '%C3%A9']) {
      const answer = await post({ records: [{ value: 1 }] }, jsonType, `/topics/${name}`)
      expect([answer.status, answer.json]).toEqual([404, { error_code: 40401, message: 'Topic not found.' }])
    }
  })

  it('answers 40402 for a partition in the path that is missing', async () => {
    const answer = await post({ records: [{ value: 1 }] }, jsonType, '/topics/u.pin/partitions/2')
    expect([answer.status, answer.json.error_code]).toEqual([404, 40402])
    const good = await post({ records: [{ value: 1 }] }, jsonType, '/topics/u.pin/partitions/1')
    expect(good.json.offsets[0].partition).toBe(1)
    const both = await post({ records: [{ value: 1, partition: 0 }] }, jsonType, '/topics/u.pin/partitions/1')
    expect(both.json.offsets[0].partition).toBe(0)
    expect((await post({ records: [{ value: 1 }] }, jsonType, '/topics/u.pin/partitions/x')).status).toBe(404)
  })

  it('tells errors of single records inside a 200 (F-36)', async () => {
    const answer = await post({
      records: [
        { value: 1, partition: 7 },
        { value: 2 },
        { value: 'x'.repeat(900_000) + 'y'.repeat(160_000) },
      ],
    })
    expect(answer.status).toBe(413)
  })

  it('refuses a record that is too large alone, and sends the rest', async () => {
    await gateway.close()
    gateway = testGateway({ maxBodyBytes: 4_000_000 })
    gateway.kafka.add('u.pin', 2)
    const big = 'x'.repeat(1_048_600)
    const answer = await post({ records: [{ value: 1, partition: 7 }, { value: 2 }, { value: big }] })
    expect(answer.status).toBe(200)
    const [wrong, good, large] = answer.json.offsets
    expect([wrong.partition, wrong.error_code]).toEqual([null, 50002])
    expect(wrong.error).toContain('[0...2)')
    expect([good.offset, good.error_code]).toEqual([0, null])
    expect(large.error_code).toBe(50002)
    expect(large.error).toContain('max.request.size')
    expect(stored()).toEqual(['2'])
    expect(gateway.counters.read({ inFlight: 0, consumers: 0 })).toMatchObject({
      topics: { 'u.pin': 1 },
      errors: 2,
    })
  })

  it('cuts what is more than one batch, in order', async () => {
    await gateway.close()
    gateway = testGateway({ maxBodyBytes: 8_000_000 })
    gateway.kafka.add('u.pin', 1)
    const value = 'x'.repeat(100_000)
    const answer = await post({ records: Array.from({ length: 30 }, () => ({ value })) })
    expect(answer.json.offsets.map((each: { offset: number }) => each.offset)).toEqual(
      Array.from({ length: 30 }, (_, n) => n),
    )
    expect(gateway.kafka.sends.map((send) => send.records)).toEqual([8, 8, 8, 6])
  })

  it.each([
    ['KAFKA_AUTHENTICATION', 401, 40101],
    ['KAFKA_TOPIC_AUTHORIZATION', 403, 40301],
    ['KAFKA_MESSAGE_TOO_LARGE', 200, 50002],
    ['KAFKA_WHATEVER', 200, 50003],
  ])('%s of a send → %i', async (code, status, recordCode) => {
    await post({ records: [{ value: 1 }] })
    gateway.kafka.broken = new AppError({ code, message: 'no', hint: '' })
    const answer = await post({ records: [{ value: 1 }] })
    expect(answer.status).toBe(status)
    expect(answer.json.offsets[0]).toEqual({
      partition: null,
      offset: null,
      error_code: recordCode,
      error: 'no',
    })
  })

  it('says for the whole call where certainly nothing was written', async () => {
    await post({ records: [{ value: 1 }] })
    const away = new AppError({ code: 'KAFKA_UNREACHABLE', message: 'away', hint: '' })
    const failure = { error: away, uncertain: false, retriable: true }
    gateway.kafka.broken = new KafkaSendError(away, [failure, failure])
    const whole = await post({ records: [{ value: 1 }, { value: 2 }] })
    expect([whole.status, whole.headers['retry-after'], whole.json]).toEqual([
      503,
      '1',
      { error_code: 50302, message: 'away' },
    ])
    gateway.kafka.broken = new KafkaSendError(away, [failure, { ...failure, uncertain: true }])
    const partly = await post({ records: [{ value: 1 }, { value: 2 }] })
    expect([
      partly.status,
      partly.json.offsets.map((each: { error_code: number }) => each.error_code),
    ]).toEqual([200, [50003, 50003]])
    const gone = new AppError({ code: 'KAFKA_TOPIC_NOT_FOUND', message: 'gone', hint: '' })
    gateway.kafka.log.delete('u.pin')
    gateway.kafka.broken = new KafkaSendError(gone, [{ ...failure, error: gone }])
    const refresh = gateway.kafka.topics
    Object.assign(gateway.kafka, { topics: async () => [] })
    expect((await post({ records: [{ value: 1 }] })).json.error_code).toBe(40401)
    Object.assign(gateway.kafka, { topics: refresh })
  })

  it('answers 504 in time when Kafka falls silent, and works again afterwards', async () => {
    await gateway.close()
    gateway = testGateway({ deadlineMs: 200 })
    gateway.kafka.add('u.pin', 1)
    gateway.kafka.gate = new Promise(() => undefined)
    const answers = await Promise.all([1, 2, 3].map((value) => post({ records: [{ value }] })))
    for (const answer of answers) {
      // 503 with a time to wait: it waited behind the first and was certainly not sent.
      expect([200, 503, 504]).toContain(answer.status)
      if (answer.status === 200) expect(answer.json.offsets[0].error_code).toBe(50003)
      else if (answer.status === 503) expect(answer.headers['retry-after']).toBeDefined()
      else expect(answer.json).toEqual({ message: 'Endpoint request timed out' })
    }
    expect(answers[0]?.status).not.toBe(503)
    gateway.kafka.gate = null
    await expect
      .poll(async () => (await post({ records: [{ value: 1 }] })).json.offsets?.[0].error_code)
      .toBeNull()
  })

  it('refuses what is more than it will hold, with the time to wait', async () => {
    await gateway.close()
    gateway = testGateway({ maxRequests: 2 })
    gateway.kafka.add('u.pin', 1)
    const gate = Promise.withResolvers<void>()
    gateway.kafka.gate = gate.promise
    const answers = Array.from({ length: 5 }, () => post({ records: [{ value: 1 }] }))
    const first = await Promise.race(answers)
    expect([first.status, first.headers['retry-after']]).toEqual([429, '1'])
    gate.resolve()
    const statuses = (await Promise.all(answers)).map((answer) => answer.status).sort()
    expect(statuses).toEqual([200, 200, 429, 429, 429])
    expect(gateway.counters.read({ inFlight: 0, consumers: 0 }).rejected).toBe(3)
  })
})
