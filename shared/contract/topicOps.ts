/** Changing topics: their settings, partitions and contents; copies of them. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { topicNameSchema } from '../names.ts'
import { bigDecimalSchema, consentSchema, inPipeline, procedure } from './base.ts'
import { topicRowSchema } from './topics.ts'

const ofTopic = inPipeline.extend({ topic: topicNameSchema })

export const topicSettingSchema = z.object({
  name: z.string(),
  /** Null where the cluster keeps it to itself. */
  value: z.string().nullable(),
  /** What would hold without a value of the topic's own; null where the cluster does not tell. */
  fallback: z.string().nullable(),
  /** Set on the topic, on its broker or all brokers while they run, in the broker's file, or nowhere. */
  source: z.enum(['topic', 'broker', 'brokers', 'file', 'default']),
  /** Kafka's word for the kind of value; empty where the cluster does not tell. */
  type: z.string(),
  readOnly: z.boolean(),
  sensitive: z.boolean(),
  /** In plain text; empty where the cluster does not tell. */
  explanation: z.string(),
})
export type TopicSetting = z.infer<typeof topicSettingSchema>

/** Null takes the topic's own value back. */
const settingChangeSchema = z.object({
  name: z.string().min(1).max(249),
  value: z.string().max(10_000).nullable(),
})

export const partitionPlaceSchema = z.object({ partition: z.int().min(0), offset: bigDecimalSchema })

export const copyProgressSchema = z.object({ copied: z.number(), total: z.number(), done: z.boolean() })
export type CopyProgress = z.infer<typeof copyProgressSchema>

export const topicOpsContract = {
  settings: procedure.input(ofTopic).output(z.array(topicSettingSchema)),
  /** All or nothing; answers all settings. `check` only asks the broker whether it would take them. */
  change: procedure
    .input(
      ofTopic.extend({
        changes: z.array(settingChangeSchema).min(1).max(100),
        check: z.boolean().default(false),
      }),
    )
    .output(z.array(topicSettingSchema)),
  addPartitions: procedure
    .input(ofTopic.extend({ partitions: z.int().min(2).max(10_000) }))
    .output(topicRowSchema),
  /** Deletes what is below these offsets: the ends that were shown, so that what came since stays. */
  empty: procedure
    .input(ofTopic.extend({ before: z.array(partitionPlaceSchema).min(1), consent: consentSchema }))
    .output(z.object({ removed: z.number() })),
  /** A new topic with the same partitions and settings; with `records` their records too, as far as they go now. */
  clone: procedure
    .input(ofTopic.extend({ to: topicNameSchema, records: z.boolean() }))
    .output(eventIterator(copyProgressSchema)),
  /** Deletes it and makes it again with the same partitions and settings. */
  recreate: procedure.input(ofTopic.extend({ consent: consentSchema })).output(topicRowSchema),
}
