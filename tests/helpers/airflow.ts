/** A real Airflow, in the product's own Python environment of it. */
import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { airflowEnvironment, type DagReading, parseDag } from '../../electron/local/airflow/parse.ts'
import { airflowPurpose, type Generation } from '../../electron/local/airflow/purpose.ts'
import { pythonEnvironment } from '../../electron/local/python/environment.ts'
import { cacheFolder, root } from './home.ts'

const scripts = join(root, 'resources', 'airflow')
/** Two minutes and 650 MB the first time, ms. */
const withinMs = 900_000

export function airflowPython(generation: Generation): Promise<string> {
  return pythonEnvironment(airflowPurpose(scripts, generation), {
    cache: cacheFolder,
    network: {},
    signal: AbortSignal.timeout(withinMs),
    progress: () => {},
  })
}

export async function reading(generation: Generation, file: string, text: string): Promise<DagReading> {
  const python = await airflowPython(generation)
  return parseDag(file, text, { python, scripts, signal: AbortSignal.timeout(withinMs) })
}

/** All that it does, a record a line (Airflow 3), without colours. */
const loud = {
  NO_COLOR: '1',
  AIRFLOW__LOGGING__LOGGING_LEVEL: 'INFO',
  AIRFLOW__LOGGING__COLORED_CONSOLE_LOG: 'False',
  AIRFLOW__LOGGING__JSON_LOGS: 'True',
}

export interface Ended {
  readonly ok: boolean
  /** All that it said. */
  readonly out: string
}

/** `airflow <words>` in a home of its own. `env`: connections, as `AIRFLOW_CONN_…`. */
export async function airflow(
  generation: Generation,
  home: string,
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const python = await airflowPython(generation)
  const options = {
    env: { ...airflowEnvironment(home), ...loud, ...env },
    timeout: withinMs,
    maxBuffer: 64 * 1_048_576,
  }
  return promisify(execFile)(python, ['-m', 'airflow', ...words], options).then(
    ({ stdout, stderr }) => ({ ok: true, out: stdout + stderr }),
    ({ stdout = '', stderr = '', message }: { stdout?: string; stderr?: string; message: string }) => ({
      ok: false,
      out: `${stdout}${stderr}${message}`,
    }),
  )
}
