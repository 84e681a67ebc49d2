/** The messages between the app and its own child programs (`kinesis`, `stack`). */
import { z } from 'zod'
import { timeSchema } from '../../shared/contract/base.ts'
import { lakeChoiceSchema } from '../../shared/contract/local.ts'

/** Child → app, first message: it listens and answers. */
const ready = z.object({ type: z.literal('ready'), address: z.record(z.string(), z.string()) })
/** Child → app, once a second while it runs and whenever it is asked: its own counters, plain numbers by name. */
const stats = z.object({ type: z.literal('stats'), numbers: z.record(z.string(), z.number()) })
/** Child → app: something a person should know; it stays until the same `code` arrives with `message: null`. */
const problem = z.object({
  type: z.literal('problem'),
  part: z.string(),
  code: z.string(),
  message: z.string().nullable(),
  hint: z.string(),
})
/** Child → app: it cannot start or go on; it exits with 1 right after. */
const failed = z.object({
  type: z.literal('failed'),
  code: z.string(),
  message: z.string(),
  hint: z.string(),
})
/** Child → app: what became of what it was asked by this `id`; null where it was done. */
const answer = z.object({
  type: z.literal('answer'),
  id: z.string(),
  problem: z.object({ code: z.string(), message: z.string(), hint: z.string() }).nullable(),
})

export const childMessageSchema = z.discriminatedUnion('type', [ready, stats, problem, failed, answer])
export type ChildMessage = z.infer<typeof childMessageSchema>

/**
 * App → child. `stop` ends it cleanly; `look` asks for its counters now. The others are answered by their `id`: `lake` is a
 * problem's button (decision 5); `limit` and `slow` are incidents, which the child itself ends at `until` (ms since 1970).
 */
export const parentMessageSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stop') }),
  z.object({ type: z.literal('look') }),
  z.object({
    type: z.literal('lake'),
    id: z.string(),
    topic: z.string(),
    partition: z.int(),
    choice: lakeChoiceSchema,
  }),
  z.object({
    type: z.literal('limit'),
    id: z.string(),
    stream: z.string(),
    shard: z.string(),
    /** Null heals. */
    recordsPerSecond: z.int().min(0).nullable(),
    until: timeSchema,
  }),
  /** 0 heals. */
  z.object({ type: z.literal('slow'), id: z.string(), delayMs: z.int().min(0), until: timeSchema }),
])
export type ParentMessage = z.infer<typeof parentMessageSchema>
/** What is answered, before it has its id. */
export type Question = Unnamed<Extract<ParentMessage, { readonly id: string }>>
/** Of each kind by itself: `Omit` of a union would keep only what all have in common. */
type Unnamed<T> = T extends unknown ? Omit<T, 'id'> : never
