/** How fast a topic is searched, beside a consumer that only counts: 1,000,000 messages, 3 partitions, 10 hits. */
import { connectKafka } from '../electron/clients/kafka/client.ts'
import type { KafkaClient } from '../electron/clients/kafka/types.ts'
import { startSearch } from '../electron/search/start.ts'
import type { Filter, SearchEvent } from '../shared/contract/search.ts'
import { startBroker } from '../tests/helpers/broker.ts'
import { buildEntry } from '../tests/helpers/builtEntry.ts'
import { type Bench, inTurn, type Row, row } from './bench.ts'

const hits = 10
const topic = 'bench.geo'

export const bench: Bench = {
  name: 'filter',
  title: 'Search of a topic',
  async run({ rounds, quick, say }) {
    const messages = quick ? 200_000 : 1_000_000
    const broker = await startBroker()
    const built = await buildEntry('searchWorker')
    const kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'bench' })
    try {
      await fill(kafka, messages)
      const search = (filter: Filter) => timeSearch(built.file, broker.bootstrap, filter, messages)
      const times = await inTurn(
        rounds,
        {
          count: () => countOnly(kafka, messages),
          text: () => search({ kind: 'text', text: 'albania', caseSensitive: false }),
          exact: () => search({ kind: 'text', text: 'Albania', caseSensitive: true }),
          equal: () => search({ kind: 'expression', text: 'value.country == "Albania"' }),
          parsed: () => search({ kind: 'expression', text: 'value.country.startsWith("Alb")' }),
        },
        say,
      )
      const line = (what: string, ours: readonly number[], atMost: number): Row =>
        row({
          what: `filter ${messages.toLocaleString('en-GB')} messages to ${hits} hits: ${what}`,
          unit: 'ms',
          ours,
          peer: { name: 'consumer that only counts', values: times.count },
          target: { atMost },
        })
      return [
        line('text', times.text, 1.5),
        line('text, exact case', times.exact, 1.5),
        line('expression that compares a field', times.equal, 3),
        line('expression that calls a method', times.parsed, 3),
      ]
    } finally {
      await kafka.close()
      await broker.stop()
      await built.remove()
    }
  },
}

async function fill(kafka: KafkaClient, messages: number): Promise<void> {
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
}

/** The peer: reads everything with the same client and only counts, in this thread. Answers ms. */
async function countOnly(kafka: KafkaClient, messages: number): Promise<number> {
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

async function timeSearch(
  file: string,
  bootstrap: string,
  filter: Filter,
  messages: number,
): Promise<number> {
  const input = { topic, filter, order: 'oldest' as const, limit: 10_000, timeLimitMs: 300_000 }
  const init = { mode: 'search' as const, bootstrap: [bootstrap], machine: null, security: null, input }
  const began = performance.now()
  let last: SearchEvent | undefined
  for await (const event of startSearch(file, { init, secrets: {} }, new AbortController().signal))
    last = event
  if (last?.matched !== hits || last.scanned !== messages) throw new Error(`found ${last?.matched}`)
  return performance.now() - began
}
