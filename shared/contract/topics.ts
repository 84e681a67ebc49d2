/** Looking into Kafka: topics and their messages. Reading creates no consumer group (decision 13). */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { kindSchema, topicNameSchema } from '../names.ts'
import { bigDecimalSchema, bytesSchema, consentSchema, inPipeline, procedure, timeSchema } from './base.ts'

export const topicRowSchema = z.object({
  name: z.string(),
  /** Which of the pipeline's three it is; null for any other. */
  kind: kindSchema.nullable(),
  internal: z.boolean(),
  partitions: z.int(),
  replicationFactor: z.int(),
  /** End offsets minus start offsets: exact unless compaction or transactions left gaps. */
  messages: z.number(),
  bytes: z.number().nullable(),
  /** Records a second since the last look; null at the first. */
  rate: z.number().nullable(),
  /** Records the lake has yet to write; null where the lake does not follow the topic. */
  sinkLag: z.number().nullable(),
})
export type TopicRow = z.infer<typeof topicRowSchema>

/** What is other than at the look before; the first look tells everything, and a look of many rows comes in parts. */
export const topicChangesSchema = z.object({
  rows: z.array(topicRowSchema),
  gone: z.array(z.string()),
  /** True where more of the same look follows. */
  more: z.boolean(),
})
export type TopicChanges = z.infer<typeof topicChangesSchema>

export const topicDetailSchema = topicRowSchema.extend({
  partitionList: z.array(
    z.object({
      partition: z.int(),
      leader: z.int(),
      replicas: z.array(z.int()),
      inSync: z.array(z.int()),
      low: bigDecimalSchema,
      high: bigDecimalSchema,
      sinkLag: z.number().nullable(),
    }),
  ),
})
export type TopicDetail = z.infer<typeof topicDetailSchema>

export const messageSchema = z.object({
  partition: z.int(),
  offset: bigDecimalSchema,
  timestamp: timeSchema,
  key: bytesSchema.nullable(),
  /** Null is a tombstone. */
  value: bytesSchema.nullable(),
  headers: z.array(z.object({ name: z.string(), value: bytesSchema.nullable() })),
})
export type Message = z.infer<typeof messageSchema>

/** One of the pieces a whole message comes in (`messagePieces.ts`). */
export const messagePieceSchema = z.object({ message: messageSchema.nullable(), data: z.string() })
export type MessagePiece = z.infer<typeof messagePieceSchema>

export const browseFromSchema = z.discriminatedUnion('at', [
  z.object({ at: z.literal('newest') }),
  z.object({ at: z.literal('oldest') }),
  z.object({ at: z.literal('offset'), offset: bigDecimalSchema }),
  z.object({ at: z.literal('time'), time: timeSchema }),
])
export type BrowseFrom = z.infer<typeof browseFromSchema>

export const browsePageSchema = z.object({
  messages: z.array(messageSchema),
  /** Where each partition was read up to, to fetch the next page from. */
  next: z.array(z.object({ partition: z.int(), offset: bigDecimalSchema })),
  /** True where nothing is left in that direction. */
  end: z.boolean(),
})
export type BrowsePage = z.infer<typeof browsePageSchema>

export const tailBatchSchema = z.object({
  messages: z.array(messageSchema),
  /** Records seen since the tail began, and of those how many the view did not get. */
  seen: z.int(),
  dropped: z.int(),
  rate: z.number(),
})
export type TailBatch = z.infer<typeof tailBatchSchema>

const ofTopic = inPipeline.extend({ topic: topicNameSchema })

export const topicsContract = {
  list: procedure.input(inPipeline).output(z.array(topicRowSchema)),
  watch: procedure.input(inPipeline).output(eventIterator(topicChangesSchema)),
  get: procedure.input(ofTopic).output(topicDetailSchema),
  create: procedure
    .input(
      ofTopic.extend({
        partitions: z.int().min(1).max(1_000),
        retentionMs: z.int().min(-1).optional(),
      }),
    )
    .output(topicRowSchema),
  remove: procedure
    .input(ofTopic.extend({ consent: consentSchema }))
    .output(z.object({ removed: z.boolean() })),
  browse: procedure
    .input(
      ofTopic.extend({
        from: browseFromSchema,
        partition: z.int().min(0).optional(),
        /** Continue where the last page ended. */
        next: z.array(z.object({ partition: z.int(), offset: bigDecimalSchema })).optional(),
        limit: z.int().min(1).max(1_000).default(100),
      }),
    )
    .output(browsePageSchema),
  /** One message whole (up to 20 MiB), in pieces. */
  message: procedure
    .input(ofTopic.extend({ partition: z.int().min(0), offset: bigDecimalSchema }))
    .output(eventIterator(messagePieceSchema)),
  tail: procedure
    .input(
      ofTopic.extend({
        partition: z.int().min(0).optional(),
        from: z.enum(['newest', 'oldest']).default('newest'),
      }),
    )
    .output(eventIterator(tailBatchSchema)),
}
