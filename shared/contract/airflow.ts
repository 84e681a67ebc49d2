/** Airflow: the environment of MWAA that runs the pipeline's DAG, its runs and tasks, and the check of a DAG's file. */
import { eventIterator } from '@orpc/contract'
import { z } from 'zod'
import { inPipeline, problemSchema, procedure, timeSchema } from './base.ts'

export const dagFindingSchema = z.object({
  /** `F-67` … `F-73`, as docs/airflow.md lists them. */
  id: z.string(),
  /** `bad` will fail, `warn` may, `unknown` cannot be told without running it. */
  level: z.enum(['bad', 'warn', 'unknown']),
  message: z.string(),
  fix: z.string(),
  /** Of the file, from 1. */
  line: z.int().nullable(),
})
export type DagFindingView = z.infer<typeof dagFindingSchema>

/** What a real Airflow on this computer made of a file. */
export const dagReadingSchema = z.object({
  /** Its version. */
  airflow: z.string(),
  dags: z.array(z.object({ id: z.string(), tasks: z.array(z.object({ id: z.string(), type: z.string() })) })),
  /** Tracebacks, as Airflow shows them as "Broken DAG". */
  errors: z.array(z.string()),
})

export const airflowStatusSchema = z.object({
  /** Null where none is chosen. */
  environment: z
    .object({
      name: z.string(),
      /** MWAA's own word: `AVAILABLE`. */
      status: z.string(),
      /** `ready` can be used, `wait` becomes ready by itself, `stuck` takes a person. */
      kind: z.enum(['ready', 'wait', 'stuck']),
      words: z.string(),
      hint: z.string(),
      airflow: z.string(),
      size: z.string(),
      bucket: z.string(),
      folder: z.string(),
      /** Of its last change; null where that went well. */
      problem: z.string().nullable(),
    })
    .nullable(),
  dagId: z.string(),
  /** Null where Airflow does not show it. */
  dag: z
    .object({
      paused: z.boolean(),
      /** In Airflow's words; empty where it is run by hand only. */
      schedule: z.string(),
      next: timeSchema.nullable(),
    })
    .nullable(),
  /** Of the DAG's file; null where there is none. */
  importError: z.string().nullable(),
  /** Why Airflow itself could not be asked. */
  problem: problemSchema.nullable(),
})
export type AirflowStatus = z.infer<typeof airflowStatusSchema>

export const airflowRunSchema = z.object({
  runId: z.string(),
  /** `queued`, `running`, `success`, `failed`. */
  state: z.string(),
  /** `scheduled`, `manual`, `backfill`. */
  kind: z.string(),
  dueAt: timeSchema.nullable(),
  startedAt: timeSchema.nullable(),
  endedAt: timeSchema.nullable(),
})
export type AirflowRunView = z.infer<typeof airflowRunSchema>

export const airflowRunDetailSchema = z.object({
  run: airflowRunSchema,
  /** Why it waits, or ended without a task that failed; empty where that is plain. */
  note: z.string(),
  tasks: z.array(
    z.object({
      id: z.string(),
      /** Empty where it was not yet queued. */
      state: z.string(),
      attempt: z.int(),
      attempts: z.int(),
      startedAt: timeSchema.nullable(),
      endedAt: timeSchema.nullable(),
      /** Id of the run in Databricks that its last attempt began; null where it began none. */
      databricksRun: z.string().nullable(),
      /** Of one that failed or is to be tried again: what went wrong, and the end of its log; null where there is none. */
      failure: z.object({ reason: z.string(), log: z.array(z.string()) }).nullable(),
    }),
  ),
})
export type AirflowRunDetail = z.infer<typeof airflowRunDetailSchema>

const ofRun = inPipeline.extend({ runId: z.string().min(1).max(250) })

/** Larger ones are no DAGs, characters. */
const largestFile = 1_048_576
const fileNameSchema = z
  .string()
  .max(255)
  .regex(/^[^/\\\0]+$/, 'A file’s name, without its folder.')

/** A file that somebody wrote; ours where both are left out. */
const ofFile = inPipeline.extend({
  file: fileNameSchema.optional(),
  text: z.string().max(largestFile).optional(),
  /** Of Airflow; that of the settings or of the environment where it is left out. */
  airflow: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'A version of Airflow has three numbers, such as 3.0.6.')
    .optional(),
})

export const airflowContract = {
  /** Names of the account's environments in the region. */
  environments: procedure.input(inPipeline).output(z.array(z.string())),
  status: procedure.input(inPipeline).output(airflowStatusSchema),
  /** Newest first. */
  runs: procedure
    .input(inPipeline.extend({ limit: z.int().min(1).max(100).default(20) }))
    .output(z.array(airflowRunSchema)),
  run: procedure.input(ofRun).output(airflowRunDetailSchema),
  /** One run, now. */
  trigger: procedure.input(inPipeline).output(airflowRunSchema),
  setPaused: procedure.input(inPipeline.extend({ paused: z.boolean() })).output(airflowStatusSchema),
  /** Airflow's own pages in the system browser, signed in; where the door cannot, the address to open by hand. */
  open: procedure.input(inPipeline).output(z.object({ opened: z.boolean(), url: z.string() })),
  /** The DAG's file and the requirements, as set-up would upload them. */
  dag: procedure.input(inPipeline).output(
    z.object({
      file: z.string(),
      text: z.string(),
      /** The version of Airflow that it was written for; empty where that is not known. */
      airflow: z.string(),
      requirements: z.object({ file: z.string(), text: z.string() }),
    }),
  ),
  /** Without running it. `requirements`: the text of that file, where it is to be looked at too. */
  check: procedure.input(ofFile.extend({ requirements: z.string().max(largestFile).optional() })).output(
    z.object({
      file: z.string(),
      airflow: z.string(),
      findings: z.array(dagFindingSchema),
      requirements: z.array(dagFindingSchema),
    }),
  ),
  /** Read by a real Airflow on this computer, which is installed the first time. The file's own code runs for that. */
  parse: procedure
    .input(ofFile)
    .output(
      eventIterator(
        z.discriminatedUnion('kind', [
          z.object({ kind: z.literal('progress'), text: z.string() }),
          z.object({ kind: z.literal('read'), reading: dagReadingSchema }),
        ]),
      ),
    ),
}
