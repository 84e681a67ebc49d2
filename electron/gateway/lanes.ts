/**
 * One lane a topic: while one batch is on its way, the records of further requests wait and then go out together. That
 * keeps a topic's order, gives an idempotent producer one batch at a time, and makes many small requests cheap.
 */
import { AppError } from '../../shared/errors.ts'
import { KafkaSendError } from '../clients/kafka/sendError.ts'
import type { KafkaClient, KafkaProducer, OutRecord, Position } from '../clients/kafka/types.ts'

/** Bytes of one produce batch; below the broker's `message.max.bytes` of 1,048,588 with room for what frames each record. */
const maxBatchBytes = 900_000
/** The Java producer's `max.request.size`: what is larger is refused record by record, as there. */
export const maxRecordBytes = 1_048_576
const maxBatchRecords = 5_000

/** `uncertain`: it may have been written all the same. */
export type Outcome = Position | { readonly error: unknown; readonly uncertain: boolean }

interface Piece {
  readonly records: readonly OutRecord[]
  readonly bytes: number
  /** ms since 1970; what has not been sent by then never is. */
  readonly expires: number
  readonly done: (outcomes: readonly Outcome[]) => void
}

export interface Lanes {
  /** Answers an outcome for each record, in order; never throws. */
  send(topic: string, records: readonly OutRecord[], expires: number): Promise<readonly Outcome[]>
  /** Waits for what is under way, then closes the producer. */
  close(): Promise<void>
}

/** Lanes over one producer, made with the first record: acks=all and idempotent, so that no resend writes twice. */
export function createLanes(kafka: KafkaClient): Lanes {
  const lanes = new Map<string, Piece[]>()
  const running = new Set<Promise<void>>()
  let producer: Promise<KafkaProducer> | null = null

  function getProducer(): Promise<KafkaProducer> {
    if (producer === null) {
      const made = kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
      producer = made
      made.catch(() => {
        if (producer === made) producer = null
      })
    }
    return producer
  }

  async function attempt(topic: string, pieces: readonly Piece[]): Promise<void> {
    const records =
      pieces.length === 1 ? (pieces[0]?.records ?? []) : pieces.flatMap((piece) => piece.records)
    let outcomes: readonly Outcome[]
    try {
      const sending = getProducer().then((ready) => ready.send(topic, records))
      outcomes = await within(sending, Math.max(...pieces.map((piece) => piece.expires)))
    } catch (error) {
      outcomes =
        error instanceof KafkaSendError ? error.outcomes : records.map(() => ({ error, uncertain: true }))
    }
    let at = 0
    for (const piece of pieces) {
      piece.done(outcomes.slice(at, at + piece.records.length))
      at += piece.records.length
    }
  }

  async function run(topic: string, lane: Piece[]): Promise<void> {
    while (lane.length > 0) {
      const batch = takeBatch(lane)
      if (batch.length > 0) await attempt(topic, batch)
    }
    lanes.delete(topic)
  }

  return {
    send: (topic, records, expires) =>
      new Promise((resolve) => {
        const pieces = split(records)
        const parts: (readonly Outcome[])[] = []
        let missing = pieces.length
        const queued = pieces.map((piece, index) => ({
          ...piece,
          expires,
          done: (outcomes: readonly Outcome[]) => {
            parts[index] = outcomes
            missing -= 1
            if (missing === 0) resolve(parts.flat())
          },
        }))
        if (queued.length === 0) return resolve([])
        const lane = lanes.get(topic)
        if (lane !== undefined) {
          lane.push(...queued)
          return
        }
        lanes.set(topic, queued)
        const work = run(topic, queued).finally(() => running.delete(work))
        running.add(work)
      }),
    close: async () => {
      await Promise.all(running)
      const last = producer
      producer = null
      await (await last?.catch(() => null))?.close()
    },
  }
}

const late = new AppError({
  code: 'GATEWAY_LATE',
  message: 'Kafka did not answer in time; whether the records were written is not known.',
  hint: 'Look whether the broker runs. Sending again may write them twice.',
})

/** Rejects with `late` where the work is not done by a time (ms since 1970). */
async function within<T>(work: Promise<T>, time: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const end = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), Math.max(0, time - Date.now()))
  })
  work.catch(() => undefined)
  try {
    return await Promise.race([work, end])
  } finally {
    clearTimeout(timer)
  }
}

function sizeOf(record: OutRecord): number {
  return (record.key?.length ?? 0) + (record.value?.length ?? 0) + 32
}

/** Cuts a request's records into batches that the broker takes, in order. */
function split(records: readonly OutRecord[]): { records: OutRecord[]; bytes: number }[] {
  const pieces: { records: OutRecord[]; bytes: number }[] = []
  let last = { records: [] as OutRecord[], bytes: 0 }
  for (const record of records) {
    const bytes = sizeOf(record)
    const full = last.bytes + bytes > maxBatchBytes || last.records.length === maxBatchRecords
    if (last.records.length > 0 && full) {
      pieces.push(last)
      last = { records: [], bytes: 0 }
    }
    last.records.push(record)
    last.bytes += bytes
  }
  if (last.records.length > 0) pieces.push(last)
  return pieces
}

/** Takes as many waiting pieces as fit into one batch; those past their time are answered without being sent. */
function takeBatch(lane: Piece[]): Piece[] {
  const batch: Piece[] = []
  let bytes = 0
  let records = 0
  for (;;) {
    const piece = lane[0]
    if (piece === undefined) return batch
    if (piece.expires <= Date.now()) {
      lane.shift()
      const error = new AppError({
        code: 'GATEWAY_EXPIRED',
        message: 'Not sent: Kafka did not take the records before this one in time.',
        hint: 'Look whether the broker runs; send again, nothing was written.',
      })
      piece.done(piece.records.map(() => ({ error, uncertain: false })))
      continue
    }
    const fits = bytes + piece.bytes <= maxBatchBytes && records + piece.records.length <= maxBatchRecords
    if (batch.length > 0 && !fits) return batch
    batch.push(piece)
    lane.shift()
    bytes += piece.bytes
    records += piece.records.length
  }
}
