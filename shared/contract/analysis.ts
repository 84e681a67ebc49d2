/** What is in a topic, summed up: sizes, keys, partitions, times, and the fields of JSON values. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { problemSchema, procedure } from './base.ts'
import { histogramSchema, searchInputSchema } from './search.ts'

export const analysisInputSchema = searchInputSchema
  .pick({ pipeline: true, topic: true, filter: true, fromTime: true, toTime: true, timeLimitMs: true })
  .extend({
    /** The newest so many offsets, shared out evenly over the partitions. */
    most: z.int().min(1).max(100_000_000).default(100_000),
  })
export type AnalysisInput = z.infer<typeof analysisInputSchema>

const sizesSchema = z.object({
  /** Bytes; null where there is none. */
  mean: z.number().nullable(),
  p50: z.number().nullable(),
  p99: z.number().nullable(),
  max: z.number().nullable(),
})

const countedSchema = z.object({ value: z.string(), count: z.int() })

export const fieldSchema = z.object({
  name: z.string(),
  /** Messages that have it. */
  present: z.int(),
  /** By JSON type: string, number, boolean, null, array, object. */
  types: z.array(z.object({ type: z.string(), count: z.int() })),
  /** Of the numbers. */
  min: z.number().nullable(),
  max: z.number().nullable(),
  /** Different values; exact up to `distinctAtMost`, else at least as many. */
  distinct: z.int(),
  distinctExact: z.boolean(),
  /** The most frequent ones; each count may be too high by at most `topError`. */
  top: z.array(countedSchema),
  topError: z.int(),
})
export type FieldSummary = z.infer<typeof fieldSchema>

export const analysisSchema = z.object({
  scanned: z.int(),
  /** Of those, the ones that match the filter: everything below is about them. */
  messages: z.int(),
  bytes: z.number(),
  total: z.number(),
  passed: z.number(),
  elapsedMs: z.int(),
  keySizes: sizesSchema,
  valueSizes: sizesSchema,
  values: z.object({ json: z.int(), text: z.int(), binary: z.int(), tombstones: z.int() }),
  keys: z.object({
    without: z.int(),
    distinct: z.int(),
    distinctExact: z.boolean(),
    top: z.array(countedSchema),
    topError: z.int(),
  }),
  partitions: z.array(z.object({ partition: z.int(), messages: z.int(), bytes: z.number() })),
  headers: z.array(countedSchema),
  /** Fields of values that are JSON objects, the most frequent first. */
  fields: z.array(fieldSchema),
  /** Names beyond the first hundred are left out, and counted. */
  fieldsLeftOut: z.int(),
  histogram: histogramSchema.nullable(),
  done: z.enum(['end', 'time', 'failed']).nullable(),
  problem: problemSchema.nullable(),
})
export type Analysis = z.infer<typeof analysisSchema>

export const analysisContract = {
  /** Sums up as it goes; ends by itself. Creates no consumer group. */
  run: procedure.input(analysisInputSchema).output(eventIterator(analysisSchema)),
}
