/** The gateway on the wire: pipelining, bodies too large, cut and generated, callers who stop, a broker that is killed. */
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Gateway } from '../../electron/gateway/gateway.ts'
import { badBodies } from '../helpers/badBodies.ts'
import { brokerMissing } from '../helpers/broker.ts'
import { type GatewayParts, startGatewayParts, talkTo, valuesOf } from '../helpers/gatewayParts.ts'
import { until } from '../helpers/until.ts'

const missing = await brokerMissing()
const jsonType = 'application/vnd.kafka.json.v2+json'
const stream = 'pins'

describe.skipIf(missing !== null && !process.env.CI)(`gateway on the wire ${missing ?? ''}`, () => {
  let parts: GatewayParts
  let gateway: Gateway

  beforeAll(async () => {
    if (missing !== null) throw new Error(missing)
    parts = await startGatewayParts()
    gateway = await parts.gateway()
    await parts.kinesis.createStream(stream, 1, AbortSignal.timeout(30_000))
  })
  afterAll(() => parts?.stop())

  const { call, produce } = talkTo(() => gateway)
  let topics = 0
  const newTopic = async (partitions = 1) => {
    const topic = `t${++topics}`
    await parts.kafka.createTopic({ topic, partitions })
    return topic
  }

  /** Writes raw bytes; answers all that came back by the time the gateway closed or went quiet. */
  const raw = (text: string, until = (_: string) => false) =>
    new Promise<string>((resolve, reject) => {
      const socket: Socket = connect(gateway.port, '127.0.0.1', () => socket.write(text))
      let answer = ''
      socket.setTimeout(60_000, () => socket.destroy(new Error('no end')))
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1')
        if (until(answer)) socket.destroy()
      })
      socket.on('close', () => resolve(answer))
      socket.on('error', (error) => (answer === '' ? reject(error) : resolve(answer)))
    })
  const head = (line: string, more = '') =>
    `${line} HTTP/1.1\r\nHost: 127.0.0.1:${gateway.port}\r\n${more}\r\n`

  it('answers pipelined requests in their order', async () => {
    const topic = await newTopic()
    const body = (n: number) => `{"records":[{"value":${n}}]}`
    const one = (n: number) =>
      head(`POST /topics/${topic}`, `Content-Type: ${jsonType}\r\nContent-Length: ${body(n).length}\r\n`) +
      body(n)
    const answer = await raw(
      Array.from({ length: 9 }, (_, n) => one(n)).join('') + head('GET /brokers', 'Connection: close\r\n'),
    )
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(10)
    expect([...answer.matchAll(/"offset":(\d+)/g)].map((match) => Number(match[1]))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8,
    ])
    expect(await valuesOf(parts.kafka, topic)).toEqual(Array.from({ length: 9 }, (_, n) => `${n}`))
  })

  it('answers 413 to 20 MB, and still serves that caller', async () => {
    const topic = await newTopic()
    const body = `{"records":[{"value":"${'x'.repeat(20_000_000)}"}]}`
    expect((await call('POST', `/topics/${topic}`, body, { 'content-type': jsonType })).status).toBe(413)
    const chunked = new ReadableStream({
      start(controller) {
        for (let n = 0; n < 20; n++) controller.enqueue(new Uint8Array(1_000_000).fill(0x20))
        controller.close()
      },
    })
    const response = await fetch(`${gateway.url}/topics/${topic}`, {
      method: 'POST',
      headers: { 'content-type': jsonType },
      body: chunked,
      duplex: 'half',
    } as RequestInit)
    expect(response.status).toBe(413)
    expect((await call('GET', '/brokers')).status).toBe(200)
    expect(
      (
        await call(
          'POST',
          `/topics/${topic}`,
          { records: [{ value: 'x'.repeat(900_000) }] },
          { 'content-type': jsonType },
        )
      ).json.offsets[0].offset,
    ).toBe(0)
  })

  it.each([
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['another Host', 'GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n', 403],
    ['no HTTP', 'not http at all\r\n\r\n', 400],
    ['too long a header', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'a'.repeat(40_000)}\r\n\r\n`, 431],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
  ])('answers %s', async (_, text, status) => {
    expect(await raw(text)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `))
  })

  it('lets nobody hold a connection by sending slowly', async () => {
    const slow = await parts.gateway({ headersMs: 300 })
    const socket = connect(slow.port, '127.0.0.1', () => socket.write('GET /topics HTTP/1.1\r\nHost: '))
    const dripping = setInterval(() => socket.write('x'), 50)
    const answer = await new Promise<string>((resolve) => {
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk.toString()
      })
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(text))
    })
    clearInterval(dripping)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('answers bad paths', async () => {
    for (const [path, status] of [
      ['/topics/%zz', 400],
      ['/topics/..%2f..%2fetc', 404],
      [`/topics/${'x'.repeat(5_000)}`, 414],
      ['/topics/%00', 404],
      ['//topics', 404],
    ] as const) {
      const answer = await raw(head(`GET ${path}`, 'Connection: close\r\n'))
      expect([path, answer.slice(0, 12)]).toEqual([path, `HTTP/1.1 ${status}`])
    }
  })

  it('is not hurt by callers who stop in the middle', async () => {
    const stopped = [
      'POST /topics/t1 HTTP/1.1\r\nHost: ',
      `${head('POST /topics/t1', `Content-Type: ${jsonType}\r\nContent-Length: 1000\r\n`)}{"records":[`,
    ]
    for (const text of stopped) {
      await new Promise<void>((resolve) => {
        const socket = connect(gateway.port, '127.0.0.1', () => socket.write(text, () => socket.destroy()))
        socket.on('close', () => resolve())
      })
    }
    await expect.poll(() => gateway.stats().inFlight).toBe(0)
    expect((await call('GET', '/brokers')).status).toBe(200)
  })

  it('hands out again what went to a caller who had left', async () => {
    const topic = await newTopic()
    const kafkaType = 'application/vnd.kafka.v2+json'
    const control = (path: string, body: object) => call('POST', path, body, { 'content-type': kafkaType })
    const at = '/consumers/leavers/instances/c'
    await control('/consumers/leavers', { name: 'c', format: 'json', 'auto.offset.reset': 'earliest' })
    await control(`${at}/subscription`, { topics: [topic] })
    const read = () => call('GET', `${at}/records?timeout=2000`, undefined, { accept: jsonType })
    const assigned = async () => (await call('GET', `${at}/assignments`)).json.partitions.length === 1
    await until(async () => (await read()).status === 200 && (await assigned()))
    const socket = connect(gateway.port, '127.0.0.1', () =>
      socket.write(head(`GET ${at}/records?timeout=20000`, `Accept: ${jsonType}\r\n`)),
    )
    const busy = async () =>
      (await control(`${at}/positions`, { offsets: [{ topic, partition: 0, offset: 0 }] })).status
    await until(async () => (await busy()) === 409)
    await new Promise<void>((resolve) => {
      socket.once('close', resolve)
      socket.destroy()
    })
    await produce(topic, [{ value: 1 }])
    await until(async () => (await read()).json[0]?.value === 1)
    expect((await parts.kafka.committed('leavers', topic))[0]?.offset).toBeNull()
    await call('DELETE', at)
    expect((await parts.kafka.committed('leavers', topic))[0]?.offset).toBe(1n)
  })

  it('never answers 5xx to generated bad bodies, and never stores them', async () => {
    const topic = await newTopic()
    const good = '{"records":[{"key":"k","value":{"a":[1,2.5,"\\u00e9",null,true]},"partition":0}]}'
    const statuses = new Set<number>()
    let stored = 0
    for (const [n, body] of badBodies(good).entries()) {
      const type = n % 7 === 0 ? 'application/vnd.kafka.binary.v2+json' : jsonType
      const [proxy, put] = await Promise.all([
        fetch(`${gateway.url}/topics/${topic}`, {
          method: 'POST',
          headers: { 'content-type': type },
          body,
        }),
        fetch(`${gateway.url}/streams/${stream}/record${n % 2 ? 's' : ''}`, {
          method: 'PUT',
          headers: { 'content-type': 'application/json' },
          body,
        }),
      ])
      const answer = (await proxy.json()) as { offsets: { error_code: number | null }[] }
      await put.arrayBuffer()
      statuses.add(proxy.status).add(put.status)
      if (proxy.status === 200) stored += answer.offsets.filter((each) => each.error_code === null).length
    }
    expect([...statuses].filter((status) => status >= 500)).toEqual([])
    expect([...statuses]).toContain(400)
    expect([...statuses]).toContain(422)
    const values = await valuesOf(parts.kafka, topic)
    expect(values).toHaveLength(stored)
    for (const value of values) if (value !== null) JSON.parse(value)
    expect(parts.lines).toEqual([])
  })

  it('writes nothing twice and loses nothing acknowledged when the broker is killed', async () => {
    const topic = await newTopic(2)
    const acknowledged = new Map<string, string>()
    const uncertain = new Set<string>()
    const statuses = new Set<number>()
    let running = true
    const caller = async (name: number) => {
      for (let n = 0; running; n++) {
        const values = Array.from({ length: 10 }, (_, at) => `${name}/${n}/${at}`)
        const answer = await produce(
          topic,
          values.map((value) => ({ value })),
        )
        statuses.add(answer.status)
        if (answer.status === 503) {
          await new Promise((resolve) => setTimeout(resolve, 50))
          continue
        }
        for (const [at, value] of values.entries()) {
          const position = answer.json.offsets?.[at]
          if (position?.error_code === null)
            acknowledged.set(`${position.partition}/${position.offset}`, value)
          else uncertain.add(value)
        }
      }
    }
    const callers = Promise.all(Array.from({ length: 4 }, (_, name) => caller(name)))
    await expect.poll(() => acknowledged.size).toBeGreaterThan(200)
    await parts.broker.kill()
    const before = acknowledged.size
    await parts.broker.restart()
    await expect.poll(() => acknowledged.size, { timeout: 60_000 }).toBeGreaterThan(before + 200)
    running = false
    await callers
    const found = (await Promise.all([0, 1].map((partition) => valuesOf(parts.kafka, topic, partition)))).map(
      (values) => values.map((value) => JSON.parse(value ?? '')),
    )
    for (const [place, value] of acknowledged) {
      const [partition, offset] = place.split('/').map(Number)
      expect(found[partition ?? 0]?.[offset ?? 0]).toBe(value)
    }
    const all = found.flat()
    expect(new Set(all).size).toBe(all.length)
    const known = new Set([...acknowledged.values(), ...uncertain])
    expect(all.filter((value) => !known.has(value))).toEqual([])
    expect([...statuses].filter((status) => ![200, 503, 504].includes(status))).toEqual([])
  })
})
