/** Finds Kafka's jars on this computer or brings them: the official archive, else Maven; checked whatever the source. */
import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { writeJsonFile } from '../../lib/jsonFile.ts'
import type { Network } from '../../lib/network.ts'
import { kafkaFromArchive, recordName } from './archive.ts'
import { difference, readList, readLock, type Sums, sumsOf } from './jars.ts'
import { kafkaFromMaven } from './maven.ts'
import { kafkaName, kafkaVersion } from './version.ts'

export interface KafkaPlaces {
  /** Set by the user; empty means "find it". */
  readonly kafkaHome: string
  readonly cache: string
  readonly resources: string
  /** Primary site, then archive. */
  readonly mirrors: readonly string[]
  readonly network?: Network
}

export interface KafkaFound {
  /** Folder of the jars; null where they cannot be used. */
  readonly libs: string | null
  /** The names of the jars for the class path: those that were checked, and no others. */
  readonly jars: readonly string[]
  /** In words: where they are, or what is wrong. */
  readonly reason: string
  readonly broken: boolean
}

export interface InstallContext {
  readonly signal: AbortSignal
  log(line: string): void
  progress(fraction: number | null, text: string): void
}

const folderOf = ({ cache }: KafkaPlaces) => join(cache, 'kafka', kafkaVersion)
const unusable = (reason: string, broken: boolean): KafkaFound => ({ libs: null, jars: [], reason, broken })
const usable = (libs: string, jars: Sums, reason: string): KafkaFound => ({
  libs,
  jars: Object.keys(jars),
  reason,
  broken: false,
})

/** Where the jars of a folder of the user's are remembered from its first use on. */
const homeRecord = ({ cache, kafkaHome }: KafkaPlaces) =>
  join(cache, 'kafka', 'homes', `${createHash('sha256').update(kafkaHome).digest('hex').slice(0, 16)}.json`)

/**
 * A folder of the user's. The jars that others made must have the locked sums; Kafka's own are built anew for its archive, so
 * they are recorded at the first use and compared from then on.
 */
async function atHome(places: KafkaPlaces): Promise<KafkaFound> {
  const home = places.kafkaHome
  const libs = join(home, 'libs')
  const names = await readdir(libs).catch(() => [])
  const own = names.find((name) => /^kafka_2\.\d+-\d[\d.]*\.jar$/.test(name))
  if (own === undefined) return unusable(`KAFKA_HOME holds no Kafka: ${home}`, true)
  if (own !== `${kafkaName}.jar`)
    return unusable(`KAFKA_HOME holds ${own}, and this app needs ${kafkaVersion}: ${home}`, true)
  const locked = (await readLock(places.resources)).jars
  const found = await sumsOf(libs)
  const foreign = Object.keys(found).filter((name) => !name.endsWith(`-${kafkaVersion}.jar`))
  const wrong = foreign.find((name) => locked[name] !== undefined && locked[name] !== found[name])
  if (wrong !== undefined) return unusable(`This jar is not what was published: ${join(libs, wrong)}`, true)
  const recorded = await readList(homeRecord(places))
  if (recorded === null)
    return unusable(`The ${names.length} jars are recorded at their first use: ${home}`, false)
  const changed = difference(found, recorded.jars)
  return changed === null
    ? usable(
        libs,
        recorded.jars,
        `Kafka ${kafkaVersion}, ${Object.keys(recorded.jars).length} jars checked, at ${home}`,
      )
    : unusable(`Since its first use, ${changed}`, true)
}

/** Looks where Kafka is; every jar is checked against its sum. Throws AppError APP_DAMAGED. */
export async function findKafka(places: KafkaPlaces): Promise<KafkaFound> {
  if (places.kafkaHome !== '') return atHome(places)
  const folder = folderOf(places)
  const recorded = await readList(join(folder, recordName))
  const libs = recorded === null ? join(folder, 'libs') : join(folder, kafkaName, 'libs')
  const { jars } = recorded ?? (await readLock(places.resources))
  const found = await sumsOf(libs, Object.keys(jars))
  if (Object.keys(found).length === 0) return unusable(`Kafka ${kafkaVersion} is not here yet`, false)
  const wrong = difference(found, jars)
  return wrong === null
    ? usable(libs, jars, `Kafka ${kafkaVersion}, ${Object.keys(jars).length} jars checked`)
    : unusable(wrong, true)
}

/** The user's own folder is never changed: its jars are recorded, or the reason why it cannot be used is told. */
async function takeHome(places: KafkaPlaces): Promise<void> {
  const { reason, broken } = await atHome(places)
  if (broken) {
    throw new AppError({
      code: 'KAFKA_HOME_WRONG',
      message: `The Kafka folder in Settings cannot be used. ${reason}`,
      hint: `Point it at an unpacked ${kafkaName}, or leave it empty. If you changed its jars yourself, delete ${homeRecord(places)}`,
      field: 'kafkaHome',
    })
  }
  const jars = await sumsOf(join(places.kafkaHome, 'libs'))
  await writeJsonFile(homeRecord(places), { version: kafkaVersion, jars })
}

/** Throws AppError KAFKA_HOME_WRONG, or KAFKA_NOT_FETCHED with what was tried in the log. */
export async function installKafka(places: KafkaPlaces, context: InstallContext): Promise<void> {
  if (places.kafkaHome !== '') return takeHome(places)
  if (await kafkaFromArchive(places, folderOf(places), context)) return
  if (await kafkaFromMaven(places, folderOf(places), context)) return
  throw new AppError({
    code: 'KAFKA_NOT_FETCHED',
    message: `Kafka ${kafkaVersion} could not be fetched from any source.`,
    hint: `Check the network and the mirrors in Settings, or unpack ${kafkaName}.tgz yourself and set its folder as Kafka’s.`,
  })
}
