/** The step that brings Kafka: fetched by the host, or sent from this computer where the host has no way out. */
import { trimSlash } from '../../clients/gatewayHttp.ts'
import { parseApacheSum } from '../../local/kafka/apacheSum.ts'
import type { Step } from '../../plan/step.ts'
import { bringArchive, downloads, type WantedArchive } from './archive.ts'
import { absent, type KafkaHostDeps, present, rootOf } from './deps.ts'
import { installedScript, unpackScript } from './kafkaCommands.ts'
import { kafkaCurrent, kafkaFolder, kafkaNameOf, places } from './wanted.ts'

export function kafkaStep(deps: KafkaHostDeps): Step {
  const version = () => deps.wanted().kafkaVersion
  const wanted = (): WantedArchive => {
    const name = `${kafkaNameOf(version())}.tgz`
    const sources = deps.wanted().mirrors.map((mirror) => {
      const url = `${trimSlash(mirror)}/${version()}/${name}`
      return { url, sumUrl: `${url}.sha512`, parseSum: parseApacheSum }
    })
    return { what: `Kafka ${version()}`, name, algorithm: 'sha512', sources }
  }

  return {
    id: 'kafka',
    title: 'Kafka',
    needs: ['facts', 'account'],
    async check(context, signal) {
      const folder = kafkaFolder(version())
      const script = installedScript(folder, kafkaCurrent)
      const [state, current] = (
        await rootOf(deps, context).must('Looking for Kafka', script, { signal })
      ).split('\n')
      if (state === 'absent') return absent(`Kafka ${version()} is not there`)
      if (state !== 'same')
        return { state: 'drifted', reason: `Files of Kafka were changed or are missing: ${folder}` }
      if (current !== folder)
        return { state: 'drifted', reason: `Another version is the current one: ${current || 'none'}` }
      return present(`Kafka ${version()} at ${folder}`, { version: version() })
    },
    async apply(context, signal) {
      const root = rootOf(deps, context)
      await context.own(version())
      const { file, sum } = await bringArchive(deps, wanted(), context, signal)
      context.progress(null, 'unpacking')
      const folder = kafkaFolder(version())
      const script = unpackScript({ archive: file, sha512: sum, folder, current: kafkaCurrent })
      await root.must('Unpacking Kafka', script, { signal })
    },
    async undo(context, signal) {
      const root = rootOf(deps, context)
      await root.must('Removing Kafka', `rm -rf ${places.programs}/kafka ${downloads}`, {
        signal,
      })
      for (const thing of deps.ledger.things('kafka')) await context.disown(thing)
    },
  }
}
