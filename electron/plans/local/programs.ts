/** The steps that bring the programs: Java and Kafka. */
import { join } from 'node:path'
import { networkOf } from '../../lib/network.ts'
import { downloadJava } from '../../local/java/download.ts'
import { findJava } from '../../local/java/find.ts'
import { findKafka, installKafka, type KafkaPlaces } from '../../local/kafka/install.ts'
import { oldestJava } from '../../local/kafka/version.ts'
import { findDistributions, wslAdvice } from '../../local/wsl.ts'
import { absent, present } from '../../plan/findings.ts'
import type { Finding, Step } from '../../plan/step.ts'
import type { LocalPlanDeps } from './deps.ts'

/** Kafka's broker is not sound on Windows: deleting or compacting a topic ends it (decision 8). */
async function windowsBlock(system: NodeJS.Platform): Promise<Finding | null> {
  if (system !== 'win32') return null
  return {
    state: 'blocked',
    reason: 'Kafka’s broker does not work soundly on Windows itself.',
    hint: `${wslAdvice(await findDistributions())} What is not on this computer works here too.`,
  }
}

export function javaStep({ folders, settings, system = process.platform }: LocalPlanDeps): Step {
  return {
    id: 'java',
    title: 'Java',
    async check(_context, signal) {
      const blocked = await windowsBlock(system)
      if (blocked !== null) return blocked
      const { javaHome } = settings()
      const { found, tooOld } = await findJava({ javaHome, cache: folders.cache }, signal)
      if (found !== null) {
        const { program, version } = found
        return present(`Java ${version} at ${program}`, { program, version })
      }
      const old = tooOld[0]
      const reason = old
        ? `Java ${old.version} is too old, ${oldestJava} is needed: ${old.program}`
        : `No Java was found${javaHome === '' ? '' : `: ${javaHome}`}`
      if (javaHome === '') return absent(reason)
      return { state: 'blocked', reason, hint: 'Correct the Java folder in Settings, or leave it empty.' }
    },
    async apply({ own, progress }, signal) {
      await own(join(folders.cache, 'java'))
      const network = await networkOf(settings())
      await downloadJava({
        base: settings().mirrors.adoptium,
        cache: folders.cache,
        network,
        signal,
        progress,
      })
    },
  }
}

export function kafkaStep({ folders, settings }: LocalPlanDeps): Step {
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
      const { libs, jars, reason, broken } = await findKafka(places())
      if (libs !== null) return present(reason, { libs, jars: jars.join('\n') })
      return { state: broken ? 'drifted' : 'absent', reason }
    },
    async apply(context, signal) {
      await context.own(join(folders.cache, 'kafka'))
      await installKafka({ ...places(), network: await networkOf(settings()) }, { ...context, signal })
    },
  }
}
