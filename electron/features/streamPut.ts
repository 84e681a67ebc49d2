/** Puts records into a stream; what a shard refuses for its limit is put again, the rest is told as it is. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Problem } from '../../shared/contract/base.ts'
import type { NewRecord, PutAnswer } from '../../shared/contract/streamOps.ts'
import type { KinesisClient, PutEntry, PutResult } from '../clients/kinesis/types.ts'

const throttled = 'ProvisionedThroughputExceededException'
/** Puts of one record at most: with these pauses some 6 s, in which a shard takes six times its limit. */
const pausesMs = [100, 200, 400, 800, 1_600, 3_200] as const

export const entryOf = ({ partitionKey, explicitHashKey, data }: NewRecord): PutEntry => ({
  partitionKey,
  explicitHashKey,
  data: Buffer.from(data.data, data.encoding),
})

/** Throws AppError where the whole call failed before any record was put. */
export async function putPatiently(
  client: KinesisClient,
  stream: string,
  records: readonly NewRecord[],
  signal: AbortSignal,
): Promise<PutAnswer> {
  const entries = records.map(entryOf)
  const answers = new Map<number, { readonly result: PutResult; readonly tries: number }>()
  let left = entries.map((_entry, at) => at)
  for (let tries = 1; left.length > 0 && !signal.aborted; tries += 1) {
    const results = await client.putRecords(
      stream,
      left.flatMap((at) => entries[at] ?? []),
    )
    for (const [nth, at] of left.entries()) {
      const result = results[nth]
      if (result) answers.set(at, { result, tries })
    }
    const pauseMs = pausesMs[tries - 1]
    if (pauseMs === undefined) break
    left = left.filter((_at, nth) => {
      const result = results[nth]
      return result !== undefined && !result.ok && result.code === throttled
    })
    if (left.length > 0) await sleep(pauseMs, undefined, { signal }).catch(() => {})
  }
  return {
    results: entries.map((_entry, at) => {
      const answer = answers.get(at)
      if (answer === undefined) return { place: null, tries: 0, problem: notSent }
      const { result, tries } = answer
      return result.ok
        ? { place: { shard: result.shard, sequence: String(result.sequence) }, tries, problem: null }
        : { place: null, tries, problem: problemOf(result) }
    }),
  }
}

const notSent: Problem = {
  code: 'CANCELLED',
  message: 'It was stopped before this record was put.',
  hint: 'Put it again.',
}

function problemOf({ code, message }: Extract<PutResult, { ok: false }>): Problem {
  if (code !== throttled)
    return {
      code: 'KINESIS_PUT_REFUSED',
      message: `Kinesis refused the record, ${code}: ${message}`,
      hint: 'Put it again, or look at its size.',
    }
  return {
    code: 'KINESIS_THROTTLED',
    message: `Its shard was full in ${pausesMs.length + 1} tries: ${message}`,
    hint: 'A shard takes 1,000 records or 1 MB a second. Go slower, spread the partition keys, or add shards.',
  }
}
