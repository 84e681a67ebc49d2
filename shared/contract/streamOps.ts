/** Changing streams and looking at their keys: records put, mode, shards, retention and record size, hot keys. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { streamNameSchema } from '../names.ts'
import { bigDecimalSchema, inPipeline, problemSchema, procedure, timeSchema } from './base.ts'
import { givenBytesSchema } from './transfer.ts'

const ofStream = inPipeline.extend({ stream: streamNameSchema })

export const newRecordSchema = z.object({
  partitionKey: z
    .string()
    .min(1, 'Enter a partition key.')
    .max(256, 'A partition key has at most 256 characters.'),
  explicitHashKey: bigDecimalSchema.optional(),
  data: givenBytesSchema.unwrap(),
})
export type NewRecord = z.infer<typeof newRecordSchema>

export const putAnswerSchema = z.object({
  results: z.array(
    z.object({
      place: z.object({ shard: z.string(), sequence: bigDecimalSchema }).nullable(),
      /** Calls it took; more than one where the shard was throttled. */
      tries: z.int(),
      problem: problemSchema.nullable(),
    }),
  ),
})
export type PutAnswer = z.infer<typeof putAnswerSchema>

export const keyCountSchema = z.object({ key: z.string(), records: z.number(), bytes: z.number() })

export const hotKeysSchema = z.object({
  records: z.number(),
  bytes: z.number(),
  /** From and up to which arrival was read, ms since 1970; null before the first record. */
  from: timeSchema.nullable(),
  to: timeSchema.nullable(),
  keys: z.array(keyCountSchema),
  /** A key's records may be too high by at most so many. */
  error: z.number(),
  /** Different keys, and whether that is exact. */
  distinct: z.number(),
  distinctExact: z.boolean(),
  /** The hash space in equal parts, from its start; and each shard's share of what was read. */
  ranges: z.array(z.object({ records: z.number(), bytes: z.number() })),
  shards: z.array(z.object({ shard: z.string(), records: z.number(), bytes: z.number() })),
  /** Records whose key does not hash into their shard: they were put with an explicit hash key. */
  explicit: z.number(),
  /** Why it ended; null while it goes on. */
  ended: z.enum(['tip', 'records', 'time']).nullable(),
})
export type HotKeys = z.infer<typeof hotKeysSchema>

export const streamChangeSchema = z.object({
  mode: z.enum(['PROVISIONED', 'ON_DEMAND']).optional(),
  shards: z.int().min(1).max(10_000).optional(),
  retentionHours: z.int().min(24).max(8_760).optional(),
  maxRecordKiB: z.int().min(1_024).max(10_240).optional(),
})
export type StreamChange = z.infer<typeof streamChangeSchema>

export const streamChangePlanSchema = z.object({
  steps: z.array(
    z.object({
      what: z.enum(['mode', 'shards', 'retentionHours', 'maxRecordKiB']),
      title: z.string(),
      before: z.string(),
      after: z.string(),
      /** What it means, and AWS's limit. */
      note: z.string(),
      /** Why it cannot be done. */
      refused: z.string().nullable(),
    }),
  ),
  /** US dollars for 30 days by list price, without data; null where it depends on the data alone. */
  cost: z.object({ before: z.number().nullable(), after: z.number().nullable(), note: z.string() }),
})
export type StreamChangePlan = z.infer<typeof streamChangePlanSchema>

export const streamOpsContract = {
  put: procedure
    .input(
      ofStream.extend({
        records: z.array(newRecordSchema).min(1).max(500),
        anyValue: z.boolean().default(false),
      }),
    )
    .output(putAnswerSchema),
  /** Reads the stream from so long ago to its tip, or up to a number of records or seconds. */
  hotKeys: procedure
    .input(
      ofStream.extend({
        lastMs: z.int().min(1_000).max(31_536_000_000).default(3_600_000),
        records: z.int().min(1).max(5_000_000).default(500_000),
        timeLimitMs: z.int().min(1_000).max(600_000).default(60_000),
      }),
    )
    .output(eventIterator(hotKeysSchema)),
  plan: procedure.input(ofStream.extend({ change: streamChangeSchema })).output(streamChangePlanSchema),
  /** Does the steps one after the other; tells which one it is at. */
  change: procedure
    .input(ofStream.extend({ change: streamChangeSchema }))
    .output(eventIterator(z.object({ done: z.int(), of: z.int(), now: z.string() }))),
}
