/** The step that brings Kafka: fetched by the host, or sent from this computer where the host has no way out. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { RootShell } from '../../clients/ssh/sudo.ts'
import { download, fetchText } from '../../lib/download.ts'
import { parseApacheSum } from '../../local/kafka/apacheSum.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import { absent, type KafkaHostDeps, present, rootOf } from './deps.ts'
import { fetchScript, installedScript, sumScript, textScript, unpackScript } from './kafkaCommands.ts'
import { kafkaCurrent, kafkaFolder, kafkaNameOf, places } from './wanted.ts'

/** A digest is a few hundred bytes: whoever needs longer is not there, ms. */
const sumMs = 20_000

export function kafkaStep(deps: KafkaHostDeps): Step {
  const version = () => deps.wanted().kafkaVersion
  const address = (mirror: string) =>
    `${mirror.replace(/\/+$/, '')}/${version()}/${kafkaNameOf(version())}.tgz`
  const archive = () => `${places.programs}/downloads/${kafkaNameOf(version())}.tgz`
  /** Where this user may write; root takes it from there. */
  const sentTo = () => `/var/tmp/pipeline-control-${kafkaNameOf(version())}.tgz`

  /** By the host itself. Null where it has no way to any of the sites. */
  const fetched = async (root: RootShell, context: StepContext, signal: AbortSignal) => {
    let sum: string | null = null
    for (const mirror of deps.wanted().mirrors) {
      const url = `${address(mirror)}.sha512`
      context.progress(null, 'the host asks for the sum')
      const { code, stdout } = await root.run(textScript(url), { signal })
      sum = code === 0 ? parseApacheSum(stdout) : null
      if (sum !== null) break
      context.log(`The host has no way to ${url}`)
    }
    if (sum === null) return null
    for (const mirror of deps.wanted().mirrors) {
      const url = address(mirror)
      const onLine = (line: string) => {
        const bytes = /^bytes=(\d+)$/.exec(line)?.[1]
        if (bytes === undefined) context.log(line)
        else context.progress(null, `the host fetches Kafka: ${Math.round(Number(bytes) / 1_000_000)} MB`)
      }
      const { code } = await root.run(fetchScript(url, archive()), { signal, onLine })
      const has = (await root.must('Summing the archive', sumScript(archive()), { signal })).trim()
      if (has === sum) return sum
      context.log(code === 0 ? `What came has another sum: ${url}` : `The host could not fetch ${url}`)
      if (code === 0) await root.must('Removing it', `rm -f ${archive()}`, { signal })
    }
    return null
  }

  /** By this computer, into its cache, and over. Throws AppError HOST_KAFKA_NOWHERE. */
  const sent = async (root: RootShell, context: StepContext, signal: AbortSignal) => {
    const network = await deps.network()
    const file = join(deps.cache, 'downloads', `${kafkaNameOf(version())}.tgz`)
    await mkdir(join(deps.cache, 'downloads'), { recursive: true })
    for (const mirror of deps.wanted().mirrors) {
      const url = address(mirror)
      try {
        const limit = AbortSignal.any([signal, AbortSignal.timeout(sumMs)])
        const { status, text } = await fetchText(`${url}.sha512`, { network, signal: limit })
        const hex = status === 200 ? parseApacheSum(text) : null
        if (hex === null) continue
        await download({
          url,
          file,
          sum: { algorithm: 'sha512', hex },
          network,
          signal,
          progress: (received, total) =>
            context.progress(
              total === null ? null : received / total / 2,
              `this computer fetches Kafka: ${Math.round(received / 1_000_000)} MB`,
            ),
        })
        const { resumedAt } = await deps.host().upload(file, sentTo(), {
          signal,
          onProgress: (done, total) =>
            context.progress(0.5 + done / total / 2, `to the host: ${Math.round(done / 1_000_000)} MB`),
        })
        if (resumedAt > 0) context.log(`Went on at ${resumedAt} bytes that were there already`)
        await root.must(
          'Taking the archive',
          `mkdir -p ${places.programs}/downloads && mv -f ${sentTo()} ${archive()}`,
          { signal },
        )
        return hex
      } catch (thrown) {
        signal.throwIfAborted()
        context.log(thrown instanceof Error ? thrown.message : String(thrown))
      }
    }
    throw new AppError({
      code: 'HOST_KAFKA_NOWHERE',
      message: `Neither the host nor this computer could fetch Kafka ${version()}.`,
      hint: 'Check the version and the mirrors in Settings, and the network of both. What has come already is kept.',
    })
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
      const sha512 = (await fetched(root, context, signal)) ?? (await sent(root, context, signal))
      context.progress(null, 'unpacking')
      const folder = kafkaFolder(version())
      const script = unpackScript({ archive: archive(), sha512, folder, current: kafkaCurrent })
      await root.must('Unpacking Kafka', script, { signal })
    },
    async undo(context, signal) {
      const root = rootOf(deps, context)
      await root.must('Removing Kafka', `rm -rf ${places.programs}/kafka ${places.programs}/downloads`, {
        signal,
      })
      for (const thing of deps.ledger.things('kafka')) await context.disown(thing)
    },
  }
}
