/** The app's settings and the pipelines a person has. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import {
  gatewayKeySchema,
  kafkaPasswordSchema,
  kindNamesSchema,
  pipelineNameSchema,
  pipelineSettingsSchema,
  settingsChangeSchema,
  settingsSchema,
} from '../settings.ts'
import { consentSchema, inPipeline, pipelineIdSchema, problemSchema, procedure, timeSchema } from './base.ts'

export const pipelineSchema = z.object({
  id: pipelineIdSchema,
  settings: pipelineSettingsSchema,
  /** The names in force: derived from the user id unless overridden. */
  names: z.object({ topics: kindNamesSchema, streams: kindNamesSchema }),
  /** Absolute folder of this pipeline's data. */
  folder: z.string(),
  createdAt: timeSchema,
})
export type Pipeline = z.infer<typeof pipelineSchema>

const pipelineListSchema = z.object({ active: pipelineIdSchema, items: z.array(pipelineSchema) })
export type PipelineList = z.infer<typeof pipelineListSchema>

export const settingsContract = {
  get: procedure.output(settingsSchema),
  /** Replaces the given keys; the others stay. */
  set: procedure.input(settingsChangeSchema).output(settingsSchema),
}

/** One thing found at an address the user gave ("use what I already have"). */
const foundSchema = z.object({ name: z.string(), found: z.boolean(), detail: z.string() })

const keyHeldSchema = z.object({ hasKey: z.boolean() })
const passwordHeldSchema = z.object({ hasPassword: z.boolean() })

export const pipelinesContract = {
  list: procedure.output(pipelineListSchema),
  /** Now and with each change, whichever door made it. */
  watch: procedure.output(eventIterator(pipelineListSchema)),
  create: procedure.input(pipelineSettingsSchema).output(pipelineSchema),
  update: procedure.input(inPipeline.extend({ settings: pipelineSettingsSchema })).output(pipelineSchema),
  clone: procedure.input(inPipeline.extend({ name: pipelineNameSchema })).output(pipelineSchema),
  select: procedure.input(inPipeline).output(pipelineListSchema),
  remove: procedure.input(inPipeline.extend({ consent: consentSchema })).output(pipelineListSchema),
  /** Text of a file without any secret, and back. */
  export: procedure.input(inPipeline).output(z.object({ fileName: z.string(), text: z.string() })),
  import: procedure.input(z.object({ text: z.string().max(1_000_000) })).output(pipelineSchema),
  /** Looks at what somebody already has: are the topics and streams there? Changes nothing. */
  discover: procedure
    .input(
      z.object({
        settings: pipelineSettingsSchema,
        gatewayKey: gatewayKeySchema.optional(),
        kafkaPassword: kafkaPasswordSchema.optional(),
      }),
    )
    .output(
      z.object({
        topics: z.array(foundSchema),
        streams: z.array(foundSchema),
        problems: z.array(problemSchema),
      }),
    ),
  /** Whether there is an API key for the pipeline's gateway, held or stored. The key goes in and never comes out. */
  gatewayKey: procedure.input(inPipeline).output(keyHeldSchema),
  /** Null forgets it. Held for this session, or remembered where a store is there (contract `secrets`). It is also forgotten when the gateway's address changes. */
  setGatewayKey: procedure
    .input(inPipeline.extend({ key: gatewayKeySchema.nullable(), remember: z.boolean().default(false) }))
    .output(keyHeldSchema),
  /** Whether there is a password for the pipeline's user of Kafka, held or stored. It goes in and never comes out. */
  kafkaPassword: procedure.input(inPipeline).output(passwordHeldSchema),
  /** As `setGatewayKey`; it is also forgotten when the brokers' address or the user changes. */
  setKafkaPassword: procedure
    .input(
      inPipeline.extend({
        password: kafkaPasswordSchema.nullable(),
        remember: z.boolean().default(false),
      }),
    )
    .output(passwordHeldSchema),
  /** Bytes on disk by part, and what is free. */
  disk: procedure
    .input(inPipeline)
    .output(
      z.object({ parts: z.array(z.object({ name: z.string(), bytes: z.number() })), freeBytes: z.number() }),
    ),
}
