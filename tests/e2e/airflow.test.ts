/** A person sets the DAG up in an environment of MWAA, triggers it and reads why it failed: against fakes at the wire and a real moto. */
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AwsHome, awsHome } from '../helpers/awsHome.ts'
import { canaryToken, type DatabricksFake, databricksFake } from '../helpers/databricks/server.ts'
import { runProgram } from '../helpers/home.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'
import { type FakeEnvironment, type Mwaa, mwaaKeys, mwaaRegion, startMwaa } from '../helpers/mwaa.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

const missing = await motoMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

describe.skipIf(missing !== null)(`Airflow on the page${missing === null ? '' : ` (${missing})`}`, () => {
  let test: TestPage
  let moto: Moto
  let mwaa: Mwaa
  let databricks: DatabricksFake
  let aws: AwsHome
  let environment: FakeEnvironment
  const frames: string[] = []
  const page = () => test.page
  const button = (name: string | RegExp) =>
    page().getByRole('button', { name, exact: typeof name === 'string' })
  const field = (label: string) => page().getByLabel(label, { exact: true })
  const region = (name: string | RegExp) => page().getByRole('region', { name })
  const go = async (path: string) => {
    await page().evaluate((hash) => {
      location.hash = hash
    }, path)
    await page().getByRole('heading', { level: 1 }).waitFor()
  }
  const cli = async (...words: string[]) => {
    const { code, err } = await runProgram('cli.js', words, {
      ...test.home.env,
      PIPELINE_DATABRICKS_TOKEN: canaryToken,
    })
    expect(code, err).toBe(0)
  }

  beforeAll(async () => {
    moto = await startMoto()
    databricks = await databricksFake()
    mwaa = await startMwaa(moto.url, 'dags')
    environment = mwaa.add('daily')
    aws = await awsHome()
    await aws.write(
      'credentials',
      `[work]\naws_access_key_id=${mwaaKeys.id}\naws_secret_access_key=${mwaaKeys.secret}\naws_session_token=${mwaaKeys.token}\n`,
    )
    const s3 = new S3Client({
      ...{ region: mwaaRegion, endpoint: moto.url, forcePathStyle: true },
      credentials: { accessKeyId: 'AKIAROOT', secretAccessKey: 'root' },
    })
    const CreateBucketConfiguration = { LocationConstraint: mwaaRegion } as const
    await s3.send(new CreateBucketCommand({ Bucket: 'dags', CreateBucketConfiguration }))
    s3.destroy()
    test = await openPage({ width: 1280, height: 1000, env: aws.env })
    page().on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => frames.push(String(payload))),
    )
    await cli('pipelines', 'set', 'this-computer', 'userId=0a1b')
    await cli('aws', 'use', 'work', '--region', mwaaRegion, '--endpoint', mwaa.url)
    await cli('databricks', 'use', databricks.url, '--auth', 'token')
    await page().reload()
  })
  afterAll(async () => {
    await test?.close()
    await mwaa?.close()
    await databricks?.close()
    await moto?.stop()
    await aws?.remove()
  })

  it('says what it is for while no environment is chosen, and checks a file of one’s own', async () => {
    await go('/airflow')
    await page().getByText('No environment yet').waitFor()
    await expectAccessible(page())
    const file =
      'from airflow import DAG\nfrom datetime import datetime\ndag = DAG("my_dag", schedule_interval="@daily", start_date=datetime.now())\n'
    await page()
      .getByLabel('File of a DAG')
      .setInputFiles({ name: 'my_dag.py', mimeType: 'text/x-python', buffer: Buffer.from(file) })
    await page().getByText('F-71, line 3: start_date moves on').waitFor()
    await page().getByText('F-73, line 3: schedule_interval').waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'airflow-check')
  })

  it('a cluster’s name is refused at its field; the environment is offered by its name', async () => {
    await page().getByRole('link', { name: 'Set up Airflow' }).click()
    await page().getByText('There: daily.').waitFor()
    await field('Cluster').fill('Pinterest Cluster')
    await button('Save').click()
    await page().getByText('A cluster’s id looks like').waitFor()
    await field('Schedule, UTC').fill('0 0 6 * * *')
    await button('Save').click()
    await page().getByText('A schedule has five fields').waitFor()
    await expectAccessible(page())
    await field('Cluster').fill('')
    await field('Schedule, UTC').fill('0 6 * * *')
    await field('Environment').fill('daily')
    await button('Save').click()
    await page().getByText('daily, Airflow 3.0.6, mw1.small: it runs').waitFor({ timeout: 30_000 })
    await screenshot(page(), 'airflow-before')
  })

  it('one button brings the DAG there and switches it on', async () => {
    await button('Apply all').click()
    await page().getByText('Everything is in place.').waitFor({ timeout: 180_000 })
    expect(environment.airflow.paused.get('0a1b_dag')).toBe(false)
    for (const width of [900, 1280]) {
      await page().setViewportSize({ width, height: 1200 })
      await screenshot(page(), `airflow-setup-${width}`)
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
    await expectAccessible(page())
  }, 240_000)

  it('triggers a run, sees it work, and reads why it failed', async () => {
    await page().getByRole('link', { name: 'To the runs' }).click()
    await region('DAG').getByText('switched on').waitFor()
    await button('Trigger now').click()
    const run = region(/^Run manual__/)
    await run.getByText('queued').waitFor()
    const [made] = environment.airflow.runs
    const [task] = made?.tasks ?? []
    if (made === undefined || task === undefined) throw new Error('no run was made')
    Object.assign(made, { state: 'running', start: new Date().toISOString() })
    Object.assign(task, { state: 'running', attempt: 1, page: `${databricks.url}/?o=1#job/3/run/77` })
    await run.getByText('running').first().waitFor({ timeout: 30_000 })
    const there = run.getByRole('link', { name: 'Its run in Databricks' })
    expect(await there.getAttribute('href')).toMatch(/jobs\?run=%2277%22$/)
    await screenshot(page(), 'airflow-running')
    const said = `run_notebook failed with terminal state: {} and with the errors [{'task_key': 'batch', 'run_id': 7, 'error': 'AnalysisException: [PATH_NOT_FOUND] no lake'}]`
    Object.assign(task, {
      ...{ state: 'failed', attempt: 3 },
      log: [
        {
          event: 'Task failed with exception',
          error_detail: [{ exc_type: 'AirflowException', exc_value: said }],
        },
      ],
    })
    Object.assign(made, { state: 'failed', end: new Date().toISOString() })
    await run
      .getByText('AnalysisException: [PATH_NOT_FOUND] no lake', { exact: true })
      .waitFor({ timeout: 30_000 })
    await run.getByText('attempt 3 of 3').waitFor()
    await run
      .getByRole('group', { name: 'Log of run_notebook' })
      .getByText('failed with terminal state')
      .waitFor()
    await expectAccessible(page())
    for (const width of [900, 1280]) {
      await page().setViewportSize({ width, height: 1200 })
      await screenshot(page(), `airflow-failed-${width}`)
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
  }, 120_000)

  it('pauses it, and switches it on again', async () => {
    await button('Pause').click()
    await region('DAG').getByText('paused: its schedule begins no run').waitFor()
    expect(environment.airflow.paused.get('0a1b_dag')).toBe(true)
    await button('Trigger now').click()
    const waits = 'It waits: the DAG is paused, and begins it when it is switched on.'
    await page().getByText(waits).waitFor()
    await expectAccessible(page())
    await button('Switch on').click()
    await region('DAG').getByText('switched on').waitFor()
  })

  it('opens Airflow’s own page without a way in that the page would see', async () => {
    await page()
      .context()
      .route('https://*.airflow.amazonaws.com/**', (route) => route.fulfill({ body: 'Airflow' }))
    const opened = page().context().waitForEvent('page')
    await button('Open Airflow').click()
    const other = await opened
    await other.waitForURL(/\/dags\/0a1b_dag$/)
    expect(other.url()).toBe(`https://daily-0a1b.c2.${mwaaRegion}.airflow.amazonaws.com/dags/0a1b_dag`)
    await other.close()
    expect(mwaa.asked.some((call) => call.includes('webtoken'))).toBe(false)
  })

  it('a broken DAG, and an environment that is stuck, are told where they are looked at', async () => {
    delete environment.RequirementsS3Path
    await region('DAG')
      .getByText(
        "Airflow cannot import it: ModuleNotFoundError: No module named 'airflow.providers.databricks'",
      )
      .waitFor({ timeout: 30_000 })
    await expectAccessible(page())
    await screenshot(page(), 'airflow-broken')
    environment.Status = 'UNAVAILABLE'
    await region('Environment').getByText('daily: it does not run').waitFor({ timeout: 30_000 })
    await expectAccessible(page())
    await screenshot(page(), 'airflow-stuck')
  }, 90_000)

  it('no token came to the page, and nothing broke its policy', () => {
    expect(frames.length).toBeGreaterThan(20)
    for (const planted of [canaryToken, mwaaKeys.secret, mwaaKeys.token, 'canary-web-token'])
      expect(frames.join('\n')).not.toContain(planted)
    expect(test.complaints).toEqual([])
  })
})
