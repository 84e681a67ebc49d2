/** The step that brings Confluent Platform's community edition, which holds the REST proxy, and finds the Java that it runs on. */
import { dirname } from 'node:path/posix'
import { trimSlash } from '../../clients/gatewayHttp.ts'
import { blocked, notNeeded } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import { confluentArchive, javaFor, javasOf } from './confluentVersion.ts'
import { type KafkaHostDeps, rootOf } from './deps.ts'
import { javaScript, parseJavas } from './factsCommands.ts'
import { proxyPlaces } from './proxyPlaces.ts'
import { versionedStep } from './versioned.ts'
import { confluentCurrent, confluentFolder } from './wanted.ts'

const words = (numbers: readonly number[]) =>
  `${numbers.slice(0, -1).join(', ')} or ${numbers.at(-1)}`.replace(/^ or /, '')

export function confluentStep(deps: KafkaHostDeps): Step {
  const version = () => deps.wanted().confluentVersion
  return versionedStep(deps, {
    id: 'confluent',
    title: 'Confluent Platform, community edition',
    needs: ['facts', 'account', 'java'],
    name: 'Confluent',
    version,
    folder: confluentFolder,
    current: confluentCurrent,
    holds: 'bin/kafka-rest-start',
    archives: proxyPlaces.confluent.runtime.archives,
    before: async (context, signal) => {
      if (deps.wanted().proxy !== 'confluent') return notNeeded('Confluent’s proxy is not wanted')
      const javas = parseJavas(await rootOf(deps, context).must('Looking for Java', javaScript, { signal }))
      const java = javaFor(version(), javas)
      const needed = words(javasOf(version()))
      if (java !== null) return { javaHome: dirname(dirname(java.program)), javaVersion: java.version }
      // On a bare host the step before brings one, so that nothing is in the way yet.
      if (context.outputs.java?.version === undefined && javasOf(version()).includes(17))
        return { state: 'absent', reason: `Confluent ${version()} is not there` }
      return blocked(
        `Confluent ${version()} runs on Java ${needed}; there is ${javas.map((each) => each.version).join(', ') || 'none'}.`,
        `Install Java ${needed} there beside the other one, or set kafkaHost.confluentVersion to a version that runs on it.`,
      )
    },
    archive: async () => {
      const { name, path } = confluentArchive(version())
      return {
        what: `Confluent ${version()}`,
        name,
        algorithm: 'sha256',
        sources: [{ url: `${trimSlash(deps.wanted().confluentMirror)}/${path}` }],
        recorded: await deps.sums.of(name),
      }
    },
    done: ({ name }, sum) => deps.sums.record(name, sum),
  })
}
