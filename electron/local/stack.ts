/** The stack of one pipeline on this computer: broker, Kinesis, and gateway with lake, each kept running. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Problem } from '../../shared/contract/base.ts'
import type { LakeChoice } from '../../shared/contract/local.ts'
import type { Pipeline } from '../../shared/contract/settings.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import type { KinesisClient } from '../clients/kinesis/types.ts'
import type { Question } from '../lib/child.ts'
import type { Platform } from '../platform.ts'
import { type BrokerPrograms, isPortTaken, startBroker } from './kafka/broker.ts'
import { type Change, changesBetween, type PartName, type Wanted, wantedOf } from './parts.ts'
import { portBook } from './portBook.ts'
import { type Leftovers, leftovers } from './process/leftovers.ts'
import { type NodeProgram, startNodeProgram } from './process/nodeProgram.ts'
import { type Running, type Supervisor, supervisor } from './process/supervisor.ts'
import { stackClients } from './stackClients.ts'

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
  configure(programs: BrokerPrograms): void
  /** In words, where a wanted port was taken; by part. */
  readonly portNotes: ReadonlyMap<string, string>
  /** What the settings say now that a running part was not started with. */
  changes(part: PartName): Change[]
  /** ms since 1970 when the last part became ready; null while one is missing. */
  since(): number | null
  running(): boolean
  problems(): Problem[]
  /** Asks the children for their counters of this moment, so that `numbers` can be compared with what others say now. */
  look(): Promise<void>
  /** The newest counters of the children. */
  numbers(): Readonly<Record<string, number>>
  /** Shared; throws AppError STACK_STOPPED, CHILD_RESTARTING or CHILD_GIVEN_UP where the broker does not run. */
  kafka(): Promise<KafkaWorkbench>
  /** Shared; throws as `kafka` does. */
  kinesisClient(): KinesisClient
  /** Throws AppError with the lake's reason where it cannot go on that way. */
  tellLake(topic: string, partition: number, choice: LakeChoice): Promise<void>
  /** An incident's limit of one shard; null heals. Throws AppError STREAM_NOT_FOUND, or as `kafka` does. */
  limitShard(limit: ShardLimit): Promise<void>
  /** An incident's delay of each answer of the gateway; 0 heals. Throws as `kafka` does. */
  slowGateway(delayMs: number, until: number): Promise<void>
  /** True while an incident holds back the gateway's answers. */
  slowed(): boolean
  /** Called whenever a part became ready, ended, or told something new. Answers how to leave. */
  onChange(listener: () => void): () => void
  /** Ends all, against the direction in which data flows. */
  stop(): Promise<void>
}

const titles: Readonly<Record<PartName, string>> = {
  broker: 'The broker',
  kinesis: 'Kinesis',
  stack: 'Gateway and lake',
}

function stopped(what: string): AppError {
  return new AppError({
    code: 'STACK_STOPPED',
    message: `${what} does not run.`,
    hint: 'Press Start, or run pipeline local up.',
  })
}

/** A part that is not there now: being restarted, given up, or never started. */
const away = (part: PartName, problem: Problem | null): AppError =>
  problem === null ? stopped(titles[part]) : new AppError(problem)

/** `until` in ms since 1970. */
export interface ShardLimit {
  readonly stream: string
  readonly shard: string
  readonly recordsPerSecond: number | null
  readonly until: number
}

type Start = (signal: AbortSignal, spawned: (pid: number) => void) => Promise<Running>

export function localStack({ platform, pipeline, tell, log }: StackOptions): LocalStack {
  const { folders } = platform
  const listeners = new Set<() => void>()
  const ports = portBook((text) => tell('warn', text))
  const startedWith = new Map<PartName, Wanted>()
  const lastAt = { bootstrap: '', endpoint: '' }
  const left = leftovers(pipeline().folder)
  let programs: BrokerPrograms | null = null
  let since: number | null = null
  let slowedUntil = 0

  const wanted = (part: PartName): Wanted => wantedOf(part, pipeline(), lastAt)
  const changed = () => {
    const all = [broker, kinesis, stack].every((part) => part.running() !== null)
    since = all ? (since ?? Date.now()) : null
    for (const listener of listeners) listener()
  }

  const supervised = (part: PartName, start: Start): Supervisor => {
    const name = titles[part]
    let given = false
    const made = supervisor({
      name,
      start: async (signal) => {
        const before = wanted(part)
        let recorded: Promise<void> = Promise.resolve()
        const running = await start(signal, (pid) => {
          recorded = left.record(name, pid)
        })
        await recorded
        void running.ended.then(() => left.forget(running.pid))
        startedWith.set(part, before)
        return running
      },
      onChange: () => {
        changed()
        const problem = made.problem()
        if (problem?.code === 'CHILD_GIVEN_UP' && !given) tell('bad', problem.message)
        given = problem?.code === 'CHILD_GIVEN_UP'
      },
      log: (line) => {
        log(line)
        tell('warn', line)
      },
    })
    return made
  }

  /** Gateway and lake follow a part that had to move to another port while they ran. */
  const moved = (to: Partial<typeof lastAt>) => {
    Object.assign(lastAt, to)
    const before = startedWith.get('stack')
    if (stack.running() === null || before === undefined) return
    if (before.bootstrap === lastAt.bootstrap && before.endpoint === lastAt.endpoint) return
    const restart = async () => {
      await stack.stop()
      await stack.start(new AbortController().signal)
    }
    restart().catch((thrown) => tell('bad', `Gateway and lake: ${toErrorDetail(thrown).message}`))
  }

  const broker = supervised('broker', async (signal, spawned) => {
    if (programs === null) throw stopped(titles.broker)
    const { folder, settings, id } = pipeline()
    await mkdir(join(folders.home, 'log'), { recursive: true, mode: 0o700 })
    const fixed = {
      ...programs,
      resources: folders.resources,
      cache: folders.cache,
      folder: join(folder, 'kafka'),
      logFile: join(folders.home, 'log', `broker-${id}.log`),
      spawned,
    }
    const begin = async () => {
      const port = await ports.portOf('kafka', settings.ports.kafka, signal)
      const controllerPort = await ports.portOf('controller', 0, signal)
      return startBroker({ ...fixed, port, controllerPort }, signal)
    }
    // Java takes a second until it listens: who took a port meanwhile has it, and another one is chosen.
    const running = await begin().catch((thrown) => {
      if (signal.aborted || !isPortTaken(thrown)) throw thrown
      return begin()
    })
    moved({ bootstrap: running.address.bootstrap ?? '' })
    return running
  })

  const kinesis = supervised('kinesis', async (signal, spawned) => {
    const { folder, settings } = pipeline()
    const running = await startNodeProgram(
      platform,
      {
        entry: 'kinesis',
        config: {
          dir: join(folder, 'kinesis'),
          port: await ports.portOf('kinesis', settings.ports.kinesis, signal),
          enforceLimits: settings.streams.enforceLimits,
          region,
        },
        spawned,
        onChange: changed,
        log,
      },
      signal,
    )
    moved({ endpoint: running.address.endpoint ?? '' })
    return running
  })

  const stack = supervised('stack', async (signal, spawned) => {
    const { id, folder, settings, names } = pipeline()
    // Where they were last: both wait for a broker or a Kinesis that is just being restarted.
    if (lastAt.bootstrap === '') throw stopped(titles.broker)
    if (lastAt.endpoint === '') throw stopped(titles.kinesis)
    return startNodeProgram(
      platform,
      {
        entry: 'stack',
        config: {
          gateway: {
            port: await ports.portOf('gateway', settings.ports.gateway, signal),
            stage: settings.gateway.stage,
            corsOrigins: settings.gateway.corsOrigins,
            maxBodyBytes: Math.round(settings.gateway.maxBodyMiB * 1024 * 1024),
          },
          kafka: { bootstrap: [lastAt.bootstrap] },
          kinesis: { endpoint: lastAt.endpoint, region },
          lake: {
            dir: join(folder, 'lake'),
            topics: Object.values(names.topics),
            flushSize: settings.lake['flush.size'],
            rotateMs: settings.lake['rotate.schedule.interval.ms'],
            group: lakeGroup(id),
          },
        },
        spawned,
        onChange: changed,
        log,
      },
      signal,
    )
  })

  // The two Node children are NodePrograms: their supervisors start nothing else.
  const programsRunning = () =>
    [kinesis.running(), stack.running()].filter((running) => running !== null) as NodeProgram[]
  const parts = { broker, kinesis, stack }

  const ask = async (part: 'kinesis' | 'stack', question: Question): Promise<void> => {
    const running = parts[part].running() as NodeProgram | null
    if (running === null) throw away(part, parts[part].problem())
    await running.ask(question)
  }

  const clients = stackClients({
    bootstrap: () => placeOf('broker', 'bootstrap'),
    endpoint: () => placeOf('kinesis', 'endpoint'),
    region,
  })
  const placeOf = (part: 'broker' | 'kinesis', name: 'bootstrap' | 'endpoint'): string => {
    const place = parts[part].running()?.address[name]
    if (place === undefined) throw away(part, parts[part].problem())
    return place
  }

  return {
    ...parts,
    leftovers: left,
    portNotes: ports.notes,
    configure: (value) => {
      programs = value
    },
    changes(part) {
      const before = startedWith.get(part)
      return parts[part].running() === null || before === undefined
        ? []
        : changesBetween(before, wanted(part))
    },
    since: () => since,
    running: () => since !== null,
    problems: () => [
      ...[broker, kinesis, stack].flatMap((part) => part.problem() ?? []),
      ...programsRunning().flatMap((program) => program.problems()),
    ],
    look: async () => {
      await Promise.all(programsRunning().map((program) => program.look()))
    },
    numbers: () => Object.assign({}, ...programsRunning().map((program) => program.numbers())),
    kafka: clients.kafka,
    kinesisClient: clients.kinesis,
    tellLake: (topic, partition, choice) => ask('stack', { type: 'lake', topic, partition, choice }),
    limitShard: (limit) => ask('kinesis', { type: 'limit', ...limit }),
    slowGateway: async (delayMs, until) => {
      slowedUntil = delayMs > 0 ? until : 0
      await ask('stack', { type: 'slow', delayMs, until })
    },
    slowed: () => Date.now() < slowedUntil,
    onChange: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async stop() {
      await stack.stop()
      await kinesis.stop()
      await clients.close()
      await broker.stop()
      ports.clear()
    },
  }
}
