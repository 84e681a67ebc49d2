/** A broker kept running on the host: one KRaft node as a systemd unit. */
import { randomBytes } from 'node:crypto'
import type { RootShell } from '../../clients/ssh/sudo.ts'
import { quoteAll } from '../../lib/quote.ts'
import { until } from '../../lib/until.ts'
import { absent, present } from '../../plan/findings.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import { factsIn, type KafkaHostDeps, rootOf } from './deps.ts'
import { fileChanges, type HostFile, writeFiles } from './hostFiles.ts'
import { startUnit, unitState } from './units.ts'
import { brokerUnit, hostServerProperties, javaWords, log4j2, log4jFile, serverFile } from './unitText.ts'
import { account, brokerHeapMiB, kafkaUnit, places } from './wanted.ts'

const unitFile = `${places.units}/${kafkaUnit}`
const dataFolder = `${places.data}/kafka`
/** A first start formats, loads and elects: some 10 s on a small host; more where it is busy. */
const answersWithinMs = 90_000
/** A broker that runs answers at once; ms. */
const lookMs = 8_000

/** 16 bytes as URL-safe base64, not beginning with a dash, which would read as an option. */
const newClusterId = () => randomBytes(16).toString('base64url').replace(/^-/, 'a')

/** What the step `broker` does where Kafka is to run on the machine. */
export type BrokerWork = Required<Pick<Step, 'check' | 'apply' | 'undo'>>

export function ownBroker(deps: KafkaHostDeps): BrokerWork {
  const advertisedBy = (context: StepContext) => deps.wanted().advertised || factsIn(context).address
  const bootstrapOf = (context: StepContext) => `${advertisedBy(context)}:${deps.wanted().ports.kafka}`
  const heapOf = (context: StepContext) => brokerHeapMiB(factsIn(context).memoryMiB)

  const filesOf = (context: StepContext): HostFile[] => [
    { path: log4jFile, text: log4j2, mode: 0o644 },
    { path: serverFile, text: hostServerProperties(deps.wanted(), advertisedBy(context)), mode: 0o644 },
    {
      path: unitFile,
      mode: 0o644,
      text: brokerUnit({
        kafkaVersion: deps.wanted().kafkaVersion,
        javaVersion: context.outputs.java?.version ?? '',
        heapMiB: heapOf(context),
      }),
    },
  ]
  const answers = (context: StepContext) => allLed(deps, bootstrapOf(context))
  const format = async (root: RootShell, context: StepContext, signal: AbortSignal) => {
    if ((await root.run(`test -f ${dataFolder}/meta.properties`, { signal })).code === 0) return
    context.progress(null, 'formatting the log')
    const words = ['format', '-t', newClusterId(), '-c', serverFile]
    const command = quoteAll([...javaWords(256), 'kafka.tools.StorageTool', ...words])
    await root.must('Formatting the log', `runuser -u ${account} -- ${command}`, { signal })
  }

  return {
    async check(context, signal) {
      const root = rootOf(deps, context)
      const changes = await fileChanges(root, filesOf(context), signal)
      if (changes.some(({ target, before }) => target === unitFile && before === ''))
        return { ...absent('not installed'), changes }
      if (changes.length > 0)
        return {
          state: 'drifted',
          reason: `other than it should be: ${changes.map(({ target }) => target).join(', ')}`,
          changes,
        }
      const state = await unitState(root, kafkaUnit, signal)
      if (state !== null) return { state: 'drifted', reason: state }
      const why = await silentBroker(deps, bootstrapOf(context), signal)
      if (why !== null)
        return { state: 'drifted', reason: `runs and does not answer at ${bootstrapOf(context)}: ${why}` }
      return present(`answers at ${bootstrapOf(context)}`, { bootstrap: bootstrapOf(context) })
    },
    async apply(context, signal) {
      const root = rootOf(deps, context)
      await context.own(kafkaUnit)
      const written = await writeFiles(root, filesOf(context), signal)
      for (const path of written) context.log(`Wrote ${path}`)
      await format(root, context, signal)
      context.progress(null, 'starting')
      await startUnit(root, kafkaUnit, context, signal, () =>
        until(async () => ((await answers(context)) === null ? true : null), {
          withinMs: answersWithinMs,
          everyMs: 500,
          signal,
          what: 'the broker on the host answers',
        }),
      )
    },
    async undo(context, signal) {
      if (!context.owns(kafkaUnit)) return
      const root = rootOf(deps, context)
      context.progress(null, 'stopping')
      await root.must(
        'Removing the broker',
        [
          `systemctl disable --now --quiet ${kafkaUnit} 2>/dev/null`,
          `rm -rf ${quoteAll([unitFile, serverFile, log4jFile, dataFolder])}`,
          `systemctl daemon-reload; systemctl reset-failed ${kafkaUnit} 2>/dev/null; true`,
        ].join('\n'),
        { signal },
      )
      await context.disown(kafkaUnit)
    },
  }
}

/** Null where the cluster answers and every partition has a leader, or why not. Throws AppError. */
async function allLed(deps: KafkaHostDeps, bootstrap: string): Promise<string | null> {
  const topics = await (await deps.kafka(bootstrap)).topics()
  const lost = topics.find(({ partitions }) => partitions.some(({ leader }) => leader < 0))
  return lost === undefined ? null : `${lost.name} has a partition without a leader`
}

/** Null where it answers as it should, or why not, in words; at most so long as a broker that runs needs. Throws only for the signal. */
export async function silentBroker(
  deps: KafkaHostDeps,
  bootstrap: string,
  signal: AbortSignal,
): Promise<string | null> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(lookMs)])
  const why = await within(allLed(deps, bootstrap), limit).catch((thrown: Error) => thrown.message)
  signal.throwIfAborted()
  return why
}

/** The answer, or the signal's reason where it takes longer. */
function within<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(new Error('no answer in time')), { once: true })
    work.then(resolve, reject)
  })
}
