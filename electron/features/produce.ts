/** Messages into a topic: new ones, checked where the topic is one of the pipeline's three, and others' sent again. */
import type { GivenBytes, NewMessage, Produced } from '../../shared/contract/transfer.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import type { Kind } from '../../shared/names.ts'
import { geoSchema, pinSchema, userSchema } from '../../shared/posts.ts'
import { isFailure, KafkaSendError } from '../clients/kafka/sendError.ts'
import type { KafkaClient, KafkaRecord, OutRecord, Position } from '../clients/kafka/types.ts'
import { sendsOf } from './sends.ts'

const types = { pin: pinSchema, geo: geoSchema, user: userSchema } as const

const bytesOf = (given: GivenBytes): Buffer | null =>
  given === null ? null : Buffer.from(given.data, given.encoding)

/** Throws AppError VALUE_NOT_OF_TYPE, naming the message and the field that does not fit. */
export function checkValues(messages: readonly NewMessage[], kind: Kind): void {
  for (const [at, { value }] of messages.entries()) {
    const wrong = misfit(value, kind)
    if (wrong === null) continue
    throw new AppError({
      code: 'VALUE_NOT_OF_TYPE',
      message: `The value of message ${at + 1} is no ${kind}: ${wrong}`,
      hint: 'Correct it, or send it as it is (in the terminal with --any-value): the lake keeps every value.',
      field: `messages.${at}.value`,
    })
  }
}

function misfit(value: GivenBytes, kind: Kind): string | null {
  // A tombstone is allowed everywhere.
  if (value === null) return null
  let parsed: unknown
  try {
    parsed = JSON.parse(bytesOf(value)?.toString('utf8') ?? '')
  } catch {
    return 'it is not JSON'
  }
  const issue = types[kind].safeParse(parsed).error?.issues[0]
  return issue === undefined ? null : `${issue.path.join('.') || 'the value'}: ${issue.message}`
}

const place = ({ partition, offset }: Position) => ({ partition, offset: String(offset ?? 0) })

/** Sends each once and says of each what became of it. */
export async function produceNew(
  kafka: Pick<KafkaClient, 'producer'>,
  topic: string,
  messages: readonly NewMessage[],
): Promise<Produced> {
  const records = messages.map(
    ({ key, value, headers, partition }): OutRecord => ({
      key: bytesOf(key),
      value: bytesOf(value),
      headers: headers.map((header) => ({ name: header.name, value: bytesOf(header.value) })),
      ...(partition === undefined ? {} : { partition }),
    }),
  )
  const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
  const results: Produced['results'] = []
  try {
    for (const some of sendsOf(records)) {
      const outcomes = await producer.send(topic, some).catch((thrown) => {
        if (thrown instanceof KafkaSendError) return thrown.outcomes
        throw thrown
      })
      results.push(
        ...outcomes.map((outcome) =>
          isFailure(outcome)
            ? { place: null, problem: toErrorDetail(outcome.error) }
            : { place: place(outcome), problem: null },
        ),
      )
    }
    return { results }
  } finally {
    await producer.close()
  }
}

export interface Place {
  readonly partition: number
  readonly offset: string
}

/** Records of one send, so that not all of what is replayed is held at once. */
const perSend = 200

/** Sends these again, in the order given, with key, headers and time. Throws AppError MESSAGE_GONE before the first that is gone. */
export async function replay(
  kafka: Pick<KafkaClient, 'producer' | 'read'>,
  from: string,
  to: string,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<number> {
  const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
  let sent = 0
  try {
    for (let at = 0; at < places.length && !signal.aborted; at += perSend) {
      const some = places.slice(at, at + perSend)
      const found = await readAll(kafka, from, some, signal)
      const records = some.map((each) => found.get(`${each.partition}/${each.offset}`) ?? gone(from, each))
      for (const piece of sendsOf(records))
        await producer.send(
          to,
          piece.map(({ key, value, headers, timestamp }) => ({ key, value, headers, timestamp })),
        )
      sent += records.length
    }
    return sent
  } finally {
    await producer.close()
  }
}

/** Each partition in one go from its first to its last place. */
async function readAll(
  kafka: Pick<KafkaClient, 'read'>,
  topic: string,
  places: readonly Place[],
  signal: AbortSignal,
): Promise<Map<string, KafkaRecord>> {
  const wanted = new Set(places.map(({ partition, offset }) => `${partition}/${offset}`))
  const found = new Map<string, KafkaRecord>()
  for (const [partition, theirs] of Map.groupBy(places, (each) => each.partition)) {
    const offsets = theirs.map(({ offset }) => BigInt(offset)).sort((a, b) => (a < b ? -1 : 1))
    const first = offsets[0] ?? 0n
    const last = offsets.at(-1) ?? first
    const range = { from: [{ partition, offset: first }], until: [{ partition, offset: last + 1n }] }
    for await (const { records } of kafka.read({ topic, ...range, signal, maxWaitMs: 200 })) {
      for (const record of records) {
        const key = `${record.partition}/${record.offset}`
        if (wanted.has(key)) found.set(key, record)
      }
    }
  }
  return found
}

function gone(topic: string, { partition, offset }: Place): never {
  throw new AppError({
    code: 'MESSAGE_GONE',
    message: `There is no message at partition ${partition}, offset ${offset} of ${topic}`,
    hint: 'Retention or compaction may have removed it. Search again.',
    field: 'places',
  })
}
