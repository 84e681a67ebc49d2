/** The local broker as a child program: started behind the guardian, ready when it answers and leaders exist. */
import { spawn } from 'node:child_process'
import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { connect } from 'node:net'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { connectKafka } from '../../clients/kafka/client.ts'
import { childEnvironment } from '../../lib/childEnvironment.ts'
import { until } from '../../lib/until.ts'
import type { ClassData } from '../java/classData.ts'
import type { Running } from '../process/supervisor.ts'
import { type BrokerJvm, classDataName, startWords } from './brokerCommands.ts'
import { prepareBroker } from './format.ts'
import { heapMiB } from './serverProperties.ts'

/** What the steps before the broker found. */
export interface BrokerPrograms {
  readonly java: { readonly program: string; readonly version: string }
  /** Absolute paths of Kafka's jars, each checked. */
  readonly jars: readonly string[]
}

export interface BrokerOptions extends BrokerPrograms {
  readonly resources: string
  readonly cache: string
  /** This pipeline's `kafka/` folder. */
  readonly folder: string
  readonly logFile: string
  readonly port: number
  readonly controllerPort: number
  /** Called as soon as there is a process, long before it is ready. */
  spawned(pid: number): void
}

/** After a kill with much data the log is checked first: 14 s for 1.5 GB were seen (facts: parts). */
const readyMs = 120_000
const stopMs = 30_000
/** The broker's own output is kept up to here, and one older file, bytes. */
const largestLog = 10 * 1024 * 1024

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

/** Of `startBroker`: somebody else listens at one of its ports. */
export const isPortTaken = (thrown: unknown): boolean =>
  thrown instanceof AppError &&
  thrown.code === 'BROKER_ENDED' &&
  thrown.message.includes('Address already in use')

/** Starts it and resolves when it answers and every partition has a leader. Throws AppError BROKER_ENDED with its last words. */
export async function startBroker(options: BrokerOptions, signal: AbortSignal): Promise<Running> {
  const { java, jars, logFile } = options
  const jvm: BrokerJvm = {
    jars,
    resources: options.resources,
    heapMiB: heapMiB(totalmem()),
    platform: process.platform,
  }
  const archive = join(options.cache, 'kafka', classDataName(java.version, jars))
  const made = `${archive}.${process.pid}.new`
  const there = existsSync(archive)
  const use: ClassData = there ? { use: archive } : null
  const properties = await prepareBroker({ ...options, java: java.program, jvm, classData: use }, signal)
  await mkdir(join(options.cache, 'kafka'), { recursive: true })
  await rotateLog(logFile)
  signal.throwIfAborted()

  const output = createWriteStream(logFile, { flags: 'a', mode: 0o600 })
  const child = spawn(java.program, startWords(jvm, use ?? { make: made }, properties), {
    // The guardian watches this pipe: it ends with us, however we end (decision 3).
    stdio: ['pipe', 'pipe', 'pipe'],
    env: childEnvironment(),
    windowsHide: true,
  })
  if (child.pid !== undefined) options.spawned(child.pid)
  child.stdout.pipe(output, { end: false })
  child.stderr.pipe(output, { end: false })
  child.stdin.on('error', () => {})
  const exited = new Promise<{ readonly clean: boolean; readonly killed: boolean; readonly reason: string }>(
    (resolve) => {
      child.once('error', (error) => resolve({ clean: false, killed: false, reason: error.message }))
      child.once('exit', (code, by) =>
        resolve({
          clean: code === 0,
          killed: by !== null,
          reason: by === null ? `exit code ${code}` : `signal ${by}`,
        }),
      )
    },
  ).then(async ({ clean, killed, reason }) => {
    output.end()
    // Only a clean end leaves the class data whole.
    if (clean) await rename(made, archive).catch(() => {})
    else await rm(made, { force: true })
    // Somebody else's signal: what it said last has nothing to do with it.
    return killed ? reason : `${reason}; ${await lastWords(logFile)}`
  })

  const bootstrap = `127.0.0.1:${options.port}`
  try {
    await Promise.race([
      ready(bootstrap, options.port, signal),
      exited.then((reason) => {
        throw new AppError({
          code: 'BROKER_ENDED',
          message: `The broker ended while it started: ${reason}`,
          hint: `Its whole output is in ${logFile}.`,
        })
      }),
    ])
  } catch (thrown) {
    child.kill('SIGKILL')
    // Whatever was wrong, the next start does without class data that may be damaged.
    if (!signal.aborted) await rm(archive, { force: true })
    throw thrown
  }
  return {
    pid: child.pid ?? 0,
    address: { bootstrap },
    ended: exited,
    stop: async (patienceMs = stopMs) => {
      child.stdin.end()
      const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs)
      await exited
      clearTimeout(timer)
    },
  }
}

/** Does anybody listen there? Cheaper than a client that would try again by itself. */
function listens(port: number): Promise<true | null> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const answer = (found: true | null) => {
      socket.destroy()
      resolve(found)
    }
    socket.setTimeout(1_000, () => answer(null))
    socket.once('connect', () => answer(true))
    socket.once('error', () => answer(null))
  })
}

async function ready(bootstrap: string, port: number, signal: AbortSignal): Promise<void> {
  const aborted = new Promise<never>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
  const led = async () => {
    await until(() => listens(port), { withinMs: readyMs, everyMs: 50, signal, what: 'the broker listens' })
    await until(() => leadersExist(bootstrap), {
      withinMs: readyMs,
      everyMs: 100,
      signal,
      what: 'the broker answers',
    })
  }
  await Promise.race([led(), aborted])
}

async function leadersExist(bootstrap: string): Promise<true | null> {
  const kafka = await connectKafka({ bootstrap: [bootstrap], clientId: 'pipeline-ready' })
  try {
    const topics = await kafka.topics()
    return topics.every((topic) => topic.partitions.every(({ leader }) => leader >= 0)) ? true : null
  } finally {
    await kafka.close()
  }
}
