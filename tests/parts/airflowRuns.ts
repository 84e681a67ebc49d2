/** Our DAG run for real by `airflow dags test`, of either generation, against the Databricks workspace at the wire. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectionOf, storedConnection } from '../../electron/clients/aws/airflowConnection.ts'
import { logLines } from '../../electron/clients/aws/airflowLog.ts'
import { secret } from '../../electron/lib/secret.ts'
import type { Generation } from '../../electron/local/airflow/purpose.ts'
import { failureIn } from '../../electron/plans/airflow/failure.ts'
import { airflow } from '../helpers/airflow.ts'
import { canaryToken, type DatabricksFake, databricksFake } from '../helpers/databricks/server.ts'
import { ownDag } from './airflowCases.ts'

const withinMs = 900_000

/** What the task logged, as Airflow’s API hands it on. */
const logOf = (out: string): string[] =>
  logLines({ content: out.split('\n').map((line) => (line.startsWith('{') ? JSON.parse(line) : line)) })

export function airflowRuns(generation: Generation, version: string): void {
  describe(`airflow dags test, ${version}`, () => {
    let home = ''
    let databricks: DatabricksFake

    /** With the very connection that set-up writes. */
    const test = async (dag: string, token = canaryToken) => {
      await writeFile(join(home, 'dags', '0a1b_dag.py'), dag)
      const workspace = { host: databricks.url, token: secret(token), clientId: '' }
      const env = { AIRFLOW_CONN_DATABRICKS_DEFAULT: storedConnection(connectionOf(workspace)).reveal() }
      return airflow(generation, home, ['dags', 'test', '0a1b_dag', '2026-11-30'], env)
    }

    beforeAll(async () => {
      home = await mkdtemp(join(tmpdir(), 'airflow-home-'))
      await mkdir(join(home, 'dags'))
      databricks = await databricksFake()
      // The operator looks every 30 s: it finds it at its end.
      databricks.before = []
      const { ok, out } = await airflow(generation, home, ['db', 'migrate'])
      expect(ok, out).toBe(true)
    }, withinMs)
    afterAll(async () => {
      await databricks?.close()
      await rm(home, { recursive: true, force: true })
    })

    it(
      'submits the notebook and succeeds',
      async () => {
        databricks.outcome = () => ({ result: '{}' })
        const { ok, out } = await test(ownDag({}))
        expect(ok, out).toBe(true)
        expect(out).toMatch(/state[=:] ?['"]?success|completed successfully/)
        expect(databricks.requests.join()).toContain('/jobs/runs/submit')
        expect(out).not.toContain(canaryToken)
      },
      withinMs,
    )

    it(
      'starts the job where that is chosen',
      async () => {
        const tasks = [{ task_key: 'batch', notebook_task: { notebook_path: '/Shared/batch' } }]
        const made = await fetch(`${databricks.url}/api/2.2/jobs/create`, {
          method: 'POST',
          headers: { authorization: `Bearer ${canaryToken}`, 'content-type': 'application/json' },
          body: JSON.stringify({ name: 'ours', tasks }),
        })
        const jobId = /"job_id": ?(\d+)/.exec(await made.text())?.[1] ?? ''
        const { ok, out } = await test(ownDag({ mode: 'job' }, jobId))
        expect(ok, out).toBe(true)
        expect(databricks.runs[0]?.jobId).toBe(jobId)
      },
      withinMs,
    )

    it(
      'its failure shows the notebook’s own error, which our panel finds',
      async () => {
        databricks.outcome = () => ({ error: "AnalysisException: [PATH_NOT_FOUND] it isn't there" })
        const { out } = await test(ownDag({ retries: 0 }))
        expect(failureIn(logOf(out)).reason).toBe("AnalysisException: [PATH_NOT_FOUND] it isn't there")
        expect(out).not.toContain(canaryToken)
      },
      withinMs,
    )

    it(
      'F-68: a token that the workspace does not know',
      async () => {
        const { out } = await test(ownDag({ retries: 0 }), 'dapi-another')
        expect(out).toMatch(/Invalid access token/)
      },
      withinMs,
    )
  })
}
