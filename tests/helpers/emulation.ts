/** All that an emulation needs, real and on free ports: broker, Kinesis, gateway, topics, streams, and the feature. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createRouterClient, type RouterClient } from '@orpc/server'
import type { WhoseKeys } from '../../electron/clients/aws/types.ts'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import type { KafkaClient } from '../../electron/clients/kafka/types.ts'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import type { KinesisClient } from '../../electron/clients/kinesis/types.ts'
import type { Targets } from '../../electron/emulator/targets.ts'
import { emulationFeature } from '../../electron/features/emulation.ts'
import { openNamedItems, presetsFile } from '../../electron/features/namedItems.ts'
import { openSecretFile } from '../../electron/features/secretFile.ts'
import { gatewaySecret } from '../../electron/features/secretNames.ts'
import { openSecretStore } from '../../electron/features/secretStore.ts'
import { startGateway } from '../../electron/gateway/gateway.ts'
import { secret } from '../../electron/lib/secret.ts'
import type { EmulationInput, RunSnapshot } from '../../shared/emulation.ts'
import { kinds, streamName, topicName } from '../../shared/names.ts'
import { presetSchema } from '../../shared/presets.ts'
import { settingsSchema } from '../../shared/settings.ts'
import { startBroker, type TestBroker } from './broker.ts'
import { buildEntry } from './builtEntry.ts'
import { type TestKinesis, testKinesis } from './kinesis.ts'

export const pipeline = 'this-computer'

export interface Bench {
  readonly broker: TestBroker
  readonly kinesis: TestKinesis
  readonly kafkaClient: KafkaClient
  readonly kinesisClient: KinesisClient
  /** Folder with the built `pumpWorker.mjs`. */
  readonly entries: string
  readonly targets: Targets
  stop(): Promise<void>
}

const named = (name: (kind: (typeof kinds)[number]) => string) => ({
  pin: name('pin'),
  geo: name('geo'),
  user: name('user'),
})

/** `parts`: partitions of each topic and shards of each stream. */
export async function startBench(
  options: { readonly parts?: number; readonly lakeDir?: string } = {},
): Promise<Bench> {
  const { parts = 2, lakeDir = null } = options
  const [broker, kinesis, built] = await Promise.all([startBroker(), testKinesis(), buildEntry('pumpWorker')])
  const kafkaClient = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'test' })
  const kinesisEndpoint = kinesis.server.endpoint
  const kinesisClient = connectKinesis({ endpoint: kinesisEndpoint, region: 'us-east-1' })
  const topics = named((kind) => topicName('learner', kind))
  const streams = named((kind) => streamName('learner', kind))
  for (const kind of kinds) {
    await kafkaClient.createTopic({ topic: topics[kind], partitions: parts })
    await kinesisClient.createStream(streams[kind], parts, new AbortController().signal)
  }
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    stage: 'test',
    kafka: kafkaClient,
    kinesis: kinesisClient,
    corsOrigins: [],
    maxBodyBytes: 12_582_912,
    log: () => undefined,
  })
  return {
    broker,
    kinesis,
    kafkaClient,
    kinesisClient,
    entries: dirname(built.file),
    targets: {
      kafkaBootstrap: broker.bootstrap,
      gatewayUrl: gateway.url,
      kinesisEndpoint,
      region: 'us-east-1',
      lakeDir,
      topics,
      streams,
    },
    stop: async () => {
      await gateway.close()
      await kafkaClient.close()
      await kinesisClient.close()
      await kinesis.stop()
      await broker.stop()
      await built.remove()
    },
  }
}

export type EmulationClient = RouterClient<ReturnType<typeof emulationFeature>['router']>

export interface Emulations {
  readonly client: EmulationClient
  readonly home: string
  readonly activity: string[]
  /** Starts a run and answers its last snapshot. */
  run(options: EmulationInput, password?: string): Promise<RunSnapshot>
  /** The last snapshot of a watch. */
  end(runId: string): Promise<RunSnapshot>
  verify(runId: string): Promise<RunSnapshot>
  close(): Promise<void>
}

/** The feature over a data folder: its own, or one that another process left behind. */
export async function openEmulations(
  entries: string,
  targets: Targets | (() => Targets),
  options: {
    readonly home?: string
    readonly minFreeGiB?: number
    /** Below what the settings allow, so that a test can pass it. */
    readonly maxDataGiB?: () => number
    readonly gatewayKey?: string
    readonly settings?: object
    /** Of the pipeline's identity; none by default. */
    readonly awsKeys?: WhoseKeys
    /** Hears when the targets may have moved. */
    readonly onTargets?: (listener: () => void) => () => void
  } = {},
): Promise<Emulations> {
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'emulations-')))
  const activity: string[] = []
  const secrets = openSecretStore(await openSecretFile(home), null)
  if (options.gatewayKey !== undefined) secrets.hold(gatewaySecret(pipeline), secret(options.gatewayKey))
  const feature = emulationFeature({
    presets: await openNamedItems(presetsFile(home), presetSchema),
    folders: { home, entries },
    settings: {
      get: () => ({
        ...settingsSchema.parse({ minFreeGiB: options.minFreeGiB ?? 0.1, ...options.settings }),
        ...(options.maxDataGiB === undefined ? {} : { maxDataGiB: options.maxDataGiB() }),
      }),
    },
    targets: () => (typeof targets === 'function' ? targets() : targets),
    machine: async () => null,
    kafkaSecurity: async () => null,
    awsKeys: () => options.awsKeys ?? null,
    onTargets: (_pipeline, listener) => options.onTargets?.(listener) ?? (() => {}),
    activity: { add: ({ text }) => activity.push(text) },
    secrets,
  })
  const client = createRouterClient(feature.router)
  const end = async (runId: string) => {
    let last: RunSnapshot | undefined
    for await (const snapshot of await client.watch({ pipeline, runId })) last = snapshot
    if (last === undefined) throw new Error('There was nothing to watch.')
    return last
  }
  return {
    client,
    home,
    activity,
    end,
    run: async (input, password) => {
      const { runId } = await client.start({ pipeline, options: input, ...(password ? { password } : {}) })
      return end(runId)
    },
    verify: async (runId) => {
      await client.verify({ pipeline, runId })
      return end(runId)
    },
    close: async () => {
      await feature.runs.stopAll()
      if (options.home === undefined) await rm(home, { recursive: true, force: true })
    },
  }
}
