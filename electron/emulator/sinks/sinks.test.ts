import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type EmulationInput, emulationOptionsSchema } from '../../../shared/emulation.ts'
import { secret } from '../../lib/secret.ts'
import { previewRecords } from '../preview.ts'
import { outgoing } from '../pump/record.ts'
import { fileSink } from './file.ts'

const signal = new AbortController().signal
let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sinks-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const record = (index: number) =>
  outgoing({ index, kind: 'pin', json: `{"index":${index}}`, partitionKey: String(index) })

it('appends to the dry run’s files and knows the lines', async () => {
  writeFileSync(join(folder, 'pin.ndjson'), '{"index":98}\n{"index":99}\n')
  const sink = fileSink(folder)
  const outcomes = await sink.send('pin', [record(1), record(2)], signal)
  expect(outcomes.map((outcome) => outcome.ok && outcome.position)).toEqual([
    { to: 'file', path: join(folder, 'pin.ndjson'), line: 2 },
    { to: 'file', path: join(folder, 'pin.ndjson'), line: 3 },
  ])
  await sink.close()
  expect(readFileSync(join(folder, 'pin.ndjson'), 'utf8').split('\n').slice(2, 4)).toEqual([
    '{"index":1}',
    '{"index":2}',
  ])
})

it('says what is wrong with the dry run’s folder', async () => {
  writeFileSync(join(folder, 'file'), '')
  const outcomes = await fileSink(join(folder, 'file')).send('pin', [record(1)], signal)
  expect(outcomes[0]).toMatchObject({ ok: false, code: 'FILE_SINK_FAILED', retriable: false })
})

const names = (prefix: string) => ({ pin: `${prefix}pin`, geo: `${prefix}geo`, user: `${prefix}user` })
function preview(options: EmulationInput) {
  return previewRecords({
    options: emulationOptionsSchema.parse(options),
    targets: {
      kafkaBootstrap: '127.0.0.1:1',
      gatewayUrl: 'http://127.0.0.1:1/test',
      kinesisEndpoint: 'http://127.0.0.1:1',
      region: 'us-east-1',
      lakeDir: null,
      topics: names('learner.'),
      streams: names('streaming-learner-'),
    },
    network: {},
    folder,
    password: secret(''),
    signal,
  })
}

it('previews the first ten posts for every sink, exactly as they would go out, and sends nothing', async () => {
  const { records } = await preview({ sinks: ['rest', 'streams', 'kafka', 'kinesis', 'file'] })
  expect(records.length).toBe(5 * 30)
  const of = (sink: string) => records.filter((each) => each.sink === sink)
  expect(
    of('rest')
      .slice(0, 3)
      .map(({ target }) => target),
  ).toEqual([
    'POST http://127.0.0.1:1/test/topics/learner.pin',
    'POST http://127.0.0.1:1/test/topics/learner.geo',
    'POST http://127.0.0.1:1/test/topics/learner.user',
  ])
  expect(JSON.parse(of('rest')[1]?.body ?? '')).toEqual({
    records: [
      {
        key: 7528,
        value: {
          ind: 7528,
          timestamp: '2020-08-28 03:52:47',
          latitude: -89.9787,
          longitude: -173.293,
          country: 'Albania',
        },
      },
    ],
  })
  expect(of('streams')[0]?.target).toBe('PUT http://127.0.0.1:1/test/streams/streaming-learner-pin/record')
  expect(of('kafka')[0]).toMatchObject({ target: 'learner.pin', headers: [{ name: 'key', value: '7528' }] })
  expect(of('kinesis')[0]?.target).toBe('PutRecords streaming-learner-pin')
  expect(of('file')[3]?.body).toBe(of('kafka')[3]?.body)
})

it('previews batches as batches, and without keys as the original', async () => {
  const { records } = await preview({ sinks: ['rest'], batch: 4, partitionKey: { kind: 'none' } })
  expect(records.map(({ kind, body }) => [kind, JSON.parse(body).records.length])).toEqual([
    ['pin', 4],
    ['geo', 4],
    ['user', 4],
    ['pin', 4],
    ['geo', 4],
    ['user', 4],
    ['pin', 2],
    ['geo', 2],
    ['user', 2],
  ])
  expect(Object.keys(JSON.parse(records[0]?.body ?? '').records[0])).toEqual(['value'])
})

it('shows fewer where fewer posts would go out, and warns before anything does', async () => {
  const { records, warnings } = await preview({ sinks: ['kafka'], posts: 2, acks: 'none' })
  expect(records.length).toBe(6)
  expect(warnings).toEqual([expect.stringContaining('acks=none')])
})
