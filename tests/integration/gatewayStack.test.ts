/** The stack's child program as it is shipped: starts without a broker, lives through its loss, ends cleanly or with the app. */
import { type ChildProcess, fork } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { ChildMessage } from '../../electron/lib/child.ts'
import { writingFolder } from '../../electron/local/lake/paths.ts'
import { brokerMissing, startBroker, type TestBroker } from '../helpers/broker.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { talkTo } from '../helpers/gatewayParts.ts'
import { type TestKinesis, testKinesis } from '../helpers/kinesis.ts'
import { until } from '../helpers/until.ts'

const missing = await brokerMissing()

interface Stack {
  readonly child: ChildProcess
  readonly messages: ChildMessage[]
  readonly exited: Promise<number | null>
  url(): string
  numbers(): Readonly<Record<string, number>>
}

describe.skipIf(missing !== null && !process.env.CI)(`stack child ${missing ?? ''}`, () => {
  let built: Awaited<ReturnType<typeof buildEntry>>
  let broker: TestBroker
  let kinesis: TestKinesis
  let home: string
  const running: ChildProcess[] = []

  beforeAll(async () => {
    if (missing !== null) throw new Error(missing)
    home = await mkdtemp(join(tmpdir(), 'stack-'))
    built = await buildEntry('stack')
    broker = await startBroker()
    kinesis = await testKinesis()
    await kinesis.ask('CreateStream', { StreamName: 's', ShardCount: 1 })
  })
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL')
  })
  afterAll(async () => {
    await broker?.stop()
    await kinesis?.stop()
    await built?.remove()
    if (home) await rm(home, { recursive: true, force: true })
  })

  const config = (more: object = {}) => ({
    gateway: { port: 0, stage: 'test', corsOrigins: [], maxBodyBytes: 1_000_000 },
    kafka: { bootstrap: [broker.bootstrap] },
    kinesis: { endpoint: kinesis.server.endpoint, region: 'us-east-1' },
    lake: null,
    ...more,
  })

  function start(options: object): Stack {
    const child = fork(built.file, [JSON.stringify(options)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    })
    running.push(child)
    const messages: ChildMessage[] = []
    child.on('message', (message: ChildMessage) => messages.push(message))
    const exited = new Promise<number | null>((resolve) => child.once('exit', resolve))
    return {
      child,
      messages,
      exited,
      url: () => {
        const ready = messages.find((message) => message.type === 'ready')
        return ready?.type === 'ready' ? (ready.address.gateway ?? '') : ''
      },
      numbers: () => {
        const last = messages.findLast((message) => message.type === 'stats')
        return last?.type === 'stats' ? last.numbers : {}
      },
    }
  }
  const begin = async (
    options: object,
  ): Promise<Stack & { produce: ReturnType<typeof talkTo>['produce'] }> => {
    const stack = start(options)
    await until(() => stack.url() !== '')
    return { ...stack, produce: talkTo(() => ({ url: stack.url() })).produce }
  }

  it('tells its address and its numbers, and ends with 0 when it is told to', async () => {
    const stack = await begin(config())
    expect(stack.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/test$/)
    const { call } = talkTo(() => ({ url: stack.url() }))
    const put = await call(
      'PUT',
      '/streams/s/record',
      { Data: { a: 1 }, PartitionKey: 'k' },
      {
        'content-type': 'application/json',
      },
    )
    expect(put.status).toBe(200)
    await until(() => stack.numbers()['gateway.stream.s'] === 1)
    expect(stack.numbers()).toMatchObject({
      'gateway.requests': 1,
      'gateway.errors': 0,
      'gateway.inFlight': 0,
    })
    stack.child.send({ type: 'stop' })
    expect(await stack.exited).toBe(0)
    await expect(fetch(stack.url())).rejects.toThrow()
  })

  it('lives through the loss of the broker, and starts while it is away', async () => {
    const early = await begin(config())
    const kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'stack-test' })
    await kafka.createTopic({ topic: 't', partitions: 1 })
    await kafka.close()
    expect((await early.produce('t', [{ value: 1 }])).status).toBe(200)
    await broker.kill()
    const late = await begin(config())
    const away = await late.produce('t', [{ value: 2 }])
    expect([away.status, away.json.error_code]).toEqual([503, 50302])
    await broker.restart()
    for (const stack of [early, late]) {
      await until(async () => (await stack.produce('t', [{ value: 3 }])).status === 200)
    }
    expect([early.child.exitCode, late.child.exitCode]).toEqual([null, null])
  })

  it('drains the gateway and puts the lake’s records into place before it ends', async () => {
    const kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'stack-test' })
    await kafka.createTopic({ topic: 'u.pin', partitions: 1 })
    await kafka.close()
    const dir = join(home, 'lake')
    const lake = { dir, topics: ['u.pin'], flushSize: 3, rotateMs: 3_600_000, group: 'pipeline-lake-test' }
    const stack = await begin(config({ lake }))
    const values = Array.from({ length: 5 }, (_, n) => ({ n, big: 'x'.repeat(n) }))
    await stack.produce(
      'u.pin',
      values.map((value) => ({ value })),
    )
    // One file in place, and the other two lines written aside: only what was read can be put into place.
    await until(async () => {
      const aside = await readFile(join(writingFolder(dir), 'u.pin+0+0000000003.json'), 'utf8')
      return stack.numbers()['lake.files'] === 1 && aside.split('\n').length === 3
    })
    stack.child.send({ type: 'stop' })
    expect(await stack.exited).toBe(0)
    const folder = join(dir, 'topics/u.pin/partition=0')
    expect((await readdir(folder)).sort()).toEqual(['u.pin+0+0000000000.json', 'u.pin+0+0000000003.json'])
    const texts = await Promise.all(
      (await readdir(folder)).sort().map((name) => readFile(join(folder, name), 'utf8')),
    )
    const lines = texts.join('').trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual(values)
  })

  it('ends when the app is gone', async () => {
    const stack = await begin(config())
    stack.child.disconnect()
    expect(await stack.exited).toBe(0)
  })

  it('says why it cannot start', async () => {
    const first = await begin(config())
    const port = Number(new URL(first.url()).port)
    const second = start(config({ gateway: { ...config().gateway, port } }))
    expect(await second.exited).toBe(1)
    expect(second.messages).toMatchObject([{ type: 'failed', code: 'PORT_TAKEN' }])
  })
})
