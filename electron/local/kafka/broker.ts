/** The local broker as a child program: formatted once, started behind the guardian, ready when it answers. */
import { execFile, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { AppError } from '../../../shared/errors.ts'
import { connectKafka } from '../../clients/kafka/client.ts'
import { until } from '../../lib/until.ts'
import type { Running } from '../process/supervisor.ts'
import { classPath, heapMiB, jvmOptions, serverProperties } from './serverProperties.ts'

const run = promisify(execFile)

export interface BrokerOptions {
  readonly java: string
  /** Folder of Kafka's jars. */
  readonly libs: string
  readonly resources: string
  readonly cache: string
  /** This pipeline's `kafka/` folder. */
  readonly folder: string
  readonly logFile: string
  readonly port: number
  readonly controllerPort: number
  log(line: string): void
}

/** After a kill with much data the log is checked first: 14 s for 1.5 GB were seen (facts: parts). */
const readyMs = 120_000
const stopMs = 30_000
/** The broker's own output is kept up to here, and one older file, bytes. */
const largestLog = 10 * 1024 * 1024

const dataFolder = (folder: string) => join(folder, 'data')

function javaArguments({ libs, resources, cache }: BrokerOptions): string[] {
  const jvm = jvmOptions({
    heapMiB: heapMiB(totalmem()),
    loggingFile: join(resources, 'kafka', 'log4j2.properties'),
    archiveFile: join(cache, 'kafka', 'broker.jsa'),
  })
  return [
    ...jvm,
    '-cp',
    classPath([join(resources, 'kafka', 'guardian.jar'), join(libs, '*')], process.platform),
  ]
}

/** True where the folder was made a log folder by us; a half-made one is made anew. */
export function isFormatted(folder: string): boolean {
  return existsSync(join(dataFolder(folder), 'meta.properties'))
}

/** Writes the configuration and formats the folder where it is not yet. A format that was cut short leaves nothing in its place. */
export async function prepareBroker(options: BrokerOptions, signal: AbortSignal): Promise<void> {
  const { folder, port, controllerPort } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const place = { port, controllerPort, dataFolder: dataFolder(folder) }
  await writeFile(join(folder, 'server.properties'), serverProperties(place), { mode: 0o600 })
  if (isFormatted(folder)) return
  const aside = `${dataFolder(folder)}.new`
  await rm(aside, { recursive: true, force: true })
  const asideProperties = join(folder, 'format.properties')
  await writeFile(asideProperties, serverProperties({ ...place, dataFolder: aside }), { mode: 0o600 })
  // A cluster id is 16 random bytes as URL-safe base64; a leading dash would read as an option.
  const id = `P${randomBytes(16).toString('base64url').slice(1, 22)}`
  await run(
    options.java,
    [...javaArguments(options), 'kafka.tools.StorageTool', 'format', '-t', id, '-c', asideProperties],
    { signal },
  )
  await rm(asideProperties, { force: true })
  await rm(dataFolder(folder), { recursive: true, force: true })
  await rename(aside, dataFolder(folder))
}

async function rotateLog(file: string): Promise<void> {
  if (((await stat(file).catch(() => null))?.size ?? 0) > largestLog) await rename(file, `${file}.1`)
}

/** The last lines of the broker's own output that say something is wrong. */
async function lastWords(file: string): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '')
  const lines = text.trim().split('\n').slice(-200)
  const wrong = lines.filter((line) => /ERROR|FATAL|Exception|Error:/.test(line)).at(-1)
  return (wrong ?? lines.at(-1) ?? '').slice(0, 400)
}

/** Starts it and resolves when it answers and every partition has a leader. Throws AppError BROKER_ENDED with its last words. */
export async function startBroker(options: BrokerOptions, signal: AbortSignal): Promise<Running> {
  await prepareBroker(options, signal)
  await rotateLog(options.logFile)
  const output = createWriteStream(options.logFile, { flags: 'a', mode: 0o600 })
  const properties = join(options.folder, 'server.properties')
  const child = spawn(options.java, [...javaArguments(options), 'Guardian', 'kafka.Kafka', properties], {
    // The guardian watches this pipe: it ends with us, however we end (decision 3).
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  })
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  child.stdin.on('error', () => {})
  const exited = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(error.message))
    child.once('exit', (code, by) => resolve(by === null ? `exit code ${code}` : `signal ${by}`))
  }).then(async (reason) => {
    output.end()
    return `${reason}; ${await lastWords(options.logFile)}`
  })

  const bootstrap = `127.0.0.1:${options.port}`
  try {
    await Promise.race([
      ready(bootstrap, signal),
      exited.then((reason) => {
        throw new AppError({
          code: 'BROKER_ENDED',
          message: `The broker ended while it started: ${reason}`,
          hint: `Its whole output is in ${options.logFile}.`,
        })
      }),
    ])
  } catch (thrown) {
    child.kill('SIGKILL')
    throw thrown
  }
  return {
    pid: child.pid ?? 0,
    address: { bootstrap },
    ended: exited,
    stop: async () => {
      child.stdin.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), stopMs)
      await exited
      clearTimeout(timer)
    },
  }
}

async function ready(bootstrap: string, signal: AbortSignal): Promise<void> {
  await until(
    async () => {
      const kafka = await connectKafka({ bootstrap: [bootstrap], clientId: 'pipeline-ready' })
      try {
        const topics = await kafka.topics()
        return topics.every((topic) => topic.partitions.every(({ leader }) => leader >= 0)) ? true : null
      } finally {
        await kafka.close()
      }
    },
    { withinMs: readyMs, everyMs: 100, signal, what: 'the broker answers' },
  )
}
