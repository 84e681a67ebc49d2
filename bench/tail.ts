/** A filled topic followed from its beginning at full speed: the page stays smooth, its memory flat, the consumer fast. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { connectKafka } from '../electron/clients/kafka/client.ts'
import type { KafkaWorkbench } from '../electron/clients/kafka/workbench.ts'
import { startBroker } from '../tests/helpers/broker.ts'
import { type Bench, row } from './bench.ts'
import {
  heapMiB,
  longestTasksOf,
  openMeasured,
  residentMiB,
  smoothness,
  startDoor,
  startMeasuring,
  watching,
} from './lib/page.ts'

const topic = 'bench.tail'
const recordBytes = 1_024
/** As the tail fetches (`electron/features/topicMessages.ts`). */
const fetchBytes = 1024 * 1024
/** Memory must not grow any more after this, ms. */
const warmUpMs = 10_000

export const bench: Bench = {
  name: 'tail',
  title: 'Tail of a filled topic in Chromium',
  async run({ rounds, quick, say }) {
    const messages = quick ? 300_000 : 3_000_000
    const broker = await startBroker()
    const kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'bench' })
    try {
      await fill(kafka, messages)
      say(`filled with ${messages} messages`)
      const tails: Tailed[] = []
      const counts: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        counts.push(await countOnly(kafka, messages))
        const tailed = await tail(broker.bootstrap, messages)
        tails.push(tailed)
        say(`counting ${Math.round(counts.at(-1) ?? 0)}/s, ${JSON.stringify(tailed)}`)
      }
      const of = (pick: (tailed: Tailed) => number) => tails.map(pick)
      const [last] = tails.slice(-1)
      const what = `tail of ${messages.toLocaleString('en-GB')} messages`
      return [
        row({
          what: `${what}: consumer`,
          unit: 'messages/s',
          ours: of(({ perSecond }) => perSecond),
          peer: { name: 'the same consumer without a page, only counting', values: counts },
          target: { atLeast: 0.5 },
          notes: [
            `seen ${last?.seen}, of which ${last?.dropped} were dropped before the page; the rest it got`,
          ],
        }),
        row({
          what: `${what}: longest frame`,
          unit: 'ms',
          ours: of(({ longestFrame }) => longestFrame),
          target: { atMost: 50 },
          notes: [`frames over 50 ms by round: ${of(({ slowFrames }) => slowFrames).join(', ')}`],
        }),
        row({
          what: `${what}: longest task of the page`,
          unit: 'ms of processor time',
          ours: of(({ longestCpu }) => longestCpu),
          target: { atMost: 50 },
        }),
        row({
          what: `${what}: page memory grown after the first 10 s`,
          unit: 'MiB',
          ours: of(({ heap }) => heap[1] - heap[0]),
          target: { atMost: 5 },
          notes: [
            `heap after a forced collection: ${last?.heap.map((mib) => mib.toFixed(1)).join(' → ')} MiB`,
          ],
        }),
        row({
          what: `${what}: app memory at the end`,
          unit: 'MiB resident',
          ours: of(({ resident }) => resident),
        }),
      ]
    } finally {
      await kafka.close()
      await broker.stop()
    }
  },
}

async function fill(kafka: KafkaWorkbench, messages: number): Promise<void> {
  await kafka.createTopic({ topic, partitions: 3 })
  const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
  const batch = 1_000
  let at = 0
  const send = async () => {
    while (at < messages) {
      const from = at
      at += batch
      const records = Array.from({ length: batch }, (_, nth) => {
        const text = JSON.stringify({ ind: from + nth, country: `Country ${(from + nth) % 97}` })
        return { partition: (from / batch) % 3, value: Buffer.from(text.padEnd(recordBytes)) }
      })
      await producer.send(topic, records)
    }
  }
  await Promise.all([send(), send(), send()])
  await producer.close()
}

/** The peer, records a second. */
async function countOnly(kafka: KafkaWorkbench, messages: number): Promise<number> {
  const offsets = await kafka.offsets(topic)
  const from = offsets.map(({ partition, low }) => ({ partition, offset: low }))
  const until = offsets.map(({ partition, high }) => ({ partition, offset: high }))
  const began = performance.now()
  let seen = 0
  const options = { topic, from, until, maxBytes: fetchBytes, signal: AbortSignal.timeout(600_000) }
  for await (const batch of kafka.read(options)) seen += batch.records.length
  if (seen !== messages) throw new Error(`${seen} instead of ${messages}`)
  return (seen * 1_000) / (performance.now() - began)
}

interface Tailed {
  readonly perSecond: number
  readonly seen: number
  readonly dropped: number
  readonly longestFrame: number
  readonly slowFrames: number
  readonly longTasks: number
  readonly longestCpu: number
  /** MiB: after the warm-up, at the end. */
  readonly heap: readonly [number, number]
  readonly resident: number
}

async function tail(bootstrap: string, messages: number): Promise<Tailed> {
  const door = await startDoor(watching(bootstrap))
  const { page, close } = await openMeasured(door.address)
  try {
    const cdp = await page.context().newCDPSession(page)
    await page.getByRole('link', { name: 'Topics' }).click()
    await page.getByRole('row', { name: topic }).click()
    await page.getByLabel('Read', { exact: true }).selectOption('oldest')
    await page.getByRole('row').nth(5).waitFor()
    const began = Date.now()
    const ended = Promise.withResolvers<number>()
    // Garbage is only forced out between the two, so that it counts in neither.
    const first = await longestTasksOf(page, async () => {
      await startMeasuring(page)
      await page.getByRole('button', { name: 'Tail', exact: true }).click()
      sawAll(page, messages).then(ended.resolve, ended.reject)
      await Promise.race([sleep(warmUpMs), ended.promise])
    })
    const warm = await heapMiB(page, cdp)
    const second = await longestTasksOf(page, async () => void (await ended.promise))
    const perSecond = (messages * 1_000) / ((await ended.promise) - began)
    const smooth = await smoothness(page)
    const heap = [warm, await heapMiB(page, cdp)] as const
    const [seen = 0, dropped = 0] = await numbersOf(page)
    const { longestFrame, slowFrames, longTasks } = smooth
    const resident = await residentMiB(door.pid)
    return {
      perSecond,
      seen,
      dropped,
      longestFrame,
      slowFrames,
      longTasks,
      longestCpu: Math.max(first[0] ?? 0, second[0] ?? 0),
      heap,
      resident,
    }
  } finally {
    await close()
    await door.close()
  }
}

/** ms since 1970 when the page said that it was through. */
function sawAll(page: Page, messages: number): Promise<number> {
  return page.evaluate(
    (wanted) =>
      new Promise<number>((done) => {
        const look = () => {
          const text = document.querySelector('[role=status][aria-live=off]')?.textContent ?? ''
          const seen = Number((/([\d,]+) seen/.exec(text)?.[1] ?? '').replaceAll(',', ''))
          if (seen >= wanted) done(Date.now())
          else setTimeout(look, 50)
        }
        look()
      }),
    messages,
  )
}

const numbersOf = (page: Page) =>
  page.evaluate(() => {
    const text = document.querySelector('[role=status][aria-live=off]')?.textContent ?? ''
    const number = (pattern: RegExp) => Number((pattern.exec(text)?.[1] ?? '').replaceAll(',', ''))
    return [number(/([\d,]+) seen/), number(/([\d,]+) dropped/)]
  })
