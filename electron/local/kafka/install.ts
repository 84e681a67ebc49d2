/** Brings Kafka's jars to this computer: the official archive, else Maven; checked whatever the source. */
import { execFile } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../../../shared/errors.ts'
import { download } from '../../lib/download.ts'
import { writeJsonFile } from '../../lib/jsonFile.ts'
import { unpack } from '../../lib/unpack.ts'
import { parseApacheSum } from './apacheSum.ts'
import { difference, readLock, sumsOf } from './jars.ts'
import { kafkaName, kafkaVersion } from './version.ts'

const run = promisify(execFile)

export interface KafkaPlaces {
  /** Set by the user; empty means "find it". */
  readonly kafkaHome: string
  readonly cache: string
  readonly resources: string
  /** Primary site, then archive. */
  readonly mirrors: readonly string[]
}

export interface KafkaFound {
  /** Folder of the jars. */
  readonly libs: string | null
  /** In words: where they are, or what is wrong. */
  readonly reason: string
  readonly broken: boolean
}

const folderOf = ({ cache }: KafkaPlaces) => join(cache, 'kafka', kafkaVersion)
/** Beside the jars of an archive: what was in it when its sum was right. */
const recordName = 'jars.recorded.json'

async function atHome(home: string, places: KafkaPlaces): Promise<KafkaFound> {
  const libs = join(home, 'libs')
  const names = await readdir(libs).catch(() => [])
  const own = names.find((name) => /^kafka_2\.\d+-\d.*\.jar$/.test(name) && !name.includes('-sources'))
  if (own === undefined) return { libs: null, broken: true, reason: `KAFKA_HOME holds no Kafka: ${home}` }
  if (own !== `kafka_2.13-${kafkaVersion}.jar`) {
    return {
      libs: null,
      broken: true,
      reason: `KAFKA_HOME holds ${own}, and this app needs ${kafkaVersion}: ${home}`,
    }
  }
  const lock = await readLock(join(places.resources, 'kafka', 'jars.lock.json'))
  const found = await sumsOf(libs)
  const wrong = Object.keys(found).find(
    (name) => lock?.jars[name] !== undefined && lock.jars[name] !== found[name],
  )
  return wrong === undefined
    ? { libs, broken: false, reason: `Kafka ${kafkaVersion} at ${home}` }
    : { libs: null, broken: true, reason: `This jar is not what was published: ${join(libs, wrong)}` }
}

/** Looks where Kafka is; every jar is checked against its sum. */
export async function findKafka(places: KafkaPlaces): Promise<KafkaFound> {
  if (places.kafkaHome !== '') return atHome(places.kafkaHome, places)
  const archive = join(folderOf(places), kafkaName)
  const recorded = await readLock(join(folderOf(places), recordName))
  const libs = recorded === null ? join(folderOf(places), 'libs') : join(archive, 'libs')
  const lock = recorded ?? (await readLock(join(places.resources, 'kafka', 'jars.lock.json')))
  const found = await sumsOf(libs)
  if (lock === null)
    throw new AppError({
      code: 'APP_DAMAGED',
      message: 'The list of Kafka’s jars is missing.',
      hint: 'Install the app again.',
    })
  if (Object.keys(found).length === 0)
    return { libs: null, broken: false, reason: `Kafka ${kafkaVersion} is not here yet` }
  const wrong = difference(found, lock.jars)
  return wrong === null
    ? { libs, broken: false, reason: `Kafka ${kafkaVersion}, ${Object.keys(found).length} jars checked` }
    : { libs: null, broken: true, reason: wrong }
}

export interface InstallContext {
  readonly signal: AbortSignal
  log(line: string): void
  progress(fraction: number | null, text: string): void
}

/** Apache's sum comes from the primary site also where the archive does not (decision 19). */
async function publishedSum(
  mirrors: readonly string[],
  { signal, log }: InstallContext,
): Promise<string | null> {
  for (const mirror of mirrors) {
    const url = `${mirror.replace(/\/+$/, '')}/${kafkaVersion}/${kafkaName}.tgz.sha512`
    const answer = await fetch(url, { signal }).catch(() => null)
    signal.throwIfAborted()
    const sum = answer?.ok ? parseApacheSum(await answer.text()) : null
    if (sum !== null) return sum
    log(`No sum at ${url}${answer === null ? '' : ` (${answer.status})`}`)
  }
  return null
}

async function fromArchive(places: KafkaPlaces, context: InstallContext): Promise<boolean> {
  const { signal, log, progress } = context
  const hex = await publishedSum(places.mirrors, context)
  if (hex === null) return false
  const file = join(places.cache, 'downloads', `${kafkaName}.tgz`)
  for (const mirror of places.mirrors) {
    const url = `${mirror.replace(/\/+$/, '')}/${kafkaVersion}/${kafkaName}.tgz`
    try {
      await download({
        url,
        file,
        sum: { algorithm: 'sha512', hex },
        signal,
        progress: (received, total) =>
          progress(
            total === null ? null : received / total,
            `${kafkaName}.tgz: ${Math.round(received / 1_000_000)} MB`,
          ),
      })
      progress(null, 'unpacking')
      await unpack(file, folderOf(places))
      const jars = await sumsOf(join(folderOf(places), kafkaName, 'libs'))
      await writeJsonFile(join(folderOf(places), recordName), { version: kafkaVersion, jars })
      await rm(file, { force: true })
      return true
    } catch (thrown) {
      signal.throwIfAborted()
      log(thrown instanceof Error ? thrown.message : String(thrown))
    }
  }
  return false
}

async function fromMaven(places: KafkaPlaces, { signal, log, progress }: InstallContext): Promise<boolean> {
  const windows = process.platform === 'win32'
  const maven = (args: readonly string[], cwd?: string) =>
    run(windows ? 'mvn.cmd' : 'mvn', [...args], {
      signal,
      shell: windows,
      ...(cwd === undefined ? {} : { cwd }),
      maxBuffer: 16 * 1024 * 1024,
    })
  if ((await maven(['-version']).catch(() => null)) === null) {
    signal.throwIfAborted()
    log('Maven is not installed.')
    return false
  }
  await mkdir(join(places.cache, 'kafka'), { recursive: true })
  const work = await mkdtemp(join(places.cache, 'kafka', 'maven-'))
  try {
    progress(null, 'Maven fetches the jars')
    await copyFile(join(places.resources, 'kafka', 'pom.xml'), join(work, 'pom.xml'))
    await maven(
      ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=libs'],
      work,
    )
    await rm(folderOf(places), { recursive: true, force: true })
    await mkdir(folderOf(places), { recursive: true })
    await rename(join(work, 'libs'), join(folderOf(places), 'libs'))
    return true
  } catch (thrown) {
    signal.throwIfAborted()
    log(thrown instanceof Error ? thrown.message : String(thrown))
    return false
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}

/** Throws AppError KAFKA_NOT_FETCHED with what was tried in the log. */
export async function installKafka(places: KafkaPlaces, context: InstallContext): Promise<void> {
  if (places.kafkaHome !== '') {
    throw new AppError({
      code: 'KAFKA_HOME_WRONG',
      message: `The Kafka folder in Settings cannot be used: ${places.kafkaHome}`,
      hint: `Point it at an unpacked ${kafkaName}, or leave it empty.`,
      field: 'kafkaHome',
    })
  }
  if (await fromArchive(places, context)) return
  if (await fromMaven(places, context)) return
  throw new AppError({
    code: 'KAFKA_NOT_FETCHED',
    message: `Kafka ${kafkaVersion} could not be fetched from any source.`,
    hint: `Check the network and the mirrors in Settings, or unpack ${kafkaName}.tgz yourself and set its folder as Kafka’s.`,
  })
}
