/** A lake looked at from outside: which offset each line is, and whether every record stands in exactly one. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { KafkaClient, KafkaRecord } from '../../electron/clients/kafka/types.ts'
import { forkNode } from '../../electron/host/forkNode.ts'
import { readEntry } from '../../electron/local/lake/entry.ts'
import type { NodeChild } from '../../electron/platform.ts'
import type { TestHome } from './home.ts'

/** The lake as the app runs it, in its child program (`stack`, as `buildEntry` makes it). */
export function startLakeChild(
  file: string,
  home: TestHome,
  bootstrap: string,
  lake: { readonly dir: string; readonly topics: readonly string[]; readonly group: string },
): NodeChild {
  return forkNode(file, {
    args: [
      JSON.stringify({
        gateway: { port: 0, stage: '', corsOrigins: [], maxBodyBytes: 1_000_000 },
        kafka: { bootstrap: [bootstrap] },
        kinesis: { endpoint: 'http://127.0.0.1:1', region: 'us-east-1' },
        lake: { ...lake, flushSize: 100, rotateMs: 100 },
      }),
    ],
    env: home.env,
  })
}

/** What the lake says of one partition: offset → line, and every line that stands twice. */
export async function linesOf(dir: string, topic: string, partition: number) {
  const lines = new Map<bigint, string>()
  const twice: bigint[] = []
  const data = join(dir, 'topics', topic, `partition=${partition}`)
  const entries = join(dir, '_offsets', topic, String(partition))
  for (const name of (await readdir(data).catch(() => [])).sort()) {
    expect(name).toMatch(new RegExp(`^${topic.replaceAll('.', '\\.')}\\+${partition}\\+\\d{10}\\.json$`))
    const start = name.slice(-'0000000000.json'.length)
    const entry = readEntry(await readFile(join(entries, start), 'utf8'))
    const text = (await readFile(join(data, name), 'utf8')).split('\n')
    expect(text.pop(), 'a file ends with a line feed').toBe('')
    const offsets = (entry?.ranges ?? []).flatMap(([from, to]) =>
      Array.from({ length: Number(to - from) + 1 }, (_, n) => from + BigInt(n)),
    )
    expect(text).toHaveLength(offsets.length)
    for (const [nth, offset] of offsets.entries()) {
      if (lines.has(offset)) twice.push(offset)
      lines.set(offset, text[nth] ?? '')
    }
  }
  return { lines, twice }
}

async function recordsOf(kafka: KafkaClient, topic: string): Promise<KafkaRecord[]> {
  const offsets = await kafka.offsets(topic)
  const found: KafkaRecord[] = []
  const from = offsets.map(({ partition, low }) => ({ partition, offset: low }))
  const until = offsets.map(({ partition, high }) => ({ partition, offset: high }))
  for await (const batch of kafka.read({ topic, from, until, signal: AbortSignal.timeout(60_000) }))
    for (const record of batch.records) found.push(record)
  return found
}

/** Every record of the topic stands in exactly one line, with the same content, and nothing else does. */
export async function expectExactlyOnce(kafka: KafkaClient, dir: string, topic: string): Promise<void> {
  const records = await recordsOf(kafka, topic)
  for (const { partition } of await kafka.offsets(topic)) {
    const { lines, twice } = await linesOf(dir, topic, partition)
    expect(twice).toEqual([])
    const theirs = records.filter((record) => record.partition === partition)
    expect(lines.size).toBe(theirs.length)
    for (const { offset, value } of theirs) expect(lines.get(offset)).toBe(value?.toString('utf8') ?? 'null')
  }
}
