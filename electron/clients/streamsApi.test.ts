import { expect, it } from 'vitest'
import { putRequest, resultsOf } from './streamsApi.ts'

const one = { data: '{"ind":1}', partitionKey: 'partition-1' }

it('sends a single record as the original does: nested data, PUT …/record', () => {
  const request = putRequest('http://127.0.0.1:8082/dev', 'streaming-learner-geo', [one])
  expect(request.method).toBe('PUT')
  expect(request.url).toBe('http://127.0.0.1:8082/dev/streams/streaming-learner-geo/record')
  expect(JSON.parse(request.body)).toEqual({
    StreamName: 'streaming-learner-geo',
    Data: { ind: 1 },
    PartitionKey: 'partition-1',
  })
})

it('sends a batch with data as text, which API Gateway’s template does not mangle (F-48, F-49)', () => {
  const request = putRequest('http://h', 's', [one, { data: '{"ind":2}', partitionKey: 'k"2' }])
  expect(request.url).toBe('http://h/streams/s/records')
  expect(JSON.parse(request.body).records).toEqual([
    { data: '{"ind":1}', 'partition-key': 'partition-1' },
    { data: '{"ind":2}', 'partition-key': 'k"2' },
  ])
})

it('reads the answers of both calls', () => {
  const place = {
    SequenceNumber: '49590338271490256608559692538361571095921575989136588898',
    ShardId: 'shardId-0',
  }
  expect(resultsOf(place, 1, 's')).toEqual([
    { ok: true, shard: 'shardId-0', sequence: BigInt(place.SequenceNumber) },
  ])
  const several = {
    FailedRecordCount: 2,
    Records: [
      place,
      { ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: 'Rate exceeded' },
      { ErrorCode: 'InternalFailure', ErrorMessage: 'Internal Service Failure' },
    ],
  }
  const [first, second, third] = resultsOf(several, 3, 's')
  expect(first?.ok).toBe(true)
  expect(second).toMatchObject({ ok: false, refusal: { code: 'KINESIS_THROTTLED', retriable: true } })
  expect(third).toMatchObject({ ok: false, refusal: { code: 'KINESIS_INTERNAL_FAILURE', retriable: true } })
})

it('is not fooled by API Gateway, which answers 200 to Kinesis’ own errors', () => {
  const throttled = { __type: 'ProvisionedThroughputExceededException', message: 'Rate exceeded' }
  const missing = { __type: 'ResourceNotFoundException', message: 'Stream s not found' }
  expect(resultsOf(throttled, 1, 's')[0]).toMatchObject({ ok: false, refusal: { code: 'KINESIS_THROTTLED' } })
  for (const result of resultsOf(missing, 2, 's')) {
    expect(result).toMatchObject({ ok: false, refusal: { code: 'KINESIS_REFUSED', retriable: false } })
  }
})

it.each([
  undefined,
  null,
  [],
  'text',
  { Records: 1 },
  { SequenceNumber: 5, ShardId: 's' },
  { SequenceNumber: '5' },
])('never acknowledges on a strange answer: %j', (body) => {
  expect(resultsOf(body, 1, 's')[0]).toMatchObject({ ok: false, refusal: { uncertain: true } })
})
