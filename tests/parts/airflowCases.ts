/** What a DAG goes through in a real Airflow, of either generation. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Generation } from '../../electron/local/airflow/purpose.ts'
import { dagText } from '../../electron/plans/airflow/dagText.ts'
import { airflowSettingsSchema } from '../../shared/airflow.ts'
import { reading } from '../helpers/airflow.ts'
import { root } from '../helpers/home.ts'

const template = readFileSync(join(root, 'notebooks', 'dag.py'), 'utf8')

export const ownDag = (change: object, jobId = '') =>
  dagText(template, {
    userId: '0a1b',
    airflow: airflowSettingsSchema.parse(change),
    jobId,
    notebookPath: '/Shared/pipeline-control/0a1b/batch',
    parameters: { user_id: '0a1b', odd: 'it\'s "quoted" \\ é' },
  })

export function airflowCases(generation: Generation, version: string): void {
  it.each([
    ['by itself', {}, '', 'run_notebook', 'DatabricksSubmitRunOperator'],
    [
      'on a cluster',
      { clusterId: '1108-162752-8okw8dgg' },
      '',
      'run_notebook',
      'DatabricksSubmitRunOperator',
    ],
    ['as a job', { mode: 'job', schedule: '' }, '1042', 'run_job', 'DatabricksRunNowOperator'],
  ])(
    `Airflow ${version} reads our DAG that runs the notebook %s`,
    async (_, change, jobId, id, type) => {
      expect(await reading(generation, '0a1b_dag.py', ownDag(change, jobId))).toEqual({
        airflow: version,
        dags: [{ id: '0a1b_dag', tasks: [{ id, type }] }],
        errors: [],
      })
    },
    900_000,
  )

  it(`Airflow ${version} refuses a broken one, and says why`, async () => {
    const broken = ownDag({}).replace('airflow.providers.databricks', 'airflow.providers.datafabrics')
    const { dags, errors } = await reading(generation, '0a1b_dag.py', broken)
    expect(dags).toEqual([])
    expect(errors).toEqual([expect.stringContaining("No module named 'airflow.providers.datafabrics'")])
    expect(errors[0]).toContain('"0a1b_dag.py", line')
  }, 900_000)

  it(`Airflow ${version}: schedule_interval is ${generation === 3 ? 'refused' : 'taken'} (F-73)`, async () => {
    const old = ownDag({}).replace('schedule=SCHEDULE', 'schedule_interval=SCHEDULE')
    const { dags, errors } = await reading(generation, '0a1b_dag.py', old)
    if (generation === 2) expect([dags.length, errors]).toEqual([1, []])
    else expect(errors).toEqual([expect.stringContaining("unexpected keyword argument 'schedule_interval'")])
  }, 900_000)
}
