/** A pipeline's Airflow: the settings of its DAG and of the environment that runs it, and the names that follow from them. */
import { z } from 'zod'
import { readCron } from './cron.ts'

/** Shorter than this the next run would come while one still starts its cluster: a run takes about 6 minutes (facts, section 6). */
export const leastMinutes = 15
/** A cluster that was off takes 3 to 7 minutes, and its Spark some more; less than this ends runs that were healthy (F-72). */
export const leastRunMinutes = 20

const scheduleSchema = z
  .string()
  .trim()
  .max(120)
  .superRefine((text, context) => {
    const fault = text === '' ? null : scheduleFault(text)
    if (fault !== null) context.addIssue({ code: 'custom', message: fault })
  })

/** In words; null where Airflow fires it as it is meant. */
export function scheduleFault(text: string): string | null {
  const read = readCron(text)
  if (read.kind === 'fields' && read.count > 5)
    return `A schedule has five fields, this one has ${read.count}: programs do not agree on where its seconds stand.`
  if (read.kind === 'fields')
    return 'A schedule is a preset, such as @daily, or five fields of cron, such as 0 6 * * *.'
  if (read.kind === 'unreadable') return `This is no field of cron: ${read.field}`
  if (read.minutes < leastMinutes)
    return `Every ${read.minutes} min is too often: a run takes about 6 minutes, a cold cluster more; leave ${leastMinutes} at least.`
  return null
}

const jobIdSchema = z.string().trim().max(20).regex(/^\d*$/, 'A job has a number.')

/** As Databricks makes them: `0123-456789-abcdefgh`. A name is another thing (F-67). */
export const clusterIdPattern = /^\d{4}-\d{6}-[a-z0-9]{6,20}$/

export const airflowSettingsSchema = z.object({
  /** Name of the MWAA environment; empty for none. */
  environment: z
    .string()
    .trim()
    .max(80)
    .regex(
      /^(?:[A-Za-z][\w-]*)?$/,
      'An environment’s name begins with a letter and has letters, digits, - and _.',
    )
    .default(''),
  /** Of the DAGs; empty for the environment's own. */
  bucket: z
    .string()
    .trim()
    .max(63)
    .regex(/^(?:[a-z0-9][a-z0-9.-]+[a-z0-9])?$/, 'A bucket’s name has small letters, digits, . and - only.')
    .default(''),
  /** Folder of the DAGs in the bucket; empty for the environment's own, usually `dags`. */
  folder: z
    .string()
    .trim()
    .max(512)
    .regex(/^(?:[\w.-]+(?:\/[\w.-]+)*)?$/, 'A folder of the bucket, without slashes at its ends: dags.')
    .default(''),
  /** Key of the requirements file in the bucket; empty for the environment's own, else `requirements.txt`. */
  requirements: z
    .string()
    .trim()
    .max(512)
    .regex(/^(?:[\w.-]+(?:\/[\w.-]+)*)?$/, 'A key of the bucket, such as requirements.txt.')
    .default(''),
  /** Of Airflow; empty for the environment's own. */
  version: z
    .string()
    .trim()
    .regex(/^(?:\d+\.\d+\.\d+)?$/, 'A version of Airflow has three numbers, such as 3.0.6.')
    .default(''),
  /** Preset or five fields of cron, UTC; empty for none: it is run by hand only. */
  schedule: scheduleSchema.default('@daily'),
  /** A fixed day in the past, UTC: with now() a DAG is never run (F-71). */
  startDate: z.iso.date('A day such as 2026-01-01.').default('2026-01-01'),
  /** After a failure. */
  retries: z.int().min(0).max(10).default(2),
  /** A run that hangs is ended after so many minutes. */
  timeoutMinutes: z.int().min(leastRunMinutes).max(10_080).default(120),
  /** `submit` runs the notebook by itself, `job` a job of Databricks. */
  mode: z.enum(['submit', 'job']).default('submit'),
  /** Of `job`; empty for the one that this pipeline's set-up of Databricks made. */
  jobId: jobIdSchema.default(''),
  /** Of `submit`: an existing cluster; empty for serverless. */
  clusterId: z
    .string()
    .trim()
    .refine(
      (text) => text === '' || clusterIdPattern.test(text),
      'A cluster’s id looks like 0123-456789-abcdefgh; it stands in the address of its page, not in its name.',
    )
    .default(''),
  /** Of `submit`; empty for `batch` where this pipeline's set-up of Databricks puts it. */
  notebookPath: z
    .string()
    .trim()
    .max(1_024)
    .regex(/^(?:\/[^\n"\\{}]+)?$/, 'A notebook’s path begins with a slash: /Shared/pipeline/batch.')
    .default(''),
  /** Of the connection in Airflow that holds the workspace's address and token. */
  connectionId: z
    .string()
    .trim()
    .regex(/^[\w.-]{1,200}$/, 'A connection’s id has letters, digits, ., - and _ only.')
    .default('databricks_default'),
})
export type AirflowSettings = z.infer<typeof airflowSettingsSchema>

/** `<id>_dag`: the course's rule, for the DAG and its file alike. */
export const dagIdOf = (userId: string): string => `${userId}_dag`
export const dagFileOf = (userId: string): string => `${dagIdOf(userId)}.py`
