/** The stack of one pipeline on this computer: broker, Kinesis, and gateway with lake, each kept running. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../../shared/contract/base.ts'
import type { LakeChoice } from '../../shared/contract/local.ts'
import type { Pipeline } from '../../shared/contract/settings.ts'
import { AppError } from '../../shared/errors.ts'
import { connectKafka } from '../clients/kafka/client.ts'
import type { KafkaClient } from '../clients/kafka/types.ts'
import { connectKinesis } from '../clients/kinesis/client.ts'
import type { KinesisClient } from '../clients/kinesis/types.ts'
import { choosePort } from '../lib/ports.ts'
import type { Platform } from '../platform.ts'
import { startBroker } from './kafka/broker.ts'
import { type Leftovers, leftovers } from './process/leftovers.ts'
import { type NodeProgram, startNodeProgram } from './process/nodeProgram.ts'
import { type Running, type Supervisor, supervisor } from './process/supervisor.ts'

export const region = 'us-east-1'

/** Its committed offsets only show how far the lake is (decision 5). */
export const lakeGroup = (pipeline: string): string => `pipeline-lake-${pipeline}`

export interface StackOptions {
  readonly platform: Pick<Platform, 'fork' | 'folders'>
  /** The pipeline as it is now; settings may change between two starts. */
  pipeline(): Pipeline
  /** Something a person may want to know: a restart, a given-up child. */
  tell(level: 'info' | 'warn' | 'bad', text: string): void
  log(line: string): void
}

export interface LocalStack {
  readonly broker: Supervisor
  readonly kinesis: Supervisor
  /** Gateway and lake. */
  readonly stack: Supervisor
  readonly leftovers: Leftovers
  /** What the broker is started with; known once Java and Kafka are. */
  configure(programs: { readonly java: string; readonly libs: string }): void
  /** In words, where a wanted port was taken; by part. */
  readonly portNotes: ReadonlyMap<string, string>
  /** ms since 1970 when the last part became ready; null while one is missing. */
  since(): number | null
  running(): boolean
  problems(): Problem[]
  /** The newest counters of the children. */
  numbers(): Readonly<Record<string, number>>
  /** Shared; throws AppError STACK_STOPPED where the broker does not run. */
  kafka(): Promise<KafkaClient>
  /** Shared; throws AppError STACK_STOPPED. */
  kinesisClient(): KinesisClient
  tellLake(topic: string, partition: number, choice: LakeChoice): void
  onChange(listener: () => void): void
  /** Ends all in the order in which data flows. */
  stop(): Promise<void>
}

function stopped(what: string): AppError {
  return new AppError({
    code: 'STACK_STOPPED',
    message: `${what} does not run.`,
    hint: 'Press Start, or run pipeline local up.',
  })
}

export function localStack({ platform, pipeline, tell, log }: StackOptions): LocalStack {
  const { folders } = platform
  const listeners = new Set<() => void>()
  const ports = new Map<string, number>()
  const portNotes = new Map<string, string>()
  const programs: { value: { readonly java: string; readonly libs: string } | null } = { value: null }
  const left = leftovers(pipeline().folder)
  let since: number | null = null
  let kafkaClient: { readonly bootstrap: string; readonly client: Promise<KafkaClient> } | null = null
  let kinesisClient: { readonly endpoint: string; readonly client: KinesisClient } | null = null

  /** A port is chosen once and kept: clients that are connected find a restarted child at the same place. */
  const portOf = async (part: string, wanted: number): Promise<number> => {
    const known = ports.get(part)
    if (known !== undefined) return known
    const { port, taken } = await choosePort(wanted)
    ports.set(part, port)
    if (taken !== null) {
      portNotes.set(part, `${taken}, so ${port} was chosen`)
      tell('warn', `${taken}; ${part} uses ${port} instead`)
    }
    return port
  }
  const recorded = async (name: string, running: Running): Promise<Running> => {
    await left.record(name, running.pid)
    void running.ended.then(() => left.forget(running.pid))
    return running
  }
  const changed = () => {
    const all = [broker, kinesis, stack].every((part) => part.running() !== null)
    since = all ? (since ?? Date.now()) : null
    for (const listener of listeners) listener()
  }
  const supervised = (name: string, start: (signal: AbortSignal) => Promise<Running>): Supervisor => {
    let given = false
    return supervisor({
      name,
      start: async (signal) => recorded(name, await start(signal)),
      onChange: () => {
        changed()
        const problem = supervisors.get(name)?.problem() ?? null
        if (problem?.code === 'CHILD_GIVEN_UP' && !given) tell('bad', problem.message)
        given = problem?.code === 'CHILD_GIVEN_UP'
      },
      log: (line) => {
        log(line)
        tell('warn', line)
      },
    })
  }
  const supervisors = new Map<string, Supervisor>()

  const broker = supervised('The broker', async (signal) => {
    if (programs.value === null) throw stopped('The broker')
    const { folder, settings } = pipeline()
    await mkdir(join(folders.home, 'log'), { recursive: true, mode: 0o700 })
    return startBroker(
      {
        ...programs.value,
        resources: folders.resources,
        cache: folders.cache,
        folder: join(folder, 'kafka'),
        logFile: join(folders.home, 'log', `broker-${pipeline().id}.log`),
        port: await portOf('kafka', settings.ports.kafka),
        controllerPort: await portOf('controller', 0),
        log,
      },
      signal,
    )
  })

  const kinesis = supervised('Kinesis', async (signal) => {
    const { folder, settings } = pipeline()
    return startNodeProgram(
      platform,
      {
        entry: 'kinesis',
        config: {
          dir: join(folder, 'kinesis'),
          port: await portOf('kinesis', settings.ports.kinesis),
          enforceLimits: settings.streams.enforceLimits,
          region,
        },
        onChange: changed,
        log,
      },
      signal,
    )
  })

  const stack = supervised('Gateway and lake', async (signal) => {
    const { id, folder, settings, names } = pipeline()
    const bootstrap = broker.running()?.address.bootstrap
    const endpoint = kinesis.running()?.address.endpoint
    if (bootstrap === undefined) throw stopped('The broker')
    if (endpoint === undefined) throw stopped('Kinesis')
    return startNodeProgram(
      platform,
      {
        entry: 'stack',
        config: {
          gateway: {
            port: await portOf('gateway', settings.ports.gateway),
            stage: settings.gateway.stage,
            corsOrigins: settings.gateway.corsOrigins,
            maxBodyBytes: Math.round(settings.gateway.maxBodyMiB * 1024 * 1024),
          },
          kafka: { bootstrap: [bootstrap] },
          kinesis: { endpoint, region },
          lake: {
            dir: join(folder, 'lake'),
            topics: Object.values(names.topics),
            flushSize: settings.lake['flush.size'],
            rotateMs: settings.lake['rotate.schedule.interval.ms'],
            group: lakeGroup(id),
          },
        },
        onChange: changed,
        log,
      },
      signal,
    )
  })
  supervisors.set('The broker', broker).set('Kinesis', kinesis).set('Gateway and lake', stack)

  // The two Node children are NodePrograms: their supervisors start nothing else.
  const programsRunning = () =>
    [kinesis.running(), stack.running()].filter((running) => running !== null) as NodeProgram[]

  const closeClients = async () => {
    const [kafka, streams] = [kafkaClient, kinesisClient]
    kafkaClient = null
    kinesisClient = null
    await kafka?.client.then((client) => client.close()).catch(() => {})
    await streams?.client.close()
  }

  return {
    broker,
    kinesis,
    stack,
    leftovers: left,
    portNotes,
    configure: (value) => {
      programs.value = value
    },
    since: () => since,
    running: () => since !== null,
    problems: () => [
      ...[broker, kinesis, stack].flatMap((part) => part.problem() ?? []),
      ...programsRunning().flatMap((program) => program.problems()),
    ],
    numbers: () => Object.assign({}, ...programsRunning().map((program) => program.numbers())),
    kafka() {
      const bootstrap = broker.running()?.address.bootstrap
      if (bootstrap === undefined) return Promise.reject(stopped('The broker'))
      if (kafkaClient?.bootstrap !== bootstrap) {
        const client = connectKafka({ bootstrap: [bootstrap], clientId: 'pipeline-control' })
        kafkaClient = { bootstrap, client }
        client.catch(() => {
          if (kafkaClient?.client === client) kafkaClient = null
        })
      }
      return kafkaClient.client
    },
    kinesisClient() {
      const endpoint = kinesis.running()?.address.endpoint
      if (endpoint === undefined) throw stopped('Kinesis')
      if (kinesisClient?.endpoint !== endpoint)
        kinesisClient = { endpoint, client: connectKinesis({ endpoint, region }) }
      return kinesisClient.client
    },
    tellLake: (topic, partition, choice) => {
      const running = stack.running() as NodeProgram | null
      if (running === null) throw stopped('The lake')
      running.tell({ type: 'lake', topic, partition, choice })
    },
    onChange: (listener) => void listeners.add(listener),
    async stop() {
      await stack.stop()
      await kinesis.stop()
      await closeClients()
      await broker.stop()
      ports.clear()
      portNotes.clear()
    },
  }
}
