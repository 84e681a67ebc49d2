/** Incidents for learning: really done to the pipeline of this computer, for a while, and always healed. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { badKindSchema, incidentOptionsSchema, incidentSchema } from '../incidents.ts'
import { bigDecimalSchema, inPipeline, problemSchema, procedure, timeSchema } from './base.ts'

/** Something that was counted since it began: "12 records refused". Null where it is not known. */
export const factSchema = z.object({
  label: z.string(),
  value: z.number().nullable(),
  unit: z.enum(['', 'ms']),
})
export type Fact = z.infer<typeof factSchema>

/** Where a bad record stands. */
export const badPlaceSchema = z.object({
  topic: z.string(),
  partition: z.int(),
  offset: bigDecimalSchema,
  kind: badKindSchema,
})
export type BadPlace = z.infer<typeof badPlaceSchema>

export const runningIncidentSchema = z.object({
  options: incidentOptionsSchema,
  title: z.string(),
  /** What is on now, in one sentence with its numbers. */
  text: z.string(),
  phase: z.enum(['starting', 'on', 'healing']),
  since: timeSchema,
  until: timeSchema,
  facts: z.array(factSchema),
  /** Only of bad records: all that were acknowledged. */
  places: z.array(badPlaceSchema),
  /** Only of a rebalance: the group made for it. */
  group: z.string().nullable(),
})
export type RunningIncident = z.infer<typeof runningIncidentSchema>

export const endedIncidentSchema = runningIncidentSchema.omit({ phase: true }).extend({
  endedAt: timeSchema,
  /** Its time was over, somebody ended it, its part was stopped, the app was closed. */
  how: z.enum(['time', 'asked', 'stopped', 'closed']),
  /** Why it could not be healed wholly. */
  problem: problemSchema.nullable(),
})
export type EndedIncident = z.infer<typeof endedIncidentSchema>

export const incidentStateSchema = z.object({
  /** One at a time. */
  on: runningIncidentSchema.nullable(),
  /** The one before, since the app started. */
  last: endedIncidentSchema.nullable(),
})
export type IncidentState = z.infer<typeof incidentStateSchema>

export const incidentListSchema = z.object({
  incidents: z.array(incidentSchema),
  /** Why none can be practised here; null where one can, once the pipeline runs. */
  unusable: problemSchema.nullable(),
})
export type IncidentList = z.infer<typeof incidentListSchema>

export const incidentsContract = {
  list: procedure.input(inPipeline).output(incidentListSchema),
  /** Answers once it is on. */
  start: procedure.input(inPipeline.extend({ options: incidentOptionsSchema })).output(incidentStateSchema),
  /** Answers once it is healed; does nothing where none is on. */
  end: procedure.input(inPipeline).output(incidentStateSchema),
  watch: procedure.input(inPipeline).output(eventIterator(incidentStateSchema)),
}
