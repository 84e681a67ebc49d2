/** POST /topics/{t} and /topics/{t}/partitions/{p}: records in, a position or an error for each of them out. */
import type { KafkaTopic, OutRecord } from '../clients/kafka/types.ts'
import { type Answer, proxyError, Refusal } from './answer.ts'
import { kafkaFault, kafkaRefusal, partitionNotFound, recordCode, topicNotFound } from './kafkaErrors.ts'
import { type Lanes, maxRecordBytes, type Outcome } from './lanes.ts'
import { producedFormat } from './media.ts'
import { type ProduceRecord, readProduceBody } from './produceBody.ts'
import type { Counters } from './stats.ts'
import type { TopicCache } from './topicCache.ts'

export interface ProduceDeps {
  readonly topics: TopicCache
  readonly lanes: Lanes
  readonly counters: Counters
}

export interface ProduceCall {
  readonly topic: string
  /** The partition in the path, as it was written there. */
  readonly partition: string | null
  readonly contentType: string | undefined
  readonly body: Buffer
  /** ms since 1970: what has not been sent by then is not sent. */
  readonly expires: number
}

/** What the Java producer adds to a record when it compares it with its largest request, bytes. */
const framing = 88

/**
 * Answers as the real proxy does: 200 with `offsets[]` in the order of the records, errors of single records inside it;
 * 401 or 403 only where Kafka refused the credentials or the right. A missing topic is 40401 at once.
 */
export async function produce(deps: ProduceDeps, call: ProduceCall): Promise<Answer> {
  const format = producedFormat(call.contentType)
  if (format === null) throw proxyError(415, 415, 'HTTP 415 Unsupported Media Type')
  const records = readProduceBody(call.body, format)
  const topic = await findTopic(deps.topics, call, records)
  const outcomes = await deliver(deps, call, topic, records)
  return answerFor(deps, call.topic, outcomes)
}

async function findTopic(
  topics: TopicCache,
  call: ProduceCall,
  records: readonly ProduceRecord[],
): Promise<KafkaTopic> {
  const fixed = call.partition === null ? null : pathPartition(call.partition)
  const highest = records.reduce((most, record) => Math.max(most, record.partition ?? 0), fixed ?? 0)
  const known = (topic: KafkaTopic | null) => topic !== null && highest < topic.partitions.length
  try {
    const remembered = await topics.find(call.topic)
    const topic = remembered === null || known(remembered) ? remembered : await topics.refresh(call.topic)
    if (topic === null) throw topicNotFound()
    if (fixed !== null && fixed >= topic.partitions.length) throw partitionNotFound()
    return topic
  } catch (error) {
    throw error instanceof Refusal ? error : kafkaRefusal(error)
  }
}

/** The number in a path; anything else is no resource of the proxy. */
export function pathPartition(text: string): number {
  if (!/^\d{1,10}$/.test(text)) throw proxyError(404, 404, 'HTTP 404 Not Found')
  return Number(text)
}

/** Sends what can be sent; an error for the rest, so that one bad record does not take its batch with it. */
async function deliver(
  deps: ProduceDeps,
  call: ProduceCall,
  topic: KafkaTopic,
  records: readonly ProduceRecord[],
): Promise<(Outcome | string)[]> {
  const fixed = call.partition === null ? null : Number(call.partition)
  const outcomes: (Outcome | string)[] = []
  const good: OutRecord[] = []
  const places: number[] = []
  for (const [index, record] of records.entries()) {
    const partition = record.partition ?? fixed
    const bytes = (record.key?.length ?? 0) + (record.value?.length ?? 0) + framing
    if (partition !== null && partition >= topic.partitions.length) {
      const range = `[0...${topic.partitions.length})`
      outcomes[index] = `Invalid partition given with record: ${partition} is not in the range ${range}.`
    } else if (bytes > maxRecordBytes) {
      outcomes[index] =
        `The message is ${bytes} bytes when serialized which is larger than ${maxRecordBytes}, ` +
        'which is the value of the max.request.size configuration.'
    } else {
      const { key, value } = record
      good.push(partition === null ? { key, value } : { key, value, partition })
      places.push(index)
    }
  }
  const sent = await deps.lanes.send(call.topic, good, call.expires)
  for (const [at, place] of places.entries()) {
    outcomes[place] = sent[at] ?? { error: new Error('Kafka answered too few positions.'), uncertain: true }
  }
  return outcomes
}

async function answerFor(
  deps: ProduceDeps,
  topic: string,
  outcomes: readonly (Outcome | string)[],
): Promise<Answer> {
  await refuseWhole(deps.topics, topic, outcomes)
  let status = 200
  let failed = 0
  const parts: string[] = []
  for (const outcome of outcomes) {
    if (typeof outcome === 'object' && !('error' in outcome)) {
      parts.push(
        `{"partition":${outcome.partition},"offset":${outcome.offset},"error_code":null,"error":null}`,
      )
      continue
    }
    failed += 1
    const fault = typeof outcome === 'string' ? null : kafkaFault(outcome.error)
    if (fault?.status === 401 || fault?.status === 403) status = Math.max(status, fault.status)
    const code = fault === null ? 50002 : recordCode(fault)
    const message = JSON.stringify(fault?.message ?? outcome)
    parts.push(`{"partition":null,"offset":null,"error_code":${code},"error":${message}}`)
  }
  deps.counters.accepted('topics', topic, outcomes.length - failed)
  deps.counters.failed(failed)
  return {
    status,
    body: `{"offsets":[${parts.join(',')}],"key_schema_id":null,"value_schema_id":null}`,
  }
}

/**
 * Where certainly nothing was written, the whole call says so: 503 while Kafka cannot be reached, 40401 for a topic that
 * went away between the look and the send. Sending it again is then safe.
 */
async function refuseWhole(
  topics: TopicCache,
  topic: string,
  outcomes: readonly (Outcome | string)[],
): Promise<void> {
  const certain = (outcome: Outcome | string) =>
    typeof outcome === 'object' && 'error' in outcome && !outcome.uncertain
  const [first] = outcomes
  if (typeof first !== 'object' || !('error' in first) || !outcomes.every(certain)) return
  const { code } = kafkaFault(first.error)
  if (code === 50302) throw kafkaRefusal(first.error)
  if (code === 40401) await lookAgain(topics, topic)
}

async function lookAgain(topics: TopicCache, name: string): Promise<void> {
  topics.forget(name)
  const there = await topics.refresh(name).catch(() => undefined)
  if (there === null) throw topicNotFound()
}
