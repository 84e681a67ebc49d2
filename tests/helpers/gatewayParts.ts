/** A gateway in front of a real broker and our real Kinesis, on free ports and in its own folder. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { KafkaClient } from '../../electron/clients/kafka/types.ts'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import type { KinesisClient } from '../../electron/clients/kinesis/types.ts'
import { type Gateway, type GatewayOptions, startGateway } from '../../electron/gateway/gateway.ts'
import { type KinesisServer, startKinesisServer } from '../../electron/local/kinesis/server.ts'
import { startBroker, type TestBroker } from './broker.ts'

export interface GatewayParts {
  readonly broker: TestBroker
  readonly kafka: KafkaClient
  readonly kinesis: KinesisClient
  readonly kinesisServer: KinesisServer
  readonly lines: string[]
  /** Another gateway over the same broker and Kinesis; ended with the rest. */
  gateway(options?: Partial<GatewayOptions>): Promise<Gateway>
  stop(): Promise<void>
}

export async function startGatewayParts(): Promise<GatewayParts> {
  const home = await mkdtemp(join(tmpdir(), 'gateway-'))
  const lines: string[] = []
  const log = (line: string) => void lines.push(line)
  const [broker, kinesisServer] = await Promise.all([
    startBroker(),
    startKinesisServer({ dir: join(home, 'kinesis'), port: 0, enforceLimits: true, log }),
  ])
  const kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'gateway-test' })
  const kinesis = connectKinesis({ endpoint: kinesisServer.endpoint, region: 'us-east-1' })
  const gateways: Gateway[] = []
  return {
    broker,
    kafka,
    kinesis,
    kinesisServer,
    lines,
    gateway: async (options = {}) => {
      const gateway = await startGateway({
        host: '127.0.0.1',
        port: 0,
        stage: '',
        kafka,
        kinesis,
        corsOrigins: [],
        maxBodyBytes: 12 * 1024 * 1024,
        log,
        ...options,
      })
      gateways.push(gateway)
      return gateway
    },
    stop: async () => {
      for (const gateway of gateways) await gateway.close()
      await kafka.close()
      await kinesis.close()
      await kinesisServer.close()
      await broker.stop()
      await rm(home, { recursive: true, force: true })
    },
  }
}

/** Every value of a topic's partition, in order, as text. */
export async function valuesOf(kafka: KafkaClient, topic: string, partition = 0): Promise<(string | null)[]> {
  const ends = (await kafka.offsets(topic)).filter((each) => each.partition === partition)
  const values: (string | null)[] = []
  const from = ends.map(({ low }) => ({ partition, offset: low }))
  const until = ends.map(({ high }) => ({ partition, offset: high }))
  for await (const batch of kafka.read({ topic, from, until, signal: AbortSignal.timeout(30_000) })) {
    values.push(...batch.records.map((record) => record.value?.toString() ?? null))
  }
  return values
}

/** Every record's data of a stream with one shard, as text. */
export async function streamData(kinesis: KinesisClient, stream: string): Promise<string[]> {
  const [shard] = await kinesis.shards(stream)
  if (shard === undefined) return []
  let iterator: string | null = await kinesis.iterator(stream, shard.id, { type: 'TRIM_HORIZON' })
  const data: string[] = []
  while (iterator !== null) {
    const read = await kinesis.getRecords(shard.id, iterator, 10_000)
    data.push(...read.records.map((record) => record.data.toString()))
    if (read.millisBehindLatest === 0 && read.records.length === 0) break
    iterator = read.next
  }
  return data
}

export interface Talk {
  call(method: string, path: string, body?: string | object, headers?: Record<string, string>): Promise<Said>
  /** POST of records in the json format. */
  produce(topic: string, records: readonly object[]): Promise<Said>
}

export interface Said {
  readonly status: number
  readonly headers: Headers
  // biome-ignore lint/suspicious/noExplicitAny: tests look into bodies of every shape
  readonly json: any
}

/** Requests to one gateway; every body that comes back must be JSON. */
export function talkTo(gateway: () => Pick<Gateway, 'url'>): Talk {
  const call: Talk['call'] = async (method, path, body, headers = {}) => {
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(gateway().url + path, {
      method,
      headers,
      ...(text === undefined ? {} : { body: text }),
    })
    const said = await response.text()
    return { status: response.status, headers: response.headers, json: said === '' ? null : JSON.parse(said) }
  }
  return {
    call,
    produce: (topic, records) =>
      call('POST', `/topics/${topic}`, { records }, { 'content-type': 'application/vnd.kafka.json.v2+json' }),
  }
}
