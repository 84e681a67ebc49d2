/** Looking for messages of a topic: filters, how far a search is, and what it found. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { topicNameSchema } from '../names.ts'
import { bigDecimalSchema, inPipeline, problemSchema, procedure, timeSchema } from './base.ts'
import { messageSchema } from './topics.ts'

/** Longer ones are no longer read by anybody. */
const longestFilter = 4_096

export const filterSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('none') }),
  z.object({
    kind: z.literal('text'),
    text: z.string().max(longestFilter),
    caseSensitive: z.boolean().default(false),
  }),
  /** The expression language of docs/filter.md: `value.country == "Albania"`. */
  z.object({ kind: z.literal('expression'), text: z.string().min(1).max(longestFilter) }),
])
export type Filter = z.infer<typeof filterSchema>

export const savedFilterSchema = z.object({
  name: z.string().trim().min(1, 'Enter a name.').max(100),
  filter: filterSchema,
})
export type SavedFilter = z.infer<typeof savedFilterSchema>

/** Where a search stood in a partition. */
const searchPlaceSchema = z.object({
  partition: z.int(),
  /** Where it goes on: with `oldest` the next offset, with `newest` the one before which. */
  offset: bigDecimalSchema,
  /**
   * Up to where (`newest`: back to where) its numbers count. At its limit a search from the newest had looked further back than
   * it had shown: a search that goes on looks there again, and does not count it again.
   */
  counted: bigDecimalSchema.optional(),
})

export const searchInputSchema = inPipeline.extend({
  topic: topicNameSchema,
  partition: z.int().min(0).optional(),
  /** From which end. */
  order: z.enum(['oldest', 'newest']).default('newest'),
  /** Only messages from this offset on, in each partition. */
  fromOffset: bigDecimalSchema.optional(),
  /** Only messages of this time: from ≤ timestamp < to. */
  fromTime: timeSchema.optional(),
  toTime: timeSchema.optional(),
  /** Goes on where an earlier search with the same words stood: the `places` of its last event. */
  places: z.array(searchPlaceSchema).max(100_000).optional(),
  filter: filterSchema,
  /** Messages to find at most. */
  limit: z.int().min(1).max(10_000).default(500),
  /** ms until it ends with what it has. */
  timeLimitMs: z.int().min(100).max(3_600_000).default(60_000),
})
export type SearchInput = z.infer<typeof searchInputSchema>

/** Buckets of equal width, without gaps. */
export const histogramSchema = z.object({
  start: timeSchema,
  stepMs: z.number(),
  scanned: z.array(z.int()),
  matched: z.array(z.int()),
})

export const searchEventSchema = z.object({
  /** Found since the last event, in the order of the search. */
  messages: z.array(messageSchema),
  scanned: z.int(),
  matched: z.int(),
  bytes: z.int(),
  /** Offsets to look at in all, gaps included, and how many are behind us. */
  total: z.number(),
  passed: z.number(),
  /** Messages the expression does not fit, and what the first one said. */
  misfits: z.int(),
  misfit: z.string().nullable(),
  elapsedMs: z.int(),
  /** Of the messages of the time that was asked for. */
  histogram: histogramSchema.nullable(),
  /** Where each partition was looked at up to; with `newest`, back to. */
  places: z.array(searchPlaceSchema),
  /** Why it ended; null while it goes on. */
  done: z.enum(['end', 'limit', 'time', 'failed']).nullable(),
  problem: problemSchema.nullable(),
})
export type SearchEvent = z.infer<typeof searchEventSchema>

export const searchContract = {
  /** Ends with an event that says why; what it found stays with the reader. Creates no consumer group. */
  run: procedure.input(searchInputSchema).output(eventIterator(searchEventSchema)),
  /** The filters a person saved, by name. */
  saved: procedure.output(z.array(savedFilterSchema)),
  /** One of the same name is replaced. */
  save: procedure.input(savedFilterSchema).output(z.array(savedFilterSchema)),
  forget: procedure.input(z.object({ name: z.string() })).output(z.array(savedFilterSchema)),
  /** Says what is wrong with a filter before it is used. Throws FILTER_INVALID. */
  check: procedure.input(z.object({ filter: filterSchema })).output(z.object({ ok: z.boolean() })),
}
