/** The built Kinesis child as the app starts it, for tests that kill it. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import type { KinesisClient, ReadRecord } from '../../electron/clients/kinesis/types.ts'
import { type ChildMessage, childMessageSchema } from '../../electron/lib/child.ts'
import { eventually } from './kinesis.ts'

export interface KinesisChild {
  readonly process: ChildProcess
  readonly messages: readonly ChildMessage[]
  readonly endpoint: string
  readonly client: Required<KinesisClient>
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>
}

/** Starts the built entry with any options, good or bad. */
export function launchKinesis(
  file: string,
  options: object,
): { readonly process: ChildProcess; readonly messages: ChildMessage[] } {
  const process = fork(file, [JSON.stringify(options)], { stdio: 'inherit' })
  const messages: ChildMessage[] = []
  process.on('message', (message) => messages.push(childMessageSchema.parse(message)))
  return { process, messages }
}

/** Starts it over `dir` on a free port and connects to it. */
export async function startKinesisChild(
  file: string,
  dir: string,
  enforceLimits = false,
): Promise<KinesisChild> {
  const options = { dir, port: 0, enforceLimits, region: 'us-east-1' }
  const { process, messages } = launchKinesis(file, options)
  await eventually(() => messages.length > 0)
  const [message] = messages
  if (message?.type !== 'ready') throw new Error(JSON.stringify(message))
  const endpoint = message.address.endpoint ?? ''
  const client = connectKinesis({ endpoint, region: 'us-east-1' })
  return {
    process,
    messages,
    endpoint,
    client,
    async kill() {
      await killProcess(process)
      await client.close()
    },
  }
}

export async function killProcess(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return
  process.kill('SIGKILL')
  await once(process, 'exit')
}

/** Every record of a stream, shard after shard; throws where sequence numbers do not grow. */
export async function* readStream(client: KinesisClient, stream: string): AsyncGenerator<ReadRecord> {
  for (const { id } of await client.shards(stream)) {
    let next: string | null = await client.iterator(stream, id, { type: 'TRIM_HORIZON' })
    let last = -1n
    while (next !== null) {
      const read: Awaited<ReturnType<KinesisClient['getRecords']>> = await client.getRecords(id, next, 10_000)
      for (const record of read.records) {
        if (record.sequence <= last) throw new Error(`${record.sequence} comes after ${last} in ${id}`)
        last = record.sequence
        yield record
      }
      if (read.records.length === 0 && read.millisBehindLatest === 0) break
      next = read.next
    }
  }
}
