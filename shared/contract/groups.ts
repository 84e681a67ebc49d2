/** Consumer groups: who reads what, how far behind, and where they are to go on. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { topicNameSchema } from '../names.ts'
import { bigDecimalSchema, consentSchema, inPipeline, procedure, timeSchema } from './base.ts'

export const groupRowSchema = z.object({
  id: z.string(),
  /** Kafka's own word: Stable, Empty, PreparingRebalance …; empty where the broker does not say. */
  state: z.string(),
  /** `classic`, `consumer` (KIP-848), or what else the broker knows. */
  type: z.string(),
  /** Topics it has committed for or reads. */
  topics: z.array(z.string()),
  members: z.int(),
  /** Records between what is committed and the ends of the logs; null where nothing is committed. */
  lag: z.number().nullable(),
  /** The lake's own group only shows its lag and cannot be reset (decision 5). */
  lake: z.boolean(),
})
export type GroupRow = z.infer<typeof groupRowSchema>

export const groupPartitionSchema = z.object({
  topic: z.string(),
  partition: z.int(),
  /** Null where nothing is committed. */
  committed: bigDecimalSchema.nullable(),
  low: bigDecimalSchema,
  high: bigDecimalSchema,
  /** Null where nothing is committed. */
  lag: z.number().nullable(),
  /** Id of the member that reads it; null where none does. */
  member: z.string().nullable(),
})
export type GroupPartition = z.infer<typeof groupPartitionSchema>

export const groupDetailSchema = groupRowSchema.extend({
  assignor: z.string(),
  coordinator: z.int(),
  at: timeSchema,
  memberList: z.array(
    z.object({
      id: z.string(),
      instance: z.string().nullable(),
      clientId: z.string(),
      host: z.string(),
      assigned: z.array(z.object({ topic: z.string(), partitions: z.array(z.int()) })),
    }),
  ),
  partitions: z.array(groupPartitionSchema),
})
export type GroupDetail = z.infer<typeof groupDetailSchema>

export const resetToSchema = z.discriminatedUnion('to', [
  z.object({ to: z.literal('earliest') }),
  z.object({ to: z.literal('latest') }),
  z.object({ to: z.literal('time'), time: timeSchema }),
  z.object({ to: z.literal('offset'), offset: bigDecimalSchema }),
  /** Records forwards, or backwards where negative. */
  z.object({ to: z.literal('shift'), by: z.int() }),
])
export type ResetTo = z.infer<typeof resetToSchema>

export const groupOffsetSchema = z.object({
  topic: z.string(),
  partition: z.int().min(0),
  offset: bigDecimalSchema,
})
export type GroupOffset = z.infer<typeof groupOffsetSchema>

export const resetRowSchema = z.object({
  topic: z.string(),
  partition: z.int(),
  before: bigDecimalSchema.nullable(),
  after: bigDecimalSchema,
  lagBefore: z.number().nullable(),
  lagAfter: z.number(),
})
export type ResetRow = z.infer<typeof resetRowSchema>

const groupIdSchema = z.string().min(1, 'Enter the name of a group.').max(1_000)
const ofGroup = inPipeline.extend({ group: groupIdSchema })

export const groupsContract = {
  list: procedure.input(inPipeline).output(z.array(groupRowSchema)),
  get: procedure.input(ofGroup).output(groupDetailSchema),
  watch: procedure.input(ofGroup).output(eventIterator(groupDetailSchema)),
  /** What a reset would do; offsets outside the log are moved to its nearest end. */
  resetPreview: procedure
    .input(
      ofGroup.extend({
        to: resetToSchema,
        /** One topic only, also one the group has not read yet; without, every topic of the group. */
        topic: topicNameSchema.optional(),
        partition: z.int().min(0).optional(),
      }),
    )
    .output(z.array(resetRowSchema)),
  /** Sets exactly these offsets, as a preview showed them. */
  reset: procedure
    .input(
      ofGroup.extend({ offsets: z.array(groupOffsetSchema).min(1).max(100_000), consent: consentSchema }),
    )
    .output(z.array(groupPartitionSchema)),
  remove: procedure
    .input(ofGroup.extend({ consent: consentSchema }))
    .output(z.object({ removed: z.boolean() })),
}
