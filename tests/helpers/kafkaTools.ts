/** Apache Kafka's own command line tools, as an independent reader and writer of the same broker. */
import { execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { kafkaLibs } from './broker.ts'

const exec = promisify(execFile)

const jvm = ['-Xmx200m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']

/** What one of Kafka's tools prints. */
export async function kafkaTool(mainClass: string, args: readonly string[]): Promise<string> {
  const libs = await kafkaLibs()
  const { stdout } = await exec('java', [...jvm, '-cp', `${libs}/*`, mainClass, ...args], {
    maxBuffer: 256 * 1024 * 1024,
  })
  return stdout
}

/** Starts one of Kafka's tools; `end` kills it and waits. */
export async function startKafkaTool(
  mainClass: string,
  args: readonly string[],
): Promise<{ output(): string; end(): Promise<void> }> {
  const libs = await kafkaLibs()
  const child = spawn('java', [...jvm, '-cp', `${libs}/*`, mainClass, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  return {
    output: () => text,
    end: async () => {
      child.kill('SIGTERM')
      await exited
    },
  }
}
