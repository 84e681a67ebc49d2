/** Our DAG in a real Airflow 3, in the environment that the product itself makes. */
import { expect, it } from 'vitest'
import { parseDag } from '../../electron/local/airflow/parse.ts'
import { airflowPython } from '../helpers/airflow.ts'
import { airflowCases } from '../parts/airflowCases.ts'
import { airflowRuns } from '../parts/airflowRuns.ts'

airflowCases(3, '3.3.2')

it('a file that works while it is read is ended when nobody waits for it any more', async () => {
  const python = await airflowPython(3)
  const control = new AbortController()
  const read = parseDag('a_dag.py', '# dag airflow\nimport time\ntime.sleep(600)\n', {
    python,
    scripts: 'resources/airflow',
    signal: control.signal,
  })
  control.abort(new Error('enough'))
  await expect(read).rejects.toThrow('enough')
})

it('a file that ends Python itself is told as such', async () => {
  const python = await airflowPython(3)
  const file = '# dag airflow\nimport os, sys\nsys.stderr.write("bye\\n")\nos._exit(3)\n'
  const signal = AbortSignal.timeout(60_000)
  await expect(
    parseDag('a_dag.py', file, { python, scripts: 'resources/airflow', signal }),
  ).rejects.toMatchObject({ code: 'DAG_PARSE_FAILED', message: expect.stringContaining('bye') })
}, 60_000)

airflowRuns(3, '3.3.2')
