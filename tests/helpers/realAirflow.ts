/** A whole Airflow on this computer: its API, scheduler and processor of DAGs, from the product's own Python environment. */
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { airflowEnvironment } from '../../electron/local/airflow/parse.ts'
import type { Generation } from '../../electron/local/airflow/purpose.ts'
import { airflowPython } from './airflow.ts'
import { freePort } from './kinesis.ts'
import { until } from './until.ts'

export interface RealAirflow {
  /** `http://…/api/v2` */
  readonly api: string
  readonly authorization: string
  /** Puts a file into its folder of DAGs. */
  put(name: string, text: string): Promise<void>
  stop(): Promise<void>
}

/** It starts programs in sessions of their own, which rename themselves: they are known by who started them (Linux). */
function programsOf(root: number): number[] {
  const parents = readdirSync('/proc').flatMap((pid) => {
    try {
      const parent = /^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
      return parent === undefined ? [] : [[Number(pid), Number(parent)] as const]
    } catch {
      return []
    }
  })
  const found = [root]
  for (const each of found) for (const [pid, parent] of parents) if (parent === each) found.push(pid)
  return found
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

/** Its programs start one after the other, ms. */
const startMs = 180_000

export async function startAirflow(generation: Generation): Promise<RealAirflow> {
  const python = await airflowPython(generation)
  const home = await mkdtemp(join(tmpdir(), 'airflow-whole-'))
  await mkdir(join(home, 'dags'))
  const port = await freePort()
  const base = `http://127.0.0.1:${port}`
  const child = spawn(python, ['-m', 'airflow', 'standalone'], {
    stdio: 'ignore',
    env: {
      ...airflowEnvironment(home),
      PATH: `${dirname(python)}:${process.env.PATH ?? ''}`,
      AIRFLOW__LOGGING__LOGGING_LEVEL: 'INFO',
      AIRFLOW__CORE__PARALLELISM: '2',
      ...(generation === 3
        ? {
            AIRFLOW__API__HOST: '127.0.0.1',
            AIRFLOW__API__PORT: String(port),
            AIRFLOW__API__WORKERS: '1',
            AIRFLOW__API__BASE_URL: base,
            AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${base}/execution/`,
            AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_ALL_ADMINS: 'True',
            AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL: '5',
          }
        : {
            AIRFLOW__WEBSERVER__WEB_SERVER_HOST: '127.0.0.1',
            AIRFLOW__WEBSERVER__WEB_SERVER_PORT: String(port),
            AIRFLOW__WEBSERVER__WORKERS: '1',
            AIRFLOW__API__AUTH_BACKENDS: 'airflow.api.auth.backend.basic_auth',
            AIRFLOW__SCHEDULER__DAG_DIR_LIST_INTERVAL: '5',
          }),
    },
  })
  const over = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const stop = async () => {
    for (const pid of programsOf(child.pid ?? 0)) killed(pid)
    await over
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  }
  const way = async () => {
    if (generation === 3) {
      const answer = await fetch(`${base}/auth/token`)
      const { access_token: token } = (await answer.json()) as { access_token: string }
      return { api: `${base}/api/v2`, authorization: `Bearer ${token}` }
    }
    const password = (await readFile(join(home, 'standalone_admin_password.txt'), 'utf8')).trim()
    const authorization = `Basic ${Buffer.from(`admin:${password}`).toString('base64')}`
    const answer = await fetch(`${base}/api/v1/dags`, { headers: { authorization } })
    if (!answer.ok) throw new Error(`${answer.status}`)
    return { api: `${base}/api/v1`, authorization }
  }
  try {
    let found: Awaited<ReturnType<typeof way>> | undefined
    await until(async () => {
      found = await way()
      return true
    }, startMs)
    if (found === undefined) throw new Error('no API')
    return { ...found, put: (name, text) => writeFile(join(home, 'dags', name), text), stop }
  } catch (thrown) {
    await stop()
    throw thrown
  }
}
