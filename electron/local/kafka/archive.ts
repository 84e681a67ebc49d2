/** Kafka as its official archive: Apache's primary site, then its archive; resumed, and checked as a whole. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { download, fetchText } from '../../lib/download.ts'
import { writeJsonFile } from '../../lib/jsonFile.ts'
import { unpack } from '../../lib/unpack.ts'
import { parseApacheSum } from './apacheSum.ts'
import type { InstallContext, KafkaPlaces } from './install.ts'
import { sumsOf } from './jars.ts'
import { kafkaName, kafkaVersion } from './version.ts'

/** Beside the unpacked archive: what was in it when its sum was right (decision 19). */
export const recordName = 'jars.recorded.json'

/** A digest is a few hundred bytes: whoever needs longer is not there, ms. */
const sumMs = 20_000

const addressOf = (mirror: string) => `${mirror.replace(/\/+$/, '')}/${kafkaVersion}/${kafkaName}.tgz`

/** From the first site that has it: the primary one, also where the archive itself comes from another (decision 19). */
async function publishedSum(
  { mirrors, network }: KafkaPlaces,
  { signal, log }: InstallContext,
): Promise<string | null> {
  for (const mirror of mirrors) {
    const url = `${addressOf(mirror)}.sha512`
    const limit = AbortSignal.any([signal, AbortSignal.timeout(sumMs)])
    const answer = await fetchText(url, { signal: limit, ...(network ? { network } : {}) }).catch(() => null)
    signal.throwIfAborted()
    const sum = answer?.status === 200 ? parseApacheSum(answer.text) : null
    if (sum !== null) return sum
    log(`No sum at ${url}${answer === null ? ': no answer' : ` (${answer.status})`}`)
  }
  return null
}

/** Unpacks into `folder` and answers true, or says in the log why it could not. Throws only when cancelled. */
export async function kafkaFromArchive(
  places: KafkaPlaces,
  folder: string,
  context: InstallContext,
): Promise<boolean> {
  const { signal, log, progress } = context
  progress(null, 'asking Apache’s site')
  const hex = await publishedSum(places, context)
  if (hex === null) return false
  const file = join(places.cache, 'downloads', `${kafkaName}.tgz`)
  for (const mirror of places.mirrors) {
    try {
      await download({
        url: addressOf(mirror),
        file,
        sum: { algorithm: 'sha512', hex },
        signal,
        ...(places.network ? { network: places.network } : {}),
        progress: (received, total) =>
          progress(
            total === null ? null : received / total,
            `${kafkaName}.tgz: ${Math.round(received / 1_000_000)} MB`,
          ),
      })
      progress(null, 'unpacking')
      await unpack(file, folder)
      const jars = await sumsOf(join(folder, kafkaName, 'libs'))
      await writeJsonFile(join(folder, recordName), { version: kafkaVersion, jars })
      await rm(file, { force: true })
      return true
    } catch (thrown) {
      signal.throwIfAborted()
      log(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }
  return false
}
