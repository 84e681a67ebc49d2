/** A DAG's file read by a real Airflow, in a program of its own and with nothing of ours in its environment. */
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { childEnvironment } from '../../lib/childEnvironment.ts'

const run = promisify(execFile)

const readingSchema = z.object({
  /** Its version. */
  airflow: z.string(),
  dags: z.array(z.object({ id: z.string(), tasks: z.array(z.object({ id: z.string(), type: z.string() })) })),
  /** Tracebacks, as Airflow shows them as "Broken DAG". */
  errors: z.array(z.string()),
})
export type DagReading = z.infer<typeof readingSchema>

/** Reading takes 1.2 to 3.5 s; a file that works while it is read takes as long as it likes. MWAA itself ends it after 30 s. */
const withinMs = 60_000

export interface ParseDeps {
  /** Of the environment that has Airflow. */
  readonly python: string
  /** The folder of `parse.py`. */
  readonly scripts: string
  readonly signal: AbortSignal
}

/** `file` is the file's name. Rejects with AppError DAG_PARSE_FAILED where Airflow came to no end with it. */
export async function parseDag(file: string, text: string, deps: ParseDeps): Promise<DagReading> {
  const folder = await mkdtemp(join(tmpdir(), 'pipeline-dag-'))
  const path = join(folder, 'dags', file)
  try {
    await mkdir(join(folder, 'dags'))
    await writeFile(path, text)
    const { stdout } = await run(deps.python, [join(deps.scripts, 'parse.py'), path], {
      signal: deps.signal,
      timeout: withinMs,
      killSignal: 'SIGKILL',
      maxBuffer: 16 * 1_048_576,
      windowsHide: true,
      env: airflowEnvironment(folder),
    })
    const { errors, ...rest } = readingSchema.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''))
    return { ...rest, errors: errors.map((error) => error.replaceAll(path, file)) }
  } catch (thrown) {
    if (deps.signal.aborted) throw deps.signal.reason
    throw notRead(thrown as Failure)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

/** Of Airflow's programs here: a home of their own, no examples, no word to its makers. */
export const airflowEnvironment = (home: string): Record<string, string> => ({
  ...childEnvironment(),
  AIRFLOW_HOME: home,
  AIRFLOW__CORE__DAGS_FOLDER: join(home, 'dags'),
  AIRFLOW__CORE__LOAD_EXAMPLES: 'False',
  AIRFLOW__LOGGING__LOGGING_LEVEL: 'ERROR',
  AIRFLOW__USAGE_DATA_COLLECTION__ENABLED: 'False',
  PYTHONDONTWRITEBYTECODE: '1',
})

interface Failure extends Error {
  readonly killed?: boolean
  readonly stderr?: string
}

const notRead = ({ killed, stderr = '', message }: Failure) =>
  new AppError({
    code: 'DAG_PARSE_FAILED',
    message: killed
      ? `Airflow was still reading the file after ${withinMs / 1_000} s`
      : `Airflow could not read the file: ${(stderr.trim().split('\n').at(-1) || message).slice(0, 400)}`,
    hint: 'A DAG only describes: work belongs into its tasks, not into the file itself.',
  })
