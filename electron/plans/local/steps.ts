/** The plan `local`: what it takes to have the whole pipeline on this computer, as a list of steps. */
import { existsSync } from 'node:fs'
import type { Pipeline } from '../../../shared/contract/settings.ts'
import { AppError } from '../../../shared/errors.ts'
import type { Settings } from '../../../shared/settings.ts'
import { downloadJava } from '../../local/java/download.ts'
import { findJava } from '../../local/java/find.ts'
import { findKafka, installKafka, type KafkaPlaces } from '../../local/kafka/install.ts'
import { oldestJava } from '../../local/kafka/version.ts'
import type { Supervisor } from '../../local/process/supervisor.ts'
import type { LocalStack } from '../../local/stack.ts'
import type { Finding, Step } from '../../plan/step.ts'
import type { Folders } from '../../platform.ts'

export interface LocalPlanDeps {
  readonly folders: Folders
  settings(): Settings
  pipeline(): Pipeline
  readonly stack: LocalStack
  readonly system?: NodeJS.Platform
}

const present = (reason: string, outputs: Readonly<Record<string, string>> = {}): Finding => ({
  state: 'present',
  reason,
  outputs,
})
const absent = (reason: string): Finding => ({ state: 'absent', reason })

/** Kafka's broker is not sound on Windows: deleting or compacting a topic ends it (decision 8). */
function windowsBlock(system: NodeJS.Platform): Finding | null {
  if (system !== 'win32') return null
  return {
    state: 'blocked',
    reason: 'Kafka’s broker does not work soundly on Windows itself.',
    hint: 'Install WSL 2 and run Pipeline Control in it; everything that is not on this computer works here.',
  }
}

function javaStep({ folders, settings, system = process.platform }: LocalPlanDeps): Step {
  return {
    id: 'java',
    title: 'Java',
    async check(_context, signal) {
      const blocked = windowsBlock(system)
      if (blocked !== null) return blocked
      const { found, tooOld } = await findJava(
        { javaHome: settings().javaHome, cache: folders.cache },
        signal,
      )
      if (found !== null) return present(`Java ${found.version} at ${found.program}`, { java: found.program })
      const old = tooOld[0]
      return absent(
        old ? `Java ${old.version} is too old, ${oldestJava} is needed: ${old.program}` : 'No Java was found',
      )
    },
    apply: ({ progress }, signal) =>
      downloadJava({ base: settings().mirrors.adoptium, cache: folders.cache, signal, progress }),
  }
}

function kafkaStep({ folders, settings }: LocalPlanDeps): Step {
  const places = (): KafkaPlaces => ({
    kafkaHome: settings().kafkaHome,
    cache: folders.cache,
    resources: folders.resources,
    mirrors: [settings().mirrors.kafka, settings().mirrors.kafkaArchive],
  })
  return {
    id: 'kafka',
    title: 'Kafka',
    async check() {
      const { libs, reason, broken } = await findKafka(places())
      if (libs !== null) return present(reason, { libs })
      return { state: broken ? 'drifted' : 'absent', reason }
    },
    apply: (context, signal) => installKafka(places(), { ...context, signal }),
  }
}

/** A supervised child as a step: present while it is ready. */
function childStep(
  base: Pick<Step, 'id' | 'title' | 'needs'>,
  child: Supervisor,
  where: (address: Readonly<Record<string, string>>) => string,
  more: Partial<Step> = {},
): Step {
  return {
    ...base,
    async check() {
      const running = child.running()
      if (running !== null) return present(where(running.address), { ...running.address })
      const problem = child.problem()
      return problem === null
        ? absent('not running')
        : { state: 'drifted', reason: problem.message, hint: problem.hint }
    },
    apply: async (_context, signal) => {
      await child.start(signal)
    },
    undo: () => child.stop(),
    ...more,
  }
}

function brokerStep({ stack }: LocalPlanDeps): Step {
  const note = () => stack.portNotes.get('kafka')
  return childStep(
    { id: 'broker', title: 'Broker', needs: ['java', 'kafka'] },
    stack.broker,
    ({ bootstrap }) => `answers at ${bootstrap}${note() === undefined ? '' : ` (${note()})`}`,
    {
      apply: async ({ outputs, progress }, signal) => {
        const java = outputs.java?.java
        const libs = outputs.kafka?.libs
        if (java === undefined || libs === undefined || !existsSync(libs)) {
          throw new AppError({
            code: 'STEP_ORDER',
            message: 'Java and Kafka come before the broker.',
            hint: 'Press Start.',
          })
        }
        progress(null, 'looking for what an earlier run left behind')
        await stack.leftovers.end(() => {})
        stack.configure({ java, libs })
        progress(null, 'starting')
        await stack.broker.start(signal)
      },
    },
  )
}

function topicsStep({ pipeline, stack }: LocalPlanDeps): Step {
  const missing = async (): Promise<string[]> => {
    const wanted = Object.values(pipeline().names.topics)
    const there = await (await stack.kafka()).topics()
    return wanted.filter((name) => !there.some((topic) => topic.name === name))
  }
  return {
    id: 'topics',
    title: 'Topics',
    needs: ['broker'],
    async check() {
      if (stack.broker.running() === null) return absent('the broker does not run')
      const names = await missing()
      return names.length === 0
        ? present(Object.values(pipeline().names.topics).join(', '))
        : absent(`missing: ${names.join(', ')}`)
    },
    async apply({ log }) {
      const { partitions, retentionMs } = pipeline().settings.topics
      const kafka = await stack.kafka()
      for (const topic of await missing()) {
        await kafka.createTopic({ topic, partitions, config: { 'retention.ms': String(retentionMs) } })
        log(`Created ${topic} with ${partitions} partitions`)
      }
    },
  }
}

function streamsStep({ pipeline, stack }: LocalPlanDeps): Step {
  const names = () => Object.values(pipeline().names.streams)
  const missing = async (): Promise<string[]> => {
    const there = await stack.kinesisClient().listStreams()
    return names().filter((name) => !there.includes(name))
  }
  /** Streams that are kept for another time than the settings say. */
  const otherRetention = async (): Promise<string[]> => {
    const { retentionHours } = pipeline().settings.streams
    const infos = await Promise.all(names().map((name) => stack.kinesisClient().describe(name)))
    return infos.filter((info) => info.retentionHours !== retentionHours).map((info) => info.name)
  }
  return {
    id: 'streams',
    title: 'Streams',
    needs: ['kinesis'],
    async check() {
      if (stack.kinesis.running() === null) return absent('Kinesis does not run')
      const gone = await missing()
      if (gone.length > 0) return absent(`missing: ${gone.join(', ')}`)
      const drifted = await otherRetention()
      if (drifted.length > 0)
        return { state: 'drifted', reason: `another retention than in Settings: ${drifted.join(', ')}` }
      return present(names().join(', '))
    },
    async apply({ log }, signal) {
      const { shards, retentionHours } = pipeline().settings.streams
      for (const stream of await missing()) {
        await stack.kinesisClient().createStream(stream, shards, signal)
        log(`Created ${stream} with ${shards} shards`)
      }
      for (const stream of await otherRetention()) {
        await stack.kinesisClient().setRetention?.(stream, retentionHours)
        log(`${stream} is kept for ${retentionHours} h`)
      }
    },
  }
}

/** The steps, in the order in which data flows. */
export function localSteps(deps: LocalPlanDeps): Step[] {
  const { stack } = deps
  const noted = (part: string) =>
    stack.portNotes.get(part) === undefined ? '' : ` (${stack.portNotes.get(part)})`
  return [
    javaStep(deps),
    kafkaStep(deps),
    brokerStep(deps),
    topicsStep(deps),
    childStep(
      { id: 'kinesis', title: 'Kinesis' },
      stack.kinesis,
      ({ endpoint }) => `answers at ${endpoint}${noted('kinesis')}`,
    ),
    streamsStep(deps),
    childStep(
      { id: 'gateway', title: 'Gateway and lake', needs: ['topics', 'streams'] },
      stack.stack,
      ({ gateway }) => `answers at ${gateway}${noted('gateway')}, and the lake follows the topics`,
    ),
  ]
}
