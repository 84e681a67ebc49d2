/** The step that brings Kafka: fetched by the host, or sent from this computer where the host has no way out. */
import { trimSlash } from '../../clients/gatewayHttp.ts'
import { parseApacheSum } from '../../local/kafka/apacheSum.ts'
import type { Step } from '../../plan/step.ts'
import type { KafkaHostDeps } from './deps.ts'
import { versionedStep } from './versioned.ts'
import { kafkaCurrent, kafkaFolder, kafkaNameOf, places } from './wanted.ts'

export function kafkaStep(deps: KafkaHostDeps): Step {
  const version = () => deps.wanted().kafkaVersion
  return versionedStep(deps, {
    id: 'kafka',
    title: 'Kafka',
    needs: ['facts', 'account'],
    name: 'Kafka',
    version,
    folder: kafkaFolder,
    current: kafkaCurrent,
    holds: 'libs',
    archives: `${places.downloads}/kafka_*`,
    archive: async () => {
      const name = `${kafkaNameOf(version())}.tgz`
      const sources = deps.wanted().mirrors.map((mirror) => {
        const url = `${trimSlash(mirror)}/${version()}/${name}`
        return { url, published: { url: `${url}.sha512`, parse: parseApacheSum } }
      })
      return { what: `Kafka ${version()}`, name, algorithm: 'sha512', sources }
    },
  })
}
