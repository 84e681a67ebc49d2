/** A real Kafka broker for tests: one KRaft node on free ports with its own folder, gone with the test. */
import { execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { homedir, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

/** The same version as the product's own broker (decision 19). */
const version = '4.3.1'

/** For tests that write records of past years: the broker would delete those half a minute after it started. */
export const keepOldRecords = { properties: { 'log.retention.ms': '-1' } } as const

export interface TestBroker {
  /** `127.0.0.1:<port>`; stays the same over `restart`. */
  readonly bootstrap: string
  /** Holds the broker's log folder and `broker.log`. */
  readonly home: string
  pid(): number | undefined
  /** Ends it cleanly; a home folder the helper made itself is deleted. */
  stop(): Promise<void>
  /** `kill -9`. */
  kill(): Promise<void>
  /** Starts it again on the same ports and data; resolves when every partition has a leader. */
  restart(): Promise<void>
}

/** Says what is missing, or null. Under `CI=true` a test must fail on it, else it may skip. */
export async function brokerMissing(): Promise<string | null> {
  const java = await exec('java', ['-version']).catch(() => null)
  if (java === null) return 'Java 17 or newer is not on PATH: install a JRE.'
  if (existsSync(libsFolder())) return null
  const mvn = await exec('mvn', ['-version']).catch(() => null)
  return mvn === null ? 'Kafka’s jars are not in the cache and Maven is not on PATH: install Maven.' : null
}

/** A second listener, at an address of this machine, that clients are told to reach by another name. */
export interface Outside {
  readonly address: string
  readonly port: number
  readonly advertised: string
}

/** The same, named, and with what is spoken there. */
export interface Listener extends Outside {
  /** Capital letters. */
  readonly name: string
  readonly protocol: 'PLAINTEXT' | 'SSL' | 'SASL_SSL'
}

/** One of several nodes: all vote, each has its own number. */
export interface ClusterNode {
  readonly id: number
  /** The cluster's id, the same for all. */
  readonly cluster: string
  /** `controller.quorum.voters` */
  readonly voters: string
  readonly controllerPort: number
}

export interface BrokerOptions {
  readonly home?: string
  readonly properties?: Readonly<Record<string, string>>
  readonly outside?: Outside
  readonly listeners?: readonly Listener[]
  readonly node?: ClusterNode
  /** Of the tool that formats the log: users of SCRAM. */
  readonly format?: readonly string[]
  /** A folder of classes beside Kafka's own. */
  readonly classes?: string
}

/** Starts a broker and resolves when it answers. `properties` are added to server.properties. */
export async function startBroker(options: BrokerOptions = {}): Promise<TestBroker> {
  return start(options, `-XX:SharedArchiveFile=${await classData()}`)
}

/** Each test file is a process of its own, or a thread: asked for once there. */
let classDataFile: Promise<string> | null = null

/**
 * Class data of an earlier broker of this very Java, which brings the 5.5 s of processor time until one answers down to 2.5.
 * Where there is none, one broker is started and ended to write it.
 */
function classData(): Promise<string> {
  classDataFile ??= (async () => {
    const { stderr } = await exec('java', ['-version'])
    const build = createHash('sha256').update(stderr).digest('hex').slice(0, 16)
    const file = join(dirname(await kafkaLibs()), `tests-${build}.jsa`)
    if (existsSync(file)) return file
    const made = `${file}.${randomBytes(4).toString('hex')}`
    await (await start({}, `-XX:ArchiveClassesAtExit=${made}`)).stop()
    // Another test run may have been first: then its file is as good.
    await rename(made, file)
    return file
  })()
  return classDataFile
}

async function start(options: BrokerOptions, archive: string): Promise<TestBroker> {
  const libs = await kafkaLibs()
  const home = options.home ?? (await mkdtemp(join(tmpdir(), 'broker-')))
  await mkdir(home, { recursive: true })
  const port = await freePort()
  const { node } = options
  const controllerPort = node?.controllerPort ?? (await freePort())
  const properties = join(home, 'server.properties')
  const { outside } = options
  const own: readonly Listener[] = [
    { name: 'PLAINTEXT', protocol: 'PLAINTEXT', address: '127.0.0.1', port, advertised: '127.0.0.1' },
    ...(outside ? [{ name: 'OUTSIDE', protocol: 'PLAINTEXT' as const, ...outside }] : []),
    ...(options.listeners ?? []),
  ]
  const text = (of: (listener: Listener) => string) => own.map(of).join()
  const more = {
    listeners: `CONTROLLER://127.0.0.1:${controllerPort},${text((each) => `${each.name}://${each.address}:${each.port}`)}`,
    'advertised.listeners': text((each) => `${each.name}://${each.advertised}:${each.port}`),
    'listener.security.protocol.map': `CONTROLLER:PLAINTEXT,${text((each) => `${each.name}:${each.protocol}`)}`,
    ...(node && { 'node.id': String(node.id), 'controller.quorum.voters': node.voters }),
    ...options.properties,
  }
  await writeFile(properties, serverProperties(home, controllerPort, more))
  await writeFile(join(home, 'log4j2.properties'), logging)
  const classPath = [`${libs}/*`, ...(options.classes === undefined ? [] : [options.classes])].join(':')
  if (!existsSync(join(home, 'data', 'meta.properties'))) {
    const id = node?.cluster ?? newClusterId()
    await exec('java', [
      ...jvm(home, archive),
      '-cp',
      classPath,
      'kafka.tools.StorageTool',
      'format',
      '-t',
      id,
      '-c',
      properties,
      ...(options.format ?? []),
    ])
  }

  let running: { readonly pid: number | undefined; signal(s: NodeJS.Signals): void; exited: Promise<void> }
  const launch = async () => {
    const log = openSync(join(home, 'broker.log'), 'a')
    // The subshell holds the pipe from this process: when the test dies, however it dies, the broker dies too.
    const script = 'exec 3<&0; (cat >/dev/null <&3; kill -9 $$) & exec java "$@" 3<&-'
    const args = [...jvm(home, archive), '-cp', classPath, 'kafka.Kafka', properties]
    const child = spawn('sh', ['-c', script, 'java', ...args], { stdio: ['pipe', log, log] })
    closeSync(log)
    let ended = false
    const exited = new Promise<void>((resolve) =>
      child.once('exit', () => {
        ended = true
        child.stdin?.destroy()
        resolve()
      }),
    )
    running = { pid: child.pid, signal: (s) => child.kill(s), exited }
    const deadline = Date.now() + 120_000
    while (!(await leadersExist(port))) {
      if (ended || Date.now() > deadline) {
        child.kill('SIGKILL')
        const text = readFileSync(join(home, 'broker.log'), 'utf8').slice(-4_000)
        throw new Error(`The test broker ${ended ? 'ended' : 'did not answer'}: ${text}`)
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const end = async (signal: NodeJS.Signals) => {
    running.signal(signal)
    await running.exited
  }

  await launch()
  return {
    bootstrap: `127.0.0.1:${port}`,
    home,
    pid: () => running.pid,
    stop: async () => {
      await end('SIGTERM')
      if (options.home === undefined) await rm(home, { recursive: true, force: true })
    },
    kill: () => end('SIGKILL'),
    restart: async () => {
      await end('SIGTERM')
      await launch()
    },
  }
}

export const newClusterId = () => randomBytes(16).toString('base64url').replace(/^-/, 'a')

function libsFolder(): string {
  const cache = process.env.PIPELINE_CACHE ?? join(homedir(), '.cache', 'pipeline-control')
  return join(cache, 'kafka', version, 'libs')
}

/** The folder of Kafka's jars, filled by Maven the first time. */
export async function kafkaLibs(): Promise<string> {
  const libs = libsFolder()
  if (existsSync(libs)) return libs
  await mkdir(dirname(libs), { recursive: true })
  const work = await mkdtemp(`${libs}-`)
  await writeFile(join(work, 'pom.xml'), pom)
  await exec(
    'mvn',
    ['-q', '-B', 'dependency:copy-dependencies', '-DincludeScope=runtime', '-DoutputDirectory=libs'],
    { cwd: work },
  )
  // Another test run may have been first: then its folder is as good.
  await rename(join(work, 'libs'), libs).catch((error) => {
    if (!existsSync(libs)) throw error
  })
  await rm(work, { recursive: true, force: true })
  return libs
}

const dependency = (group: string, artifact: string, of: string) =>
  `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${of}</version></dependency>`

const pom = `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>test</groupId><artifactId>broker</artifactId><version>1</version><packaging>pom</packaging><dependencies>
${dependency('org.apache.kafka', 'kafka_2.13', version)}
${dependency('org.apache.kafka', 'kafka-tools', version)}
${dependency('org.apache.logging.log4j', 'log4j-slf4j-impl', '2.25.3')}
</dependencies></project>
`

const logging = `status=warn
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d{HH:mm:ss.SSS} %p %c{1} %m%n
rootLogger.level=warn
rootLogger.appenderRef.out.ref=out
`

/** Small and quick to start rather than fast in the long run. */
function jvm(home: string, archive: string): string[] {
  return [
    '-Xmx400m',
    '-Xms128m',
    '-XX:+UseSerialGC',
    '-XX:TieredStopAtLevel=1',
    archive,
    '-Xlog:cds=off',
    '-Xlog:cds+dynamic=off',
    `-Dlog4j2.configurationFile=${join(home, 'log4j2.properties')}`,
  ]
}

function serverProperties(
  home: string,
  controllerPort: number,
  more: Readonly<Record<string, string>>,
): string {
  const all: Record<string, string> = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    'controller.listener.names': 'CONTROLLER',
    'inter.broker.listener.name': 'PLAINTEXT',
    'log.dirs': join(home, 'data'),
    'offsets.topic.replication.factor': '1',
    'offsets.topic.num.partitions': '1',
    'transaction.state.log.replication.factor': '1',
    'transaction.state.log.min.isr': '1',
    'transaction.state.log.num.partitions': '1',
    'share.coordinator.state.topic.replication.factor': '1',
    'share.coordinator.state.topic.min.isr': '1',
    'group.initial.rebalance.delay.ms': '0',
    'auto.create.topics.enable': 'false',
    'log.cleaner.dedupe.buffer.size': '4194304',
    // A restart after kill -9 waits until the old session ends: 9 s by default.
    'broker.session.timeout.ms': '3000',
    'broker.heartbeat.interval.ms': '500',
    ...more,
  }
  return `${Object.entries(all)
    .map(([name, value]) => `${name}=${value.replaceAll('\\', '\\\\')}`)
    .join('\n')}\n`
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no free port')
  return address.port
}

/** Asks for all metadata (version 1) by hand, so that the helper needs none of the code under test. */
function leadersExist(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const finish = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(2_000, () => finish(false))
    socket.once('error', () => finish(false))
    socket.once('close', () => finish(false))
    socket.once('connect', () => {
      const body = Buffer.from([0, 3, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff])
      const length = Buffer.alloc(4)
      length.writeInt32BE(body.length)
      socket.write(Buffer.concat([length, body]))
    })
    let received = Buffer.alloc(0)
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk])
      if (received.length < 4 || received.length < 4 + received.readInt32BE(0)) return
      finish(allLed(received))
    })
  })
}

function allLed(answer: Buffer): boolean {
  let at = 8
  const skip = (bytes: number) => {
    at += bytes
  }
  const int16 = () => {
    skip(2)
    return answer.readInt16BE(at - 2)
  }
  const int32 = () => {
    skip(4)
    return answer.readInt32BE(at - 4)
  }
  const text = () => skip(Math.max(int16(), 0))
  const brokers = int32()
  for (let i = 0; i < brokers; i++) {
    skip(4)
    text()
    skip(4)
    text()
  }
  skip(4)
  let led = brokers > 0
  const topics = int32()
  for (let i = 0; i < topics; i++) {
    skip(2)
    text()
    skip(1)
    const partitions = int32()
    for (let j = 0; j < partitions; j++) {
      skip(6)
      if (int32() < 0) led = false
      skip(4 * int32())
      skip(4 * int32())
    }
  }
  return led
}

/** For features whose threads reach this broker straight. */
export const straightTo = (bootstrap: string) => async () => ({
  way: { bootstrap: [bootstrap], machine: null, security: null },
  secrets: {},
  live: {},
})
