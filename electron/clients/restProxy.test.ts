import { expect, it } from 'vitest'
import { refusalOfStatus } from './gatewayHttp.ts'
import { produceRequest, resultsOf } from './restProxy.ts'

it('sends what the original script sends', () => {
  const records = [{ key: null, value: '{"index":7528,"title":"é"}' }]
  expect(produceRequest('http://127.0.0.1:8082/test/', '0ed442ca38ad.pin', records)).toEqual({
    method: 'POST',
    url: 'http://127.0.0.1:8082/test/topics/0ed442ca38ad.pin',
    headers: {
      'content-type': 'application/vnd.kafka.json.v2+json',
      accept: 'application/vnd.kafka.v2+json',
    },
    body: '{"records":[{"value":{"index":7528,"title":"é"}}]}',
  })
  const keyed = produceRequest('http://h', 't', [
    { key: '7', value: '{}' },
    { key: '"a b"', value: '{}' },
  ])
  expect(JSON.parse(keyed.body)).toEqual({
    records: [
      { key: 7, value: {} },
      { key: 'a b', value: {} },
    ],
  })
})

it('looks at each record of a 200 (F-36)', () => {
  const body = {
    offsets: [
      { partition: 0, offset: 41, error_code: null, error: null },
      { partition: null, offset: null, error_code: 50003, error: 'not enough replicas' },
      { partition: null, offset: null, error_code: 40301, error: 'not authorized' },
    ],
    key_schema_id: null,
    value_schema_id: null,
  }
  const [first, second, third, fourth] = resultsOf(body, 4, 'learner.pin')
  expect(first).toEqual({ ok: true, partition: 0, offset: 41n })
  // A retriable Kafka error may have been written: it must not be sent again.
  expect(second).toMatchObject({
    ok: false,
    refusal: { code: 'KAFKA_RECORD_FAILED', retriable: false, uncertain: true },
  })
  expect(third).toMatchObject({ ok: false, refusal: { code: 'KAFKA_FORBIDDEN', uncertain: false } })
  expect(fourth).toMatchObject({ ok: false, refusal: { code: 'GATEWAY_STRANGE_ANSWER', uncertain: true } })
})

it.each([undefined, null, [], 'text', { offsets: 'x' }, { offsets: [null, { partition: 'a' }] }])(
  'never acknowledges on a strange answer: %j',
  (body) => {
    for (const result of resultsOf(body, 2, 't')) {
      expect(result).toMatchObject({ ok: false, refusal: { code: 'GATEWAY_STRANGE_ANSWER' } })
    }
  },
)

it.each([
  [429, '{"error_code":429,"message":"slow down"}', 'GATEWAY_BUSY', true, false],
  [503, '', 'GATEWAY_BUSY', true, false],
  [403, '{"message":"Missing Authentication Token"}', 'GATEWAY_FORBIDDEN', false, false],
  [404, '{"error_code":40401,"message":"Topic not found."}', 'GATEWAY_NOT_FOUND', false, false],
  [413, '', 'RECORD_TOO_LARGE', false, false],
  [415, '{"error_code":415,"message":"HTTP 415 Unsupported Media Type"}', 'GATEWAY_REFUSED', false, false],
  [422, '{"error_code":422,"message":"Unrecognized field: ind"}', 'GATEWAY_REFUSED', false, false],
  [500, '{"message":"Internal server error"}', 'GATEWAY_FAILED', false, true],
  [502, '<html>', 'GATEWAY_FAILED', false, true],
  [504, '{"message":"Endpoint request timed out"}', 'GATEWAY_TIMED_OUT', false, true],
])('tells what a %i means and whether sending again is safe', (status, text, code, retriable, uncertain) => {
  const refusal = refusalOfStatus(status, text, 'http://h/topics/t')
  expect(refusal).toMatchObject({ code, retriable, uncertain })
  expect(refusal.hint).not.toBe('')
  const said = /"message":"([^"]+)"/.exec(text)?.[1]
  if (said) expect(refusal.message).toContain(said)
})
