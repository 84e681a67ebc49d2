/** A Databricks workspace: the connection, the pipeline's job there, and its runs. Tokens go in and never come out. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { databricksAuthSchema, databricksSecretSchema } from '../databricks.ts'
import { inPipeline, problemSchema, procedure, timeSchema } from './base.ts'

export const databricksProfileSchema = z.object({
  name: z.string(),
  host: z.string(),
  /** How it signs in; `cli`: by the databricks command; `other`: in a way that this app does not know. */
  kind: z.enum(['token', 'oauth', 'cli', 'other']),
})

export const databricksIdentitySchema = z.object({
  userName: z.string(),
  displayName: z.string(),
  admin: z.boolean(),
})

/** What the workspace was seen to have; null where it may not be asked. */
export const workspaceCanSchema = z.object({
  /** Told by its SQL warehouses; null where they do not tell. */
  serverless: z.literal(true).nullable(),
  /** Clusters that are there; null where they may not be listed. */
  clusters: z.array(z.object({ id: z.string(), name: z.string(), state: z.string() })).nullable(),
  mayMakeClusters: z.boolean(),
  unityCatalog: z.boolean(),
  /** That names without one are in; null where there is none that has volumes. */
  catalog: z.string().nullable(),
})

export const databricksStatusSchema = z.object({
  auth: databricksAuthSchema,
  host: z.string(),
  state: z.enum(['none', 'testing', 'connected', 'ask', 'failed']),
  identity: databricksIdentitySchema.nullable(),
  can: workspaceCanSchema.nullable(),
  /** A secret of the way in use is held or stored. */
  hasSecret: z.boolean(),
  /** A sign-in under way in the browser. */
  signIn: z.object({ url: z.string(), opened: z.boolean() }).nullable(),
  problem: problemSchema.nullable(),
  testedAt: timeSchema.nullable(),
})
export type DatabricksStatus = z.infer<typeof databricksStatusSchema>

export const jobRunStateSchema = z.enum([
  'waiting',
  'running',
  'ending',
  'done',
  'failed',
  'timedOut',
  'cancelled',
  'skipped',
])
export type JobRunState = z.infer<typeof jobRunStateSchema>

const ofRun = {
  /** 64 bits, as decimal text. */
  runId: z.string(),
  state: jobRunStateSchema,
  /** In the workspace's own words: `TERMINATED: SUCCESS`. */
  word: z.string(),
  message: z.string(),
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
}
export const jobTaskRunSchema = z.object({ ...ofRun, key: z.string() })
export type JobTaskRun = z.infer<typeof jobTaskRunSchema>

export const jobRunSchema = z.object({
  ...ofRun,
  jobId: z.string().nullable(),
  name: z.string(),
  /** ms at work, the rest before a repair left out; null before its end. */
  workedMs: z.number().nullable(),
  /** Of the run, as the workspace names it. */
  url: z.string().nullable(),
  tasks: z.array(jobTaskRunSchema),
})
export type JobRun = z.infer<typeof jobRunSchema>

/** What a task that failed said. */
export const taskErrorSchema = z.object({
  key: z.string(),
  problem: problemSchema,
  /** The notebook's own, in part. */
  trace: z.string().nullable(),
})

export const jobRunDetailSchema = z.object({
  run: jobRunSchema,
  errors: z.array(taskErrorSchema),
  /** Its result sets are kept as this set of answers; null where it has none. */
  answers: z.string().nullable(),
})
export type JobRunDetail = z.infer<typeof jobRunDetailSchema>

export const databricksJobIdSchema = z.enum(['batch', 'streaming'])
export type DatabricksJobId = z.infer<typeof databricksJobIdSchema>

const jobSchema = z.object({
  job: databricksJobIdSchema,
  jobId: z.string(),
  name: z.string(),
  url: z.string(),
  tasks: z.array(z.string()),
  compute: z.string(),
  /** Quartz cron and time zone; null where it has none. */
  schedule: z.string().nullable(),
  paused: z.boolean(),
})
export type DatabricksJob = z.infer<typeof jobSchema>

const decimal = z.string().regex(/^\d{1,20}$/, 'A run has a number.')
const inRun = inPipeline.extend({ runId: decimal })

export const databricksContract = {
  profiles: procedure.output(
    z.object({ file: z.string(), found: z.boolean(), items: z.array(databricksProfileSchema) }),
  ),
  status: procedure.input(inPipeline).output(databricksStatusSchema),
  /** Tries the connection by itself when it is first watched. */
  watch: procedure.input(inPipeline).output(eventIterator(databricksStatusSchema)),
  /** Of the way in use: the token, or the service principal's secret. Null forgets it. Then the connection is tried. */
  setSecret: procedure
    .input(
      inPipeline.extend({ value: databricksSecretSchema.nullable(), remember: z.boolean().default(false) }),
    )
    .output(databricksStatusSchema),
  /** Asks the workspace who we are, and what it has. */
  test: procedure.input(inPipeline).output(databricksStatusSchema),
  /** Begins a sign-in in the browser and returns; `watch` shows how it goes on. */
  login: procedure
    .input(inPipeline.extend({ remember: z.boolean().default(false) }))
    .output(databricksStatusSchema),
  cancelLogin: procedure.input(inPipeline).output(databricksStatusSchema),
  /** The pipeline's jobs, as they are there now. */
  jobs: procedure.input(inPipeline).output(z.array(jobSchema)),
  /** Newest first, 25 at a time. */
  runs: procedure
    .input(inPipeline.extend({ jobId: decimal, page: z.string().max(2_000).nullable().default(null) }))
    .output(z.object({ items: z.array(jobRunSchema), next: z.string().nullable() })),
  run: procedure.input(inRun).output(jobRunDetailSchema),
  /** Now and with each change, until it has ended. */
  watchRun: procedure.input(inRun).output(eventIterator(jobRunDetailSchema)),
  runNow: procedure.input(inPipeline.extend({ jobId: decimal })).output(jobRunSchema),
  /** Applies the plan `databricks` and, when all is in place, runs the batch job; goes on where nobody waits for it. */
  applyAndRun: procedure.input(inPipeline).output(jobRunSchema),
  cancel: procedure.input(inRun).output(jobRunSchema),
  /** Runs again what failed. */
  repair: procedure.input(inRun).output(jobRunSchema),
  /** Opens a page of the workspace in the system browser; the door that cannot is told its address. */
  open: procedure
    .input(
      inPipeline.extend({
        page: z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('job'), id: decimal }),
          z.object({ kind: z.literal('run'), id: decimal }),
          z.object({ kind: z.literal('workspace') }),
        ]),
      }),
    )
    .output(z.object({ opened: z.boolean(), url: z.string() })),
}
