/** Plans: lists of steps run by the one engine and shown by the one page. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { consentSchema, inPipeline, problemSchema, procedure, timeSchema } from './base.ts'

export const planIdSchema = z.enum(['local', 'kafkaHost', 'machine', 'databricks', 'airflow'])
export type PlanId = z.infer<typeof planIdSchema>

export const findingSchema = z.object({
  state: z.enum(['present', 'absent', 'drifted', 'blocked']),
  /** A reason a person can read. */
  reason: z.string(),
  hint: z.string().nullable(),
  /** What was chosen goes without this step. */
  unused: z.boolean(),
  changes: z.array(z.object({ target: z.string(), before: z.string(), after: z.string() })),
})

export const stepStateSchema = z.object({
  id: z.string(),
  title: z.string(),
  needs: z.array(z.string()),
  /** What applying costs, in words; null where it is free. */
  cost: z.string().nullable(),
  undoable: z.boolean(),
  /** What is happening to it now. */
  phase: z.enum(['idle', 'waiting', 'checking', 'applying', 'undoing']),
  finding: findingSchema.nullable(),
  /** The failure of the last attempt, if it failed. */
  problem: problemSchema.nullable(),
  /** 0 to 1 where the end is known. */
  progress: z.object({ fraction: z.number().min(0).max(1).nullable(), text: z.string() }).nullable(),
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
  /** The last lines of the step's own log. */
  log: z.array(z.string()),
})
export type StepState = z.infer<typeof stepStateSchema>

export const planActionSchema = z.enum(['check', 'apply', 'undo'])
export type PlanAction = z.infer<typeof planActionSchema>

export const planStateSchema = z.object({
  plan: planIdSchema,
  title: z.string(),
  running: planActionSchema.nullable(),
  /** How the last run ended. */
  outcome: z.enum(['none', 'done', 'failed', 'cancelled']),
  steps: z.array(stepStateSchema),
})
export type PlanState = z.infer<typeof planStateSchema>

const ofPlan = inPipeline.extend({ plan: planIdSchema })

export const planContract = {
  get: procedure.input(ofPlan).output(planStateSchema),
  /** Starts and returns at once; the back end owns the run and `watch` shows it. */
  start: procedure
    .input(
      ofPlan.extend({
        action: planActionSchema,
        /** Only these steps (and, for apply, what they need); all when absent. */
        steps: z.array(z.string()).optional(),
        consent: consentSchema.optional(),
      }),
    )
    .output(planStateSchema),
  cancel: procedure.input(ofPlan).output(planStateSchema),
  watch: procedure.input(ofPlan).output(eventIterator(planStateSchema)),
}
