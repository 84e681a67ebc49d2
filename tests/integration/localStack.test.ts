/** What the local stack is built from: the guardian, downloads from a real file server, and the plan run twice. */
import { execFile } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { create } from 'tar'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { downloadJava } from '../../electron/local/java/download.ts'
import { findJava } from '../../electron/local/java/find.ts'
import { findKafka, installKafka, type KafkaPlaces } from '../../electron/local/kafka/install.ts'
import { kafkaName, kafkaVersion } from '../../electron/local/kafka/version.ts'
import { root } from '../helpers/home.ts'
import { pipeline, plan, startOwner, type TestOwner } from '../helpers/owner.ts'

const exec = promisify(execFile)
const signal = AbortSignal.timeout(120_000)

/** A file server that can cut an answer short and takes ranges, as mirrors do. */
async function fileServer(files: ReadonlyMap<string, Buffer>) {
  const asked: string[] = []
  const cut = new Set<string>()
  const server: Server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? ''
    asked.push(`${path}${request.headers.range ? ` ${request.headers.range}` : ''}`)
    const body = files.get(path)
    if (body === undefined) {
      response.writeHead(404).end()
      return
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0)
    const rest = body.subarray(from)
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': rest.length })
    if (!cut.delete(path)) response.end(rest)
    // What was written has left this process; the other end is given the time to take it before the line breaks.
    else
      response.write(rest.subarray(0, Math.floor(rest.length / 2)), () =>
        setTimeout(() => response.destroy(), 300),
      )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    cut,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipeline-stack-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

describe('the guardian', () => {
  it('is the class that its source makes', async ({ skip }) => {
    // A Java that runs Kafka need not be one that compiles; a build machine has to have it.
    const missing = await exec('javac', ['--version']).then(() => null, String)
    if (process.env.CI === 'true') expect(missing, 'javac, of a JDK 17 or newer').toBeNull()
    if (missing !== null) skip(`Not compared: there is no javac (install a JDK 17 or newer): ${missing}`)
    await exec('javac', ['--release', '17', '-d', folder, join(root, 'resources/kafka/Guardian.java')])
    const shipped = await mkdtemp(join(folder, 'shipped-'))
    await exec('jar', ['xf', join(root, 'resources/kafka/guardian.jar')], { cwd: shipped })
    expect(await readdir(shipped)).toEqual(['Guardian.class'])
    const [made, ours] = await Promise.all(
      [folder, shipped].map((where) => readFile(join(where, 'Guardian.class'))),
    )
    expect(ours?.equals(made ?? Buffer.alloc(0))).toBe(true)
  })
})

describe('Kafka from the official archive', () => {
  /** An archive with the layout of Apache's, and its sum in Apache's own form over several lines. */
  async function archive(): Promise<{ readonly tgz: Buffer; readonly sum: Buffer }> {
    const libs = join(folder, 'make', kafkaName, 'libs')
    await mkdir(libs, { recursive: true })
    for (const name of ['kafka_2.13-4.3.1.jar', 'other.jar'])
      await writeFile(join(libs, name), randomBytes(200_000))
    await create({ gzip: true, file: join(folder, 'kafka.tgz'), cwd: join(folder, 'make') }, [kafkaName])
    const tgz = await readFile(join(folder, 'kafka.tgz'))
    const groups = createHash('sha512').update(tgz).digest('hex').toUpperCase().match(/.{8}/g) ?? []
    const lines = [groups.slice(0, 8), groups.slice(8)].map((part) => part.join(' '))
    return { tgz, sum: Buffer.from(`${kafkaName}.tgz: ${lines.join(`\n${' '.repeat(24)}`)}\n`) }
  }
  const placesFor = (mirrors: string[]): KafkaPlaces => ({
    kafkaHome: '',
    cache: join(folder, 'cache'),
    resources: join(root, 'resources'),
    mirrors,
  })
  const context = { signal, log: () => {}, progress: () => {} }

  it('goes from the primary site to the archive, goes on where it was cut, and checks what it unpacked at each start', async () => {
    const { tgz, sum } = await archive()
    const path = `${kafkaVersion}/${kafkaName}.tgz`
    const server = await fileServer(
      new Map([
        [`/main/${path}.sha512`, sum],
        [`/archive/${path}`, tgz],
      ]),
    )
    const places = placesFor([`${server.url}/main`, `${server.url}/archive/`])
    expect(await findKafka(places)).toMatchObject({ libs: null, broken: false })
    server.cut.add(`/archive/${path}`)
    // Without Maven, so that it cannot step in for the archive that was cut.
    const path0 = process.env.PATH
    process.env.PATH = ''
    try {
      await expect(installKafka(places, context)).rejects.toMatchObject({ code: 'KAFKA_NOT_FETCHED' })
      await installKafka(places, context)
    } finally {
      process.env.PATH = path0
    }
    expect(server.asked).toContain(`/main/${path}`)
    expect(server.asked.at(-1)).toMatch(/^\/archive\/.*\.tgz bytes=\d+-$/)
    const found = await findKafka(places)
    expect(await readdir(found.libs ?? '')).toEqual(['kafka_2.13-4.3.1.jar', 'other.jar'])
    await writeFile(join(found.libs ?? '', 'other.jar'), 'tampered')
    expect(await findKafka(places)).toMatchObject({
      libs: null,
      broken: true,
      reason: expect.stringContaining('other.jar'),
    })
    await server.close()
  })

  it('does not take an archive whose sum differs', async () => {
    const { tgz } = await archive()
    const path = `${kafkaVersion}/${kafkaName}.tgz`
    const wrong = Buffer.from(`${kafkaName}.tgz: ${'0'.repeat(128)}\n`)
    const server = await fileServer(
      new Map([
        [`/${path}.sha512`, wrong],
        [`/${path}`, tgz],
      ]),
    )
    const lines: string[] = []
    await installKafka(placesFor([server.url]), {
      ...context,
      log: (line) => lines.push(line),
      signal,
    }).catch(() => {})
    expect(lines.join()).toContain('sha512 differs')
    expect(await stat(join(folder, 'cache', 'kafka', kafkaVersion, kafkaName)).catch(() => null)).toBeNull()
    await server.close()
  })

  it('refuses a configured folder that holds something else, and says what', async () => {
    const places = { ...placesFor([]), kafkaHome: folder }
    expect(await findKafka(places)).toMatchObject({
      libs: null,
      broken: true,
      reason: expect.stringContaining('holds no Kafka'),
    })
    await expect(installKafka(places, context)).rejects.toMatchObject({
      code: 'KAFKA_HOME_WRONG',
      field: 'kafkaHome',
    })
  })
})

describe.skipIf(process.platform === 'win32')('Java from Adoptium', () => {
  it('is downloaded, checked by its sum, resumed, and found', async () => {
    const release = 'jdk-21.0.9+10-jre'
    const bin = join(folder, 'make', release, process.platform === 'darwin' ? 'Contents/Home/bin' : 'bin')
    await mkdir(bin, { recursive: true })
    await writeFile(
      join(bin, 'java'),
      `#!/bin/sh\necho 'openjdk version "21.0.9" 2026-10-01' >&2\n#${randomBytes(900_000).toString('base64')}\n`,
    )
    await chmod(join(bin, 'java'), 0o755)
    await create({ gzip: true, file: join(folder, 'jre.tar.gz'), cwd: join(folder, 'make') }, [release])
    const tgz = await readFile(join(folder, 'jre.tar.gz'))
    const files = new Map([['/jre.tar.gz', tgz]])
    const server = await fileServer(files)
    const asset = (checksum: string) =>
      Buffer.from(
        JSON.stringify([
          {
            release_name: release,
            binary: { package: { name: 'jre.tar.gz', link: `${server.url}/jre.tar.gz`, checksum } },
          },
        ]),
      )
    const assets = '/v3/assets/latest/21/hotspot'
    const cache = join(folder, 'cache')
    const wanted = { base: server.url, cache, signal, progress: () => {} }

    files.set(assets, asset('0'.repeat(64)))
    await expect(downloadJava(wanted)).rejects.toMatchObject({ code: 'SUM_DIFFERS' })
    files.set(assets, asset(createHash('sha256').update(tgz).digest('hex')))
    server.cut.add('/jre.tar.gz')
    await expect(downloadJava(wanted)).rejects.toMatchObject({ code: 'DOWNLOAD_FAILED' })
    await downloadJava(wanted)
    expect(server.asked.at(-1)).toMatch(/^\/jre\.tar\.gz bytes=\d+-$/)
    const home = join(cache, 'java', release, process.platform === 'darwin' ? 'Contents/Home' : '')
    expect((await findJava({ javaHome: home, cache }, signal)).found).toMatchObject({
      version: '21.0.9',
      major: 21,
    })

    files.set(assets, Buffer.from('<html>'))
    await expect(downloadJava(wanted)).rejects.toMatchObject({ code: 'JAVA_SITE_STRANGE' })
    await server.close()
    await expect(downloadJava(wanted)).rejects.toMatchObject({ code: 'JAVA_SITE_SILENT' })
  })
})

describe('the plan', () => {
  let owner: TestOwner
  beforeAll(async () => {
    owner = await startOwner()
  })
  afterAll(async () => {
    await owner.stop()
    await owner.home.remove()
  })

  it('names who has a wanted port and takes another; applied again it changes nothing; undo leaves the data', async () => {
    const { client, home } = owner
    const taken = createServer()
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve))
    const address = taken.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const item = (await client.pipelines.list()).items[0]
    if (item === undefined) throw new Error('no pipeline')
    await client.pipelines.update({
      pipeline,
      settings: { ...item.settings, ports: { kafka: port, kinesis: 0, gateway: 0 } },
    })

    await plan(client, 'apply')
    const up = await client.plan.get({ pipeline, plan: 'local' })
    expect(up.steps.find((step) => step.id === 'broker')?.finding?.reason).toContain(
      `Port ${port} is used by`,
    )
    expect(up.steps.find((step) => step.id === 'broker')?.finding?.reason).toContain(`process ${process.pid}`)
    const before = await client.local.status({ pipeline })
    await plan(client, 'apply')
    const after = await client.local.status({ pipeline })
    expect([after.kafka.pid, after.kinesis.pid, after.gateway.pid]).toEqual([
      before.kafka.pid,
      before.kinesis.pid,
      before.gateway.pid,
    ])

    await plan(client, 'undo')
    expect((await client.local.status({ pipeline })).running).toBe(false)
    expect(await readdir(join(home.home, 'pipelines', pipeline, 'kafka', 'data'))).toContain('learner.pin-0')
    await new Promise((resolve) => taken.close(resolve))
  })

  it('is cancelled at a step’s border and goes on when it is started again', async () => {
    const { client } = owner
    await client.plan.start({ pipeline, plan: 'local', action: 'apply' })
    await client.plan.cancel({ pipeline, plan: 'local' })
    await expect
      .poll(async () => (await client.plan.get({ pipeline, plan: 'local' })).running, { timeout: 30_000 })
      .toBeNull()
    expect((await client.plan.get({ pipeline, plan: 'local' })).outcome).toBe('cancelled')
    await plan(client, 'apply')
    expect((await client.local.status({ pipeline })).running).toBe(true)
  })
})
