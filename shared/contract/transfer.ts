/** Messages out of a topic and into one: exports to files, producing, and replaying what was found. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { topicNameSchema } from '../names.ts'
import { bigDecimalSchema, inPipeline, problemSchema, procedure, timeSchema } from './base.ts'
import { searchInputSchema } from './search.ts'

export const exportInputSchema = searchInputSchema
  .omit({ limit: true, timeLimitMs: true, order: true })
  .extend({ format: z.enum(['ndjson', 'csv']) })
export type ExportInput = z.infer<typeof exportInputSchema>

export const exportSchema = z.object({
  id: z.string(),
  topic: z.string(),
  startedAt: timeSchema,
  /** Where the file is, or will be: below `exports` of the data folder. */
  file: z.string(),
  state: z.enum(['running', 'done', 'stopped', 'failed']),
  /** Messages in the file, and its bytes. */
  written: z.int(),
  bytes: z.number(),
  /** Offsets to look at in all, and how many are behind us. */
  total: z.number(),
  passed: z.number(),
  scanned: z.int(),
  misfits: z.int(),
  problem: problemSchema.nullable(),
})
export type Export = z.infer<typeof exportSchema>

const ofExport = z.object({ id: z.string().regex(/^[\w-]{1,64}$/) })

/** A key, value or header as it is given: text, or bytes as base64; null is none (a value of null is a tombstone). */
export const givenBytesSchema = z
  .object({ encoding: z.enum(['utf8', 'base64']), data: z.string().max(28_000_000) })
  .nullable()
export type GivenBytes = z.infer<typeof givenBytesSchema>

export const newMessageSchema = z.object({
  key: givenBytesSchema.default(null),
  value: givenBytesSchema,
  headers: z
    .array(z.object({ name: z.string().min(1, 'A header needs a name.'), value: givenBytesSchema }))
    .default([]),
  /** Left out: by key as Kafka's own clients do, or in turn without one. */
  partition: z.int().min(0).optional(),
})
export type NewMessage = z.infer<typeof newMessageSchema>

export const placeSchema = z.object({ partition: z.int().min(0), offset: bigDecimalSchema })

export const producedSchema = z.object({
  /** One for each message in order: where it went, or why it did not. */
  results: z.array(z.object({ place: placeSchema.nullable(), problem: problemSchema.nullable() })),
})
export type Produced = z.infer<typeof producedSchema>

const ofTopic = inPipeline.extend({ topic: topicNameSchema })

export const transferContract = {
  exports: procedure.output(z.array(exportSchema)),
  /** Writes every message that matches into a file, oldest first, however many there are. */
  startExport: procedure.input(exportInputSchema).output(exportSchema),
  watchExport: procedure.input(ofExport).output(eventIterator(exportSchema)),
  /** Ends it with a whole last line. */
  stopExport: procedure.input(ofExport).output(exportSchema),
  produce: procedure
    .input(
      ofTopic.extend({
        messages: z.array(newMessageSchema).min(1).max(1_000),
        /** Sends values that are not of the topic's type (pin, geo, user), too. */
        anyValue: z.boolean().default(false),
      }),
    )
    .output(producedSchema),
  /** Sends messages again, whole and with their times, to another topic; in the order given. */
  replay: procedure
    .input(ofTopic.extend({ to: topicNameSchema, places: z.array(placeSchema).min(1).max(10_000) }))
    .output(z.object({ sent: z.int() })),
}
