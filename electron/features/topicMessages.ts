/** The messages of a topic: pages from any place, one message whole, and a live tail that counts what it drops. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { BrowseFrom, BrowsePage, Message, TailBatch } from '../../shared/contract/topics.ts'
import { AppError } from '../../shared/errors.ts'
import { type Kept, type Page, pageBackward, pageForward, type Source } from '../clients/kafka/browse.ts'
import type { KafkaClient, KafkaRecord } from '../clients/kafka/types.ts'
import { tailBuffer } from '../lib/tailBuffer.ts'
import { noPartition } from '../search/ranges.ts'
import { previewBytes, shown } from '../search/shown.ts'
import { findTopic } from './topicRows.ts'

/** At most ten batches a second go to a view; one a second also where nothing came, so that its numbers stay true. */
const batchEveryMs = 100
const silentMs = 1_000
const tailItems = 2_000
const tailBytes = 8 * 1024 * 1024
/** Of one fetch: some 1,000 records of 1 KB, which take this thread 7 ms; other calls come in between. */
const fetchBytes = 1024 * 1024
/** The largest message that is handed out whole, bytes. */
const largestMessage = 20 * 1024 * 1024

/** A message in a list: its preview only. */
interface Listed extends Kept {
  readonly message: Message
}

const listed = (record: KafkaRecord): Listed => ({
  partition: record.partition,
  offset: record.offset,
  timestamp: record.timestamp,
  message: shown(record, previewBytes),
})

interface Timed extends Source<Listed> {
  readonly kafka: Pick<KafkaClient, 'read' | 'offsetsAt'>
}

export interface BrowseInput {
  readonly topic: string
  readonly from: BrowseFrom
  readonly partition?: number | undefined
  readonly next?: readonly { readonly partition: number; readonly offset: string }[] | undefined
  readonly limit: number
}

/** One page, each message as a preview. */
export async function browseTopic(
  kafka: KafkaClient,
  input: BrowseInput,
  signal: AbortSignal,
): Promise<BrowsePage> {
  const page = await pageOf(kafka, input, signal)
  return {
    messages: page.records.map(({ message }) => message),
    next: page.next.map(({ partition, offset }) => ({ partition, offset: String(offset) })),
    end: page.end,
  }
}

async function pageOf(
  kafka: KafkaClient,
  { topic, from, partition, next, limit }: BrowseInput,
  signal: AbortSignal,
): Promise<Page<Listed>> {
  await findTopic(kafka, topic)
  const log = (await kafka.offsets(topic)).filter(
    (each) => partition === undefined || each.partition === partition,
  )
  if (log.length === 0) throw noPartition(topic, partition ?? 0)
  const source: Timed = { kafka, topic, log, keep: listed, signal }
  const goOn = next?.map((place) => ({ partition: place.partition, offset: BigInt(place.offset) }))
  if (from.at === 'newest') {
    const tip = log.map((each) => ({ partition: each.partition, offset: each.high }))
    return pageBackward(source, goOn ?? tip, limit)
  }
  if (goOn === undefined && from.at === 'time') return pageFrom(source, from.time, limit)
  const places = log.map((each) => ({
    partition: each.partition,
    offset: from.at === 'offset' ? BigInt(from.offset) : each.low,
  }))
  return pageForward(source, goOn ?? places, limit)
}

/** In each partition from its first record of that time or later on. */
async function pageFrom(source: Timed, time: number, limit: number): Promise<Page<Listed>> {
  // A millisecond earlier: asked for the very time, the broker may answer with the last of several records of that time.
  const places = await source.kafka.offsetsAt(source.topic, time - 1)
  const page = await pageForward(source, places, limit)
  const begun = new Set<number>()
  const records = page.records.filter(({ partition, timestamp }) => {
    if (timestamp >= time) begun.add(partition)
    return begun.has(partition)
  })
  return { ...page, records }
}

export interface MessagePlace {
  readonly topic: string
  readonly partition: number
  readonly offset: string
}

/** Up to 20 MiB of one message. Throws AppError MESSAGE_GONE. */
export async function wholeMessage(
  kafka: KafkaClient,
  { topic, partition, offset }: MessagePlace,
  signal: AbortSignal,
): Promise<Message> {
  const at = BigInt(offset)
  const log = (await kafka.offsets(topic)).filter((each) => each.partition === partition)
  if (log.length === 0) throw noPartition(topic, partition)
  const keep = (record: KafkaRecord) => record
  const source = { kafka, topic, log, keep, signal }
  const [record] = (await pageForward(source, [{ partition, offset: at }], 1)).records
  if (record?.offset === at) return shown(record, largestMessage)
  throw new AppError({
    code: 'MESSAGE_GONE',
    message: `There is no message at partition ${partition}, offset ${offset} of ${topic}`,
    hint: 'Retention or compaction may have removed it. Read the page again.',
    field: 'offset',
  })
}

export interface TailInput {
  readonly topic: string
  readonly partition?: number | undefined
  readonly from: 'newest' | 'oldest'
}

/** Follows a topic; the view gets at most ten batches a second, and what it is too slow for is dropped and counted. */
export async function* tailTopic(
  kafka: KafkaClient,
  { topic, partition, from }: TailInput,
  signal: AbortSignal,
): AsyncGenerator<TailBatch, void, void> {
  const log = (await kafka.offsets(topic)).filter(
    (each) => partition === undefined || each.partition === partition,
  )
  if (log.length === 0) throw noPartition(topic, partition ?? 0)
  const buffer = tailBuffer<KafkaRecord>({
    maxItems: tailItems,
    maxBytes: tailBytes,
    sizeOf: (record) => (record.key?.length ?? 0) + (record.value?.length ?? 0),
    shownSizeOf: ({ key, value }) =>
      Math.min(previewBytes, key?.length ?? 0) + Math.min(previewBytes, value?.length ?? 0),
  })
  const places = log.map((each) => ({
    partition: each.partition,
    offset: from === 'oldest' ? each.low : each.high,
  }))
  const ending = new AbortController()
  const both = AbortSignal.any([signal, ending.signal])
  const follow = async () => {
    const options = { topic, from: places, signal: both, maxWaitMs: 500, maxBytes: fetchBytes }
    for await (const batch of kafka.read(options))
      buffer.push({ count: batch.count, bytes: batch.bytes, items: () => batch.records })
  }
  // Runs beside the view, so that a slow view loses messages (counted) instead of holding up the broker.
  follow().catch((thrown) => (both.aborted ? undefined : buffer.fail(thrown)))
  try {
    while (!signal.aborted) {
      await buffer.wait(silentMs, signal)
      const { items, seen, dropped } = buffer.take()
      const messages = items.map((record) => shown(record, previewBytes))
      yield { messages, seen, dropped, rate: buffer.rate() }
      await sleep(batchEveryMs, undefined, { signal }).catch(() => {})
    }
  } finally {
    ending.abort()
  }
}
