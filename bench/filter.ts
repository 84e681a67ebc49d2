/** How fast a topic is searched, beside a consumer that only counts: `node bench/filter.ts` (1,000,000 messages, 3 partitions). */
import { cpus, totalmem } from 'node:os'
import { connectKafka } from '../electron/clients/kafka/client.ts'
import { startSearch } from '../electron/search/start.ts'
import type { Filter, SearchEvent } from '../shared/contract/search.ts'
import { startBroker } from '../tests/helpers/broker.ts'
import { buildEntry } from '../tests/helpers/builtEntry.ts'

const messages = 1_000_000
const hits = 10
const rounds = 5
const topic = 'bench.geo'

const broker = await startBroker()
const built = await buildEntry('searchWorker')
const kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'bench' })
await kafka.createTopic({ topic, partitions: 3 })
const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
for (let at = 0; at < messages; at += 5_000) {
  const records = Array.from({ length: 5_000 }, (_, nth) => {
    const n = at + nth
    const country = n % (messages / hits) === 0 ? 'Albania' : `Country ${n % 97}`
    const text = { ind: n, timestamp: '2020-08-28 03:52:47', latitude: -89.9787, longitude: 12.5, country }
    return { partition: n % 3, value: Buffer.from(JSON.stringify({ ...text, note: 'x'.repeat(180) })) }
  })
  await producer.send(topic, records)
}
await producer.close()

/** The peer: reads everything with the same client and only counts, in this thread. */
async function countOnly(): Promise<number> {
  const offsets = await kafka.offsets(topic)
  const began = performance.now()
  let seen = 0
  const range = {
    from: offsets.map(({ partition, low }) => ({ partition, offset: low })),
    until: offsets.map(({ partition, high }) => ({ partition, offset: high })),
  }
  for await (const batch of kafka.read({ topic, ...range, signal: AbortSignal.timeout(300_000) }))
    seen += batch.records.length
  if (seen !== messages) throw new Error(`${seen} instead of ${messages}`)
  return performance.now() - began
}

async function search(filter: Filter): Promise<number> {
  const input = { topic, filter, order: 'oldest' as const, limit: 10_000, timeLimitMs: 300_000 }
  const init = { mode: 'search' as const, bootstrap: [broker.bootstrap], input }
  const began = performance.now()
  let last: SearchEvent | undefined
  for await (const event of startSearch(built.file, init, new AbortController().signal)) last = event
  if (last?.matched !== hits || last.scanned !== messages) throw new Error(`found ${last?.matched}`)
  return performance.now() - began
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
const text: Filter = { kind: 'text', text: 'albania', caseSensitive: false }
const exact: Filter = { kind: 'text', text: 'Albania', caseSensitive: true }
const equal: Filter = { kind: 'expression', text: 'value.country == "Albania"' }
const parsed: Filter = { kind: 'expression', text: 'value.country.startsWith("Alb")' }
const cases = { countOnly: null, text, exact, equal, parsed }
const times: Record<string, number[]> = {}
// In turn, so that a busy moment of the machine meets each of them alike.
for (let round = 0; round < rounds; round += 1) {
  for (const [name, filter] of Object.entries(cases)) {
    times[name] = [...(times[name] ?? []), filter === null ? await countOnly() : await search(filter)]
  }
}
const base = median(times.countOnly ?? [])
const result = Object.fromEntries(
  Object.entries(times).map(([name, all]) => [
    name,
    {
      medianMs: Math.round(median(all)),
      ratio: Number((median(all) / base).toFixed(2)),
      ms: all.map(Math.round),
    },
  ]),
)
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, memoryGiB: Math.round(totalmem() / 1024 ** 3) }
process.stdout.write(
  `${JSON.stringify({ messages, hits, machine, node: process.version, ...result }, null, 2)}\n`,
)
await kafka.close()
await broker.stop()
await built.remove()
