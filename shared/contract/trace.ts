/** One post followed through every hop: sent now, or found from a place where one of its records stands. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { kindSchema, streamNameSchema, topicNameSchema } from '../names.ts'
import { bigDecimalSchema, inPipeline, problemSchema, procedure, timeSchema } from './base.ts'

export const recordPlaceSchema = z.discriminatedUnion('in', [
  z.object({
    in: z.literal('topic'),
    topic: topicNameSchema,
    partition: z.int().min(0),
    offset: bigDecimalSchema,
  }),
  z.object({
    in: z.literal('stream'),
    stream: streamNameSchema,
    shard: z.string(),
    sequence: bigDecimalSchema,
  }),
])
export type RecordPlace = z.infer<typeof recordPlaceSchema>

export const hopSchema = z.object({
  /** Null where the record is of none of the three kinds. */
  kind: kindSchema.nullable(),
  step: z.enum(['gatewayToKafka', 'topic', 'lake', 'gatewayToKinesis', 'stream']),
  state: z.enum(['waiting', 'reached', 'missing']),
  /** The place itself, to go there; null for a request and for a file. */
  place: recordPlaceSchema.nullable(),
  /** In words: "partition 0, offset 12", "…/x.pin+0+0000000010.json, line 3". */
  text: z.string(),
  /** By the clock of the part concerned, ms since 1970; null while unknown. */
  at: timeSchema.nullable(),
  /** Since the post was sent, ms; null where that is not known. */
  afterMs: z.number().nullable(),
  /** Since the hop before it, ms. */
  tookMs: z.number().nullable(),
  note: z.string().nullable(),
})
export type Hop = z.infer<typeof hopSchema>

export const traceSchema = z.object({
  /** The row of the source; null where the post is another's. */
  index: z.int().nullable(),
  startedAt: timeSchema,
  hops: z.array(hopSchema),
  done: z.boolean(),
  problem: problemSchema.nullable(),
})
export type Trace = z.infer<typeof traceSchema>

export const traceContract = {
  /** Sends one post of the built-in data through the gateway, as an emulation does, and follows its three records. */
  send: procedure.input(inPipeline).output(eventIterator(traceSchema)),
  /** Looks for the same record elsewhere, a minute around its time, and for its line in the lake. */
  find: procedure.input(inPipeline.extend({ place: recordPlaceSchema })).output(eventIterator(traceSchema)),
}
