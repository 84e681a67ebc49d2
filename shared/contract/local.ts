/** The stack on this computer: what runs, where, and the live map of the whole pipeline. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { topicNameSchema } from '../names.ts'
import { consentSchema, inPipeline, problemSchema, procedure, timeSchema } from './base.ts'

/** `pipeline local status --json` prints exactly this. */
export const localStatusSchema = z.object({
  running: z.boolean(),
  since: timeSchema.nullable(),
  kafka: z.object({
    running: z.boolean(),
    bootstrap: z.string(),
    pid: z.int().nullable(),
    version: z.string(),
  }),
  kinesis: z.object({ running: z.boolean(), endpoint: z.string(), pid: z.int().nullable() }),
  gateway: z.object({ running: z.boolean(), url: z.string(), pid: z.int().nullable() }),
  lake: z.object({
    running: z.boolean(),
    path: z.string(),
    files: z.int(),
    bytes: z.number(),
    records: z.int(),
  }),
  problems: z.array(problemSchema),
  /** Partitions the lake stopped at, until a person chooses how to go on (decision 5). */
  lakeProblems: z.array(problemSchema.extend({ topic: z.string(), partition: z.int() })),
})
export type LocalStatus = z.infer<typeof localStatusSchema>

/** Nothing is lost by either: a new generation keeps the old files aside; going on records the gap. */
export const lakeChoiceSchema = z.enum(['newGeneration', 'continueFromEarliest'])
export type LakeChoice = z.infer<typeof lakeChoiceSchema>

export const localContract = {
  status: procedure.input(inPipeline).output(localStatusSchema),
  /** Lets a stopped partition of the lake go on. */
  lake: procedure
    .input(inPipeline.extend({ topic: topicNameSchema, partition: z.int().min(0), choice: lakeChoiceSchema }))
    .output(localStatusSchema),
  /** Deletes the data of the stopped stack: topics, streams and lake. */
  wipe: procedure.input(inPipeline.extend({ consent: consentSchema })).output(localStatusSchema),
}

export const nodeIds = ['emulator', 'gateway', 'kafka', 'kinesis', 'lake', 'notebooks'] as const
export const nodeIdSchema = z.enum(nodeIds)
export type NodeId = z.infer<typeof nodeIdSchema>

/** A box of the map. Totals are null where nothing is known; the page shows a dash, never a guess. */
export const mapNodeSchema = z.object({
  id: nodeIdSchema,
  state: z.enum(['off', 'working', 'good', 'warn', 'bad']),
  detail: z.string(),
  total: z.number().nullable(),
  /** The three topics or streams. */
  rows: z.array(
    z.object({
      name: z.string(),
      label: z.string(),
      total: z.number().nullable(),
      rate: z.number().nullable(),
    }),
  ),
  problem: problemSchema.nullable(),
  /** What is done to it for practice: no fault, and marked as what it is. */
  incident: z.object({ title: z.string(), text: z.string() }).nullable(),
})
export type MapNode = z.infer<typeof mapNodeSchema>

/** A connection of the map, records a second over the last seconds; null where it is not known. */
export const mapHopSchema = z.object({ from: nodeIdSchema, to: nodeIdSchema, rate: z.number().nullable() })
export type MapHop = z.infer<typeof mapHopSchema>

export const overviewSchema = z.object({
  at: timeSchema,
  running: z.boolean(),
  since: timeSchema.nullable(),
  /** One sentence: what is going on, or what to do next. */
  headline: z.string(),
  nodes: z.array(mapNodeSchema),
  hops: z.array(mapHopSchema),
  /** The emulation that runs or ran last. */
  runId: z.string().nullable(),
})
export type Overview = z.infer<typeof overviewSchema>

export const overviewContract = {
  watch: procedure.input(inPipeline).output(eventIterator(overviewSchema)),
}
