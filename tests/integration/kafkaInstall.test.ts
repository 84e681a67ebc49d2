/** Where Kafka comes from: the official archive, Maven, or the user's own folder; each jar checked, nothing left half-made. */
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { create } from 'tar'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { download } from '../../electron/lib/download.ts'
import { listProcesses } from '../../electron/lib/processes.ts'
import { findKafka, installKafka, type KafkaPlaces } from '../../electron/local/kafka/install.ts'
import { readLock } from '../../electron/local/kafka/jars.ts'
import { kafkaName, kafkaVersion } from '../../electron/local/kafka/version.ts'
import { fileServer, tunnelTo } from '../helpers/fileServer.ts'
import { root } from '../helpers/home.ts'

const exec = promisify(execFile)
const resources = join(root, 'resources')
const path = `/${kafkaVersion}/${kafkaName}.tgz`
const nowhere = 'http://127.0.0.1:9'

const hasMaven = await exec('mvn', ['-version']).then(
  () => true,
  () => false,
)
if (!hasMaven && process.env.CI) throw new Error('Maven is not on PATH: install Maven.')

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipeline-kafka-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const placesFor = (more: Partial<KafkaPlaces>): KafkaPlaces => ({
  kafkaHome: '',
  cache: join(folder, 'cache'),
  resources,
  mirrors: [nowhere],
  ...more,
})

function context(signal: AbortSignal = AbortSignal.timeout(100_000)) {
  const lines: string[] = []
  return { lines, signal, log: (line: string) => void lines.push(line), progress: () => {} }
}

/** An archive with the layout of Apache's, and its sum in Apache's own form over several lines. */
async function archive(): Promise<{ readonly tgz: Buffer; readonly sum: Buffer }> {
  const libs = join(folder, 'make', kafkaName, 'libs')
  await mkdir(libs, { recursive: true })
  for (const name of [`${kafkaName}.jar`, 'other.jar'])
    await writeFile(join(libs, name), randomBytes(400_000))
  await create({ gzip: true, file: join(folder, 'kafka.tgz'), cwd: join(folder, 'make') }, [kafkaName])
  const tgz = await readFile(join(folder, 'kafka.tgz'))
  const groups = createHash('sha512').update(tgz).digest('hex').toUpperCase().match(/.{8}/g) ?? []
  const lines = [groups.slice(0, 6), groups.slice(6, 12), groups.slice(12)].map((part) => part.join(' '))
  return { tgz, sum: Buffer.from(`${kafkaName}.tgz: ${lines.join(`\n${' '.repeat(24)}`)}\n`) }
}

describe('the official archive, without Maven', () => {
  const before = process.env.PATH
  beforeEach(() => {
    process.env.PATH = join(folder, 'no-programs')
  })
  afterEach(() => {
    process.env.PATH = before
  })

  it('goes from the primary site to the archive, goes on where it was cut, and is compared at each start', async () => {
    const { tgz, sum } = await archive()
    const server = await fileServer(
      new Map([
        [`/main${path}.sha512`, sum],
        [`/archive${path}`, tgz],
      ]),
    )
    const places = placesFor({ mirrors: [`${server.url}/main`, `${server.url}/archive/`] })
    server.cut.add(`/archive${path}`)
    const first = context()
    await expect(installKafka(places, first)).rejects.toMatchObject({ code: 'KAFKA_NOT_FETCHED' })
    expect(first.lines.join('\n')).toMatch(/answered with 404.*broke off.*Maven is not installed/s)
    expect((await findKafka(places)).libs).toBeNull()

    await installKafka(places, context())
    expect(server.asked.at(-1)).toMatch(new RegExp(`^/archive${path} bytes=[1-9]\\d*-$`))
    const found = await findKafka(places)
    expect(found.jars).toEqual([`${kafkaName}.jar`, 'other.jar'])
    await writeFile(join(found.libs ?? '', 'other.jar'), 'tampered')
    expect(await findKafka(places)).toMatchObject({
      libs: null,
      broken: true,
      reason: expect.stringContaining('other.jar'),
    })
    await server.close()
  })

  it('keeps what it has when it is cancelled', async () => {
    const { tgz, sum } = await archive()
    const server = await fileServer(
      new Map([
        [`${path}.sha512`, sum],
        [path, tgz],
      ]),
    )
    server.held.add(path)
    const places = placesFor({ mirrors: [server.url] })
    const cancel = new AbortController()
    const cancelled = expect(installKafka(places, context(cancel.signal))).rejects.toMatchObject({
      name: 'AbortError',
    })
    const part = join(folder, 'cache', 'downloads', `${kafkaName}.tgz.part`)
    const kept = async () => (await stat(part).catch(() => null))?.size ?? 0
    await expect.poll(kept, { timeout: 20_000 }).toBeGreaterThan(tgz.length * 0.3)
    cancel.abort()
    await cancelled
    expect(await kept()).toBeGreaterThan(tgz.length * 0.3)
    server.held.clear()
    await installKafka(places, context())
    expect(server.asked.at(-1)).toMatch(/ bytes=\d+-$/)
    expect((await findKafka(places)).libs).not.toBeNull()
    await server.close()
  })
})

describe.skipIf(!hasMaven)('Maven, where no site answers', () => {
  it('brings exactly the locked jars', async () => {
    const places = placesFor({})
    const seen = context()
    await installKafka(places, seen)
    expect(seen.lines.join('\n')).toContain('no answer')
    const { libs, jars, reason } = await findKafka(places)
    const locked = Object.keys((await readLock(resources)).jars)
    expect((await readdir(libs ?? '')).sort()).toEqual([...locked].sort())
    expect(reason).toContain(`${jars.length} jars checked`)
    expect(await readdir(join(folder, 'cache', 'kafka'))).toEqual([kafkaVersion])

    // A jar that does not belong here never comes on the class path; one that was changed stops everything.
    await writeFile(join(libs ?? '', 'stranger.jar'), 'x')
    expect((await findKafka(places)).jars).toEqual(jars)
    await writeFile(join(libs ?? '', jars[0] ?? ''), 'tampered')
    expect(await findKafka(places)).toMatchObject({ libs: null, broken: true })
  })

  it('is ended with all it started when it is cancelled, and leaves nothing', async () => {
    const cancel = new AbortController()
    const installing = installKafka(placesFor({}), {
      ...context(cancel.signal),
      progress: (_fraction, text) => text.startsWith('Maven') && cancel.abort(),
    })
    await expect(installing).rejects.toMatchObject({ name: 'AbortError' })
    await expect
      .poll(async () => (await listProcesses()).filter(({ command }) => command.includes(folder)))
      .toEqual([])
    expect(await readdir(join(folder, 'cache', 'kafka'))).toEqual([])
  })
})

describe('a folder of the user’s', () => {
  /** Small stand-ins under the real names: only the names that the lock file knows are held to published sums. */
  const home = () => join(folder, 'home')
  const jar = (name: string, text = name) => writeFile(join(home(), 'libs', name), text)
  const places = () => placesFor({ kafkaHome: home() })
  beforeEach(async () => {
    await mkdir(join(home(), 'libs'), { recursive: true })
    await jar(`${kafkaName}.jar`)
    await jar('unknown-to-the-lock-1.0.jar')
  })

  it('is recorded at its first use and compared from then on', async () => {
    expect(await findKafka(places())).toMatchObject({ libs: null, broken: false })
    await installKafka(places(), context())
    expect((await findKafka(places())).jars).toEqual([`${kafkaName}.jar`, 'unknown-to-the-lock-1.0.jar'])
    await jar(`${kafkaName}.jar`, 'changed')
    expect(await findKafka(places())).toMatchObject({
      libs: null,
      broken: true,
      reason: expect.stringContaining(
        `Since its first use, 1 jars are not what was published: ${kafkaName}.jar`,
      ),
    })
    const hint = expect.stringContaining('delete ')
    await expect(installKafka(places(), context())).rejects.toMatchObject({ code: 'KAFKA_HOME_WRONG', hint })
  })

  it('is refused where a jar that others publish has another sum', async () => {
    const locked = Object.keys((await readLock(resources)).jars)
    const name = locked.find((each) => !each.endsWith(`-${kafkaVersion}.jar`)) ?? ''
    await jar(name, 'tampered')
    expect(await findKafka(places())).toMatchObject({
      libs: null,
      broken: true,
      reason: expect.stringContaining(`not what was published: ${join(home(), 'libs', name)}`),
    })
  })

  it('is refused with the reason where it is another version, or no Kafka', async () => {
    await rm(join(home(), 'libs', `${kafkaName}.jar`))
    expect((await findKafka(places())).reason).toContain('holds no Kafka')
    await jar('kafka_2.13-3.9.1.jar')
    expect((await findKafka(places())).reason).toContain(
      `holds kafka_2.13-3.9.1.jar, and this app needs ${kafkaVersion}`,
    )
  })
})

describe('a download', () => {
  const body = randomBytes(300_000)
  const hex = createHash('sha256').update(body).digest('hex')
  const wanted = (url: string, network = {}) => ({
    url,
    file: join(folder, 'file'),
    sum: { algorithm: 'sha256' as const, hex },
    network,
    signal: AbortSignal.timeout(30_000),
    progress: () => {},
  })

  it('goes through the proxy of the settings, and to loopback addresses without it', async () => {
    const near = await fileServer(new Map([['/file', body]]))
    const proxy = await tunnelTo(near.url)
    await download(wanted('http://mirror.invalid/file', { proxy: proxy.url }))
    expect(await readFile(join(folder, 'file'))).toEqual(body)
    await rm(join(folder, 'file'))
    await download(wanted(`${near.url}/file`, { proxy: proxy.url }))
    expect(proxy.asked).toEqual(['mirror.invalid:80'])
    expect(near.asked).toEqual(['/file', '/file'])
    await Promise.all([proxy.close(), near.close()])
  })

  it('is not fooled by a part that is whole, too long, or of another file', async () => {
    const server = await fileServer(new Map([['/file', body]]))
    const part = join(folder, 'file.part')
    await writeFile(part, body)
    await download(wanted(`${server.url}/file`))
    await rm(join(folder, 'file'))
    for (const wrong of [Buffer.concat([body, body]), Buffer.alloc(1_000)]) {
      await writeFile(part, wrong)
      await expect(download(wanted(`${server.url}/file`))).rejects.toMatchObject({ code: 'SUM_DIFFERS' })
      expect(await readdir(folder)).toEqual([])
    }
    await download(wanted(`${server.url}/file`))
    expect(await readdir(folder)).toEqual(['file'])
    await server.close()
  })

  it('without a sum takes a whole archive, also after a cut, and nothing else', async () => {
    const tgz = gzipSync(body)
    const server = await fileServer(
      new Map([
        ['/archive', tgz],
        ['/page', Buffer.from('<html>Sign in</html>')],
      ]),
    )
    const unknown = (name: string) => ({
      ...wanted(`${server.url}/${name}`),
      sum: { algorithm: 'sha256' as const, hex: null },
    })
    server.cut.add('/archive')
    await expect(download(unknown('archive'))).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
    const sum = createHash('sha256').update(tgz).digest('hex')
    expect(await download(unknown('archive'))).toBe(sum)
    // What is there already is not fetched again.
    expect(await download(unknown('archive'))).toBe(sum)
    expect(server.asked).toHaveLength(2)
    await rm(join(folder, 'file'))
    await expect(download(unknown('page'))).rejects.toMatchObject({ code: 'DOWNLOAD_DAMAGED' })
    expect(await readdir(folder)).toEqual([])
    await server.close()
  })
})
