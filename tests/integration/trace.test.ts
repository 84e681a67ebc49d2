/** One post followed through a real stack: every place it names holds that record, read by other means. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import type { Hop, RecordPlace, Trace } from '../../shared/contract/trace.ts'
import { kinds } from '../../shared/names.ts'
import { runProgram } from '../helpers/home.ts'
import { pipeline, plan, startOwner, type TestOwner } from '../helpers/owner.ts'

let owner: TestOwner
let sent: Trace
beforeAll(async () => {
  owner = await startOwner()
  const [item] = (await owner.client.pipelines.list()).items
  if (item === undefined) throw new Error('no pipeline')
  const lake = { ...item.settings.lake, 'rotate.schedule.interval.ms': 1_000 }
  await owner.client.pipelines.update({ pipeline, settings: { ...item.settings, lake } })
  await plan(owner.client, 'apply')
})
afterAll(async () => {
  await owner.stop()
  await owner.home.remove()
})

async function last(traces: AsyncIterable<Trace>): Promise<Trace> {
  let found: Trace | undefined
  for await (const trace of traces) found = trace
  if (found === undefined) throw new Error('no trace')
  return found
}
const hop = ({ hops }: Trace, kind: string | null, step: Hop['step']): Hop => {
  const found = hops.find((each) => each.kind === kind && each.step === step)
  if (found === undefined) throw new Error(`no hop ${step} of ${kind}`)
  return found
}
const placeIn = (trace: Trace, kind: string, step: Hop['step']): RecordPlace => {
  const { place } = hop(trace, kind, step)
  if (place === null) throw new Error(`no place of ${step}`)
  return place
}

/** The value at a place, by a reader of this test's own. */
async function valueAt(place: RecordPlace): Promise<string> {
  const status = await owner.client.local.status({ pipeline })
  if (place.in === 'topic') {
    const kafka = await connectKafka({ bootstrap: [status.kafka.bootstrap], clientId: 'test' })
    const offset = BigInt(place.offset)
    const at = { partition: place.partition }
    const range = { from: [{ ...at, offset }], until: [{ ...at, offset: offset + 1n }] }
    const signal = new AbortController().signal
    const found: string[] = []
    for await (const { records } of kafka.read({ topic: place.topic, ...range, signal }))
      found.push(...records.map(({ value }) => String(value)))
    await kafka.close()
    return found.join()
  }
  const kinesis = connectKinesis({ endpoint: status.kinesis.endpoint, region: 'us-east-1' })
  const start = { type: 'AT_SEQUENCE_NUMBER', sequence: BigInt(place.sequence) } as const
  const iterator = await kinesis.iterator(place.stream, place.shard, start)
  const { records } = await kinesis.getRecords(place.shard, iterator, 1)
  await kinesis.close()
  return String(records[0]?.data)
}

it('sends one post, and every hop is where it says', async () => {
  sent = await last(await owner.client.trace.send({ pipeline }))
  expect(sent.problem).toBeNull()
  expect(sent.hops).toHaveLength(15)
  expect(sent.hops.filter(({ state }) => state !== 'reached')).toEqual([])
  const status = await owner.client.local.status({ pipeline })
  for (const kind of kinds) {
    const value = await valueAt(placeIn(sent, kind, 'topic'))
    expect(JSON.parse(value)).toMatchObject(kind === 'pin' ? { index: sent.index } : { ind: sent.index })
    expect(await valueAt(placeIn(sent, kind, 'stream'))).toBe(value)
    const [file = '', line = ''] = hop(sent, kind, 'lake').text.split(', line ')
    const lines = (await readFile(join(status.lake.path, file), 'utf8')).split('\n')
    expect(lines[Number(line) - 1]).toBe(value)
    // Each hop comes after the one before it.
    for (const step of ['gatewayToKafka', 'topic', 'lake', 'gatewayToKinesis', 'stream'] as const)
      expect(hop(sent, kind, step).tookMs, step).toBeGreaterThanOrEqual(0)
    expect(hop(sent, kind, 'lake').afterMs).toBeGreaterThanOrEqual(
      hop(sent, kind, 'gatewayToKafka').afterMs ?? 0,
    )
  }
})

it('finds the others from one of its places, either way', async () => {
  const inTopic = placeIn(sent, 'pin', 'topic')
  const inStream = placeIn(sent, 'pin', 'stream')
  const fromTopic = await last(await owner.client.trace.find({ pipeline, place: inTopic }))
  const fromStream = await last(await owner.client.trace.find({ pipeline, place: inStream }))
  for (const found of [fromTopic, fromStream]) {
    expect(found.problem).toBeNull()
    expect(found.hops.map(({ step, state }) => `${step} ${state}`).sort()).toEqual([
      'lake reached',
      'stream reached',
      'topic reached',
    ])
    expect([placeIn(found, 'pin', 'topic'), placeIn(found, 'pin', 'stream')]).toEqual([inTopic, inStream])
    expect(hop(found, 'pin', 'lake').text).toBe(hop(sent, 'pin', 'lake').text)
  }
})

it('says what is not there', async () => {
  const { results } = await owner.client.streamOps.put({
    pipeline,
    stream: 'streaming-learner-geo',
    anyValue: true,
    records: [{ partitionKey: 'a', data: { encoding: 'utf8', data: '{"only": "here"}' } }],
  })
  const put = results[0]?.place
  if (put == null) throw new Error('not put')
  const place = { in: 'stream', stream: 'streaming-learner-geo', ...put } as const
  const found = await last(await owner.client.trace.find({ pipeline, place }))
  expect(hop(found, 'geo', 'stream').state).toBe('reached')
  expect(hop(found, 'geo', 'topic')).toMatchObject({
    state: 'missing',
    note: expect.stringContaining('a minute before'),
  })
  const nowhere = { in: 'topic', topic: 'learner.pin', partition: 0, offset: '99999' } as const
  expect((await last(await owner.client.trace.find({ pipeline, place: nowhere }))).problem?.code).toBeTruthy()
})

it('is the same in the terminal', async () => {
  const { code, out, err } = await runProgram('cli.js', ['trace', '--json'], owner.home.env)
  expect(code, err).toBe(0)
  expect(JSON.parse(out).hops).toHaveLength(15)
  const wrong = await runProgram('cli.js', ['trace', '--topic', 'learner.pin'], owner.home.env)
  expect(wrong.code).toBe(2)
})
