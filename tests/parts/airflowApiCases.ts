/** What the app asks Airflow for, asked of a whole real one behind the fake of MWAA: the DAG's life from unseen to a failed run's log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  databricksRunOf,
  getDag,
  importError,
  listRuns,
  listTasks,
  setPaused,
  triggerRun,
} from '../../electron/clients/aws/airflowApi.ts'
import type { AirflowAt } from '../../electron/clients/aws/airflowCall.ts'
import { connectionOf } from '../../electron/clients/aws/airflowConnection.ts'
import {
  deleteConnection,
  getConnection,
  putConnection,
} from '../../electron/clients/aws/airflowConnections.ts'
import { taskLog } from '../../electron/clients/aws/airflowLog.ts'
import { secret } from '../../electron/lib/secret.ts'
import type { Generation } from '../../electron/local/airflow/purpose.ts'
import { failureIn } from '../../electron/plans/airflow/failure.ts'
import { canaryToken, type DatabricksFake, databricksFake } from '../helpers/databricks/server.ts'
import { type Mwaa, mwaaKeys, mwaaRegion, startMwaa } from '../helpers/mwaa.ts'
import { type RealAirflow, startAirflow } from '../helpers/realAirflow.ts'
import { until } from '../helpers/until.ts'
import { ownDag } from './airflowCases.ts'

const withinMs = 900_000
const seenMs = 180_000
const id = '0a1b_dag'

export function airflowApiCases(generation: Generation, version: string): void {
  describe(`the API of a whole Airflow ${version}`, () => {
    let real: RealAirflow
    let mwaa: Mwaa
    let databricks: DatabricksFake
    let at: AirflowAt

    beforeAll(async () => {
      real = await startAirflow(generation)
      databricks = await databricksFake()
      databricks.before = []
      mwaa = await startMwaa('http://127.0.0.1:9', 'dags')
      mwaa.add('daily', { AirflowVersion: version, real })
      at = {
        environment: 'daily',
        airflow: version,
        access: {
          region: mwaaRegion,
          endpoint: mwaa.url,
          network: {},
          keys: async () => ({
            accessKeyId: secret(mwaaKeys.id),
            secretAccessKey: secret(mwaaKeys.secret),
            sessionToken: secret(mwaaKeys.token),
            expiresAt: null,
          }),
        },
      }
    }, withinMs)
    afterAll(async () => {
      await mwaa?.close()
      await databricks?.close()
      await real?.stop()
    }, withinMs)

    it(
      'a connection is made, brought in line, shown without its password, and deleted',
      async () => {
        const connection = connectionOf({ host: databricks.url, token: secret(canaryToken), clientId: '' })
        expect(await getConnection(at, 'mine')).toBeNull()
        await putConnection(at, 'mine', { ...connection, login: 'me' }, false)
        await expect(putConnection(at, 'mine', connection, false)).rejects.toMatchObject({
          code: 'AIRFLOW_CONFLICT',
        })
        expect(await getConnection(at, 'mine')).toMatchObject({
          type: 'databricks',
          host: '127.0.0.1',
          login: 'me',
        })
        await putConnection(at, 'mine', connection, true)
        expect(await getConnection(at, 'mine')).toMatchObject({
          login: '',
          schema: 'http',
          port: connection.port,
        })
        await deleteConnection(at, 'mine')
        await deleteConnection(at, 'mine')
        expect(await getConnection(at, 'mine')).toBeNull()
        const exists = (await getConnection(at, 'databricks_default')) !== null
        await putConnection(at, 'databricks_default', connection, exists)
      },
      withinMs,
    )

    it(
      'a broken file is an import error, and its DAG is not there',
      async () => {
        const began = Date.now()
        await real.put(
          `${id}.py`,
          ownDag({}).replace('airflow.providers.databricks', 'airflow.providers.datafabrics'),
        )
        await until(async () => (await importError(at, `${id}.py`)) !== null, seenMs)
        const error = await importError(at, `${id}.py`)
        expect(error?.text).toContain("No module named 'airflow.providers.datafabrics'")
        // Read since this test began.
        expect(error?.at).toBeGreaterThan(began)
        expect(error?.at).toBeLessThanOrEqual(Date.now())
        expect(await importError(at, 'other.py')).toBeNull()
        expect(await getDag(at, id)).toBeNull()
      },
      withinMs,
    )

    it(
      'a good one is seen, paused, and switched on',
      async () => {
        await real.put(`${id}.py`, ownDag({ schedule: '', retries: 0 }))
        await until(async () => (await getDag(at, id))?.paused === true, seenMs)
        await until(async () => (await importError(at, `${id}.py`)) === null, seenMs)
        expect(await getDag(at, id)).toMatchObject({ id, gone: false, broken: false, next: null })
        await setPaused(at, id, false)
        expect(await getDag(at, id)).toMatchObject({ paused: false })
      },
      withinMs,
    )

    it(
      'a run is triggered, done, and the next one’s log has the notebook’s error',
      async () => {
        const ended = async (run: string) => {
          const state = async () => (await listRuns(at, id, 20)).find((each) => each.id === run)?.state ?? ''
          await until(async () => /success|failed/.test(await state()), seenMs)
          return state()
        }
        databricks.outcome = () => ({ result: '{}' })
        const good = await triggerRun(at, id)
        expect(good).toMatchObject({ kind: 'manual' })
        expect(await ended(good.id)).toBe('success')
        databricks.outcome = () => ({ error: "AnalysisException: [PATH_NOT_FOUND] it isn't there" })
        const bad = await triggerRun(at, id)
        expect(await ended(bad.id)).toBe('failed')
        const [newest, older] = await listRuns(at, id, 20)
        expect([newest?.id, older?.id]).toEqual([bad.id, good.id])
        expect((newest?.endedAt ?? 0) >= (newest?.startedAt ?? Number.POSITIVE_INFINITY)).toBe(true)
        const [task] = await listTasks(at, id, bad.id)
        if (task === undefined) throw new Error('no task')
        expect(task).toMatchObject({ id: 'run_notebook', state: 'failed', attempt: 1, attempts: 1 })
        const began = await databricksRunOf(at, id, bad.id, task.id)
        expect(databricks.runs.map(({ id: each }) => each)).toContain(began)
        const reason = async () => failureIn((await taskLog(at, id, bad.id, task)) ?? []).reason
        await until(async () => (await reason()) === "AnalysisException: [PATH_NOT_FOUND] it isn't there")
      },
      withinMs,
    )
  })
}
