/** The token of Databricks goes into Airflow's connection, and is looked for everywhere else it could have gone. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AwsHome, awsHome } from '../helpers/awsHome.ts'
import { canaryToken, type DatabricksFake, databricksFake } from '../helpers/databricks/server.ts'
import { runProgram, type TestHome, testHome } from '../helpers/home.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'
import { type FakeEnvironment, type Mwaa, mwaaKeys, mwaaRegion, startMwaa } from '../helpers/mwaa.ts'
import { startWebClient, type WebClient } from '../helpers/webClient.ts'

const missing = await motoMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const pipeline = 'this-computer'
const plan = 'airflow' as const
const planted = [canaryToken, mwaaKeys.secret, mwaaKeys.token]

describe.skipIf(missing !== null)(`Airflow’s secrets${missing === null ? '' : ` (${missing})`}`, () => {
  let moto: Moto
  let mwaa: Mwaa
  let databricks: DatabricksFake
  let aws: AwsHome
  let home: TestHome
  let web: WebClient
  let s3: S3Client
  let environment: FakeEnvironment

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
    home = await testHome()
    Object.assign(home.env, aws.env)
    s3 = new S3Client({
      ...{ region: mwaaRegion, endpoint: moto.url, forcePathStyle: true },
      credentials: { accessKeyId: 'AKIAROOT', secretAccessKey: 'root' },
    })
    const CreateBucketConfiguration = { LocationConstraint: mwaaRegion } as const
    await s3.send(new CreateBucketCommand({ Bucket: 'dags', CreateBucketConfiguration }))
    web = await startWebClient(home)
    const { items } = await web.client.pipelines.list()
    const settings = items.find(({ id }) => id === pipeline)?.settings
    if (settings === undefined) throw new Error('no pipeline')
    await web.client.pipelines.update({
      pipeline,
      settings: {
        ...settings,
        userId: '0a1b',
        airflow: { ...settings.airflow, environment: 'daily' },
        databricks: { ...settings.databricks, auth: 'token', host: databricks.url },
      },
    })
    const choice = { source: 'profile', profile: 'work', region: mwaaRegion, endpoint: mwaa.url } as const
    await web.client.aws.use({ pipeline, choice })
    await web.client.databricks.setSecret({ pipeline, value: canaryToken })
  }, 120_000)
  afterAll(async () => {
    await web?.stop()
    s3?.destroy()
    await mwaa?.close()
    await databricks?.close()
    await moto?.stop()
    await aws?.remove()
    await home?.remove()
  })

  const filesOf = (folder: string): string[] =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))

  /** Runs the plan; the list of processes, and their environments, are looked at all the while. */
  const run = async (action: 'apply' | 'undo', consent?: string): Promise<string[]> => {
    const seen: string[] = []
    await web.client.plan.get({ pipeline, plan })
    await web.client.plan.start({ pipeline, plan, action, ...(consent === undefined ? {} : { consent }) })
    for await (const state of await web.client.plan.watch({ pipeline, plan })) {
      seen.push(execFileSync('ps', ['-eo', 'args']).toString())
      for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        const command = quietly(`/proc/${pid}/cmdline`)
        // Airflow's own program: it works in another's name, and must have nothing of ours.
        if (command.includes('parse.py')) seen.push(quietly(`/proc/${pid}/environ`))
      }
      if (state.running === null) {
        expect(state.steps.find(({ problem }) => problem !== null)?.problem).toBeUndefined()
        return seen
      }
    }
    throw new Error('it did not end')
  }
  const leaks = (texts: readonly string[]) =>
    planted.filter((value) => texts.some((text) => text.includes(value)))

  it('are in no frame, file, log, DAG, requirements, and in no program’s arguments or environment', async () => {
    const seen = await run('apply')
    expect(environment.airflow.connections.get('databricks_default')?.password).toBe(canaryToken)
    expect(seen.some((text) => text.includes('AIRFLOW_HOME'))).toBe(process.platform === 'linux')
    expect(leaks(seen)).toEqual([])
    expect(leaks(web.frames)).toEqual([])
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: 'dags' }))
    expect(Versions.length).toBe(2)
    for (const { Key, VersionId } of Versions) {
      const object = await s3.send(new GetObjectCommand({ Bucket: 'dags', Key, VersionId }))
      expect(
        leaks([(await object.Body?.transformToString()) ?? '', JSON.stringify(object.Metadata)]),
      ).toEqual([])
    }
    const files = filesOf(home.home)
    expect(files.some((file) => file.endsWith('airflow-ledger.json'))).toBe(true)
    expect(files.filter((file) => leaks([readFileSync(file, 'latin1')]).length > 0)).toEqual([])
  }, 240_000)

  it('nor in what Airflow and MWAA say when they refuse it, quoting it', async () => {
    environment.airflow.connections.delete('databricks_default')
    const body = { RestApiStatusCode: 422, RestApiResponse: { detail: `bad value ${canaryToken}` } }
    mwaa.faults.push({
      of: /^POST restapi \/connections/,
      answer: { status: 400, type: 'RestApiClientException', body },
      times: 2,
    })
    await web.client.plan.start({ pipeline, plan, action: 'apply', steps: ['connection'] })
    for await (const state of await web.client.plan.watch({ pipeline, plan }))
      if (state.running === null) {
        expect(state.steps.find(({ id }) => id === 'connection')?.problem?.code).toBe('AIRFLOW_REFUSED')
        break
      }
    const { code, out, err } = await runProgram(
      'cli.js',
      ['airflow', 'setup', '--only', 'connection'],
      home.env,
    )
    expect([code, leaks([out, err])]).toEqual([1, []])
    expect(leaks(web.frames)).toEqual([])
    expect(filesOf(home.home).filter((file) => leaks([readFileSync(file, 'latin1')]).length > 0)).toEqual([])
  }, 120_000)

  it('the way in to Airflow’s pages is not even made for a door that opens no browser', async () => {
    const { opened, url } = await web.client.airflow.open({ pipeline })
    expect([opened, url]).toEqual([
      false,
      `https://daily-0a1b.c2.${mwaaRegion}.airflow.amazonaws.com/dags/0a1b_dag`,
    ])
    expect(mwaa.asked.some((call) => call.includes('webtoken'))).toBe(false)
  })
})

function quietly(file: string): string {
  try {
    return readFileSync(file, 'latin1')
  } catch {
    return ''
  }
}
