/** Looking into Kinesis: streams, their shards and records of all shards merged. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { kindSchema, streamNameSchema } from '../names.ts'
import {
  bigDecimalSchema,
  bytesSchema,
  consentSchema,
  inPipeline,
  problemSchema,
  procedure,
  timeSchema,
} from './base.ts'

export const streamRowSchema = z.object({
  name: z.string(),
  kind: kindSchema.nullable(),
  state: z.enum(['CREATING', 'DELETING', 'ACTIVE', 'UPDATING']),
  mode: z.enum(['PROVISIONED', 'ON_DEMAND']),
  openShards: z.int(),
  retentionHours: z.int(),
  /** Records kept and records a second: known for our own server only, null elsewhere. */
  records: z.number().nullable(),
  rate: z.number().nullable(),
})
export type StreamRow = z.infer<typeof streamRowSchema>

export const shardSchema = z.object({
  id: z.string(),
  parent: z.string().nullable(),
  adjacentParent: z.string().nullable(),
  startHash: bigDecimalSchema,
  endHash: bigDecimalSchema,
  open: z.boolean(),
  firstSequence: bigDecimalSchema,
})
export const streamDetailSchema = streamRowSchema.extend({
  arn: z.string(),
  maxRecordKiB: z.int(),
  shards: z.array(shardSchema),
})
export type StreamDetail = z.infer<typeof streamDetailSchema>

export const streamRecordSchema = z.object({
  shard: z.string(),
  sequence: bigDecimalSchema,
  partitionKey: z.string(),
  arrivedAt: timeSchema,
  data: bytesSchema,
})
export type StreamRecord = z.infer<typeof streamRecordSchema>

export const iteratorFromSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('TRIM_HORIZON') }),
  z.object({ type: z.literal('LATEST') }),
  z.object({ type: z.literal('AT_TIMESTAMP'), time: timeSchema }),
  z.object({ type: z.literal('AT_SEQUENCE_NUMBER'), shard: z.string(), sequence: bigDecimalSchema }),
  z.object({ type: z.literal('AFTER_SEQUENCE_NUMBER'), shard: z.string(), sequence: bigDecimalSchema }),
])
export type IteratorFrom = z.infer<typeof iteratorFromSchema>

const ofStream = inPipeline.extend({ stream: streamNameSchema })

/** Go on in a shard after a record, or where a stretch without records was read through. */
export const shardPlaceSchema = z.object({
  shard: z.string(),
  after: bigDecimalSchema.nullable(),
  /** Kinesis takes it for five minutes, and it has at most 512 characters; later `after` counts. */
  iterator: z.string().min(1).max(512).nullable(),
})
export type ShardPlace = z.infer<typeof shardPlaceSchema>

export const streamPageSchema = z.object({
  records: z.array(streamRecordSchema),
  /** The oldest shard's distance to now, ms. */
  millisBehindLatest: z.number(),
  next: z.array(shardPlaceSchema),
  end: z.boolean(),
})
export type StreamPage = z.infer<typeof streamPageSchema>

export const shardStateSchema = z.object({
  shard: z.string(),
  /** How far its last read was from its tip, ms; null before the first. */
  behindMs: z.number().nullable(),
  /** Age of the last record read, ms; 0 at the tip, null before the first record. */
  iteratorAgeMs: z.number().nullable(),
  /** Of this shard, since the tail began. */
  records: z.int(),
  /** Closed and read to its end; its children are read from there on. */
  finished: z.boolean(),
  /**
   * Reads within the last second of everything in this app, of the five that AWS gives a shard; null where its records are
   * pushed, which takes none of them.
   */
  reads: z.int().nullable(),
})
export type ShardState = z.infer<typeof shardStateSchema>

export const streamTailSchema = z.object({
  records: z.array(streamRecordSchema),
  seen: z.int(),
  dropped: z.int(),
  rate: z.number(),
  millisBehindLatest: z.number(),
  /** Each shard that is or was read, in the order in which reading began. */
  shards: z.array(shardStateSchema),
  /** Why nothing comes just now; reading goes on by itself, and nothing is left out. */
  problem: problemSchema.nullable(),
})
export type StreamTail = z.infer<typeof streamTailSchema>

export const streamsContract = {
  list: procedure.input(inPipeline).output(z.array(streamRowSchema)),
  watch: procedure.input(inPipeline).output(eventIterator(z.array(streamRowSchema))),
  get: procedure.input(ofStream).output(streamDetailSchema),
  create: procedure.input(ofStream.extend({ shards: z.int().min(1).max(100) })).output(streamRowSchema),
  remove: procedure
    .input(ofStream.extend({ consent: consentSchema }))
    .output(z.object({ removed: z.boolean() })),
  browse: procedure
    .input(
      ofStream.extend({
        from: iteratorFromSchema,
        shard: z.string().optional(),
        next: z.array(shardPlaceSchema).optional(),
        limit: z.int().min(1).max(1_000).default(100),
      }),
    )
    .output(streamPageSchema),
  tail: procedure
    .input(
      ofStream.extend({
        shard: z.string().optional(),
        from: iteratorFromSchema.default({ type: 'LATEST' }),
        /** By enhanced fan-out, with the consumer that `consumers.register` made. */
        fanOut: z.boolean().default(false),
      }),
    )
    .output(eventIterator(streamTailSchema)),
}
