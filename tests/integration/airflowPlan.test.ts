/** The DAG brought to MWAA by the commands of a newcomer: buckets and secrets in a real moto, MWAA and Databricks strict fakes. */
import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  GetPublicAccessBlockCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3'
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../electron/app.ts'
import { getEnvironment } from '../../electron/clients/aws/mwaa.ts'
import { airflowUi } from '../../electron/features/airflow/ui.ts'
import { nodePlatform } from '../../electron/host/nodePlatform.ts'
import { secret } from '../../electron/lib/secret.ts'
import type { PlanState } from '../../shared/contract/plan.ts'
import { typed } from '../helpers/appTerminal.ts'
import { type AwsFront, awsFront, simulation } from '../helpers/awsFront.ts'
import { type AwsHome, awsHome, enterAwsHome } from '../helpers/awsHome.ts'
import { canaryToken, type DatabricksFake, databricksFake } from '../helpers/databricks/server.ts'
import { cacheFolder, root, type TestHome, testHome } from '../helpers/home.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'
import {
  type FakeEnvironment,
  type Mwaa,
  mwaaKeys,
  mwaaRegion,
  mwaaRole,
  noRole,
  startMwaa,
} from '../helpers/mwaa.ts'

const missing = await motoMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

/** A new one for each test. */
let pipeline = ''
const dagId = '0a1b_dag'
const dagKey = `dags/${dagId}.py`
const secretsOptions = {
  'secrets.backend': 'airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend',
  'secrets.backend_kwargs':
    '{"connections_prefix": "airflow/connections", "variables_prefix": "airflow/variables"}',
}

describe.skipIf(missing !== null)(`pipeline airflow${missing === null ? '' : ` (${missing})`}`, () => {
  let moto: Moto
  let front: AwsFront
  let mwaa: Mwaa
  let databricks: DatabricksFake
  let aws: AwsHome
  let home: TestHome
  let app: App
  let s3: S3Client
  let vault: SecretsManagerClient
  /** A new one for each test. */
  let bucket = ''
  let environment: FakeEnvironment
  let nth = 0

  const must = async (...words: string[]) => {
    const { code, out, err } = await typed(app, ...words)
    expect(code, `${words.join(' ')}\n${err}`).toBe(0)
    return out
  }
  const failed = async (...words: string[]) => {
    const { code, err } = await typed(app, ...words)
    expect(code, err).toBe(1)
    return err
  }
  const stateOf = (out: string): PlanState => JSON.parse(out.trim().split('\n').at(-1) ?? '')
  const states = (out: string) =>
    Object.fromEntries(stateOf(out).steps.map(({ id, finding }) => [id, finding?.state]))
  const finding = async (id: string) => {
    const out = await must('airflow', 'setup', '--check', '--json')
    return stateOf(out).steps.find((step) => step.id === id)?.finding
  }
  const setup = () => must('airflow', 'setup', '--json')
  const everywhere = (state: string) =>
    Object.fromEntries(
      ['rights', 'environment', 'bucket', 'dag', 'requirements', 'connection', 'visible', 'unpaused'].map(
        (id) => [id, state],
      ),
    )
  const object = async (Key: string) => {
    const found = await s3.send(new GetObjectCommand({ Bucket: bucket, Key })).catch(() => null)
    return found === null ? null : ((await found.Body?.transformToString()) ?? '')
  }
  const put = (Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body }))
  const versionsOf = async (Prefix: string) => {
    const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix }))
    return Versions.length
  }
  const versioned = () =>
    s3.send(
      new PutBucketVersioningCommand({ Bucket: bucket, VersioningConfiguration: { Status: 'Enabled' } }),
    )
  /** Past the app's own connection. */
  const directly = () => ({
    region: mwaaRegion,
    endpoint: mwaa.url,
    network: {},
    keys: async () => ({
      accessKeyId: secret(mwaaKeys.id),
      secretAccessKey: secret(mwaaKeys.secret),
      sessionToken: secret(mwaaKeys.token),
      expiresAt: null,
    }),
  })
  const changes = () => mwaa.asked.filter((call) => /^(?:PATCH|POST|DELETE)/.test(call))

  beforeAll(async () => {
    moto = await startMoto()
    front = await awsFront(moto.url)
    databricks = await databricksFake()
    aws = await awsHome()
    home = await testHome()
    enterAwsHome(aws)
    await aws.write(
      'credentials',
      `[work]\naws_access_key_id=${mwaaKeys.id}\naws_secret_access_key=${mwaaKeys.secret}\naws_session_token=${mwaaKeys.token}\n`,
    )
    const of = {
      region: mwaaRegion,
      endpoint: moto.url,
      credentials: { accessKeyId: 'AKIAROOT', secretAccessKey: 'root' },
    }
    s3 = new S3Client({ ...of, forcePathStyle: true })
    vault = new SecretsManagerClient(of)
    const folders = {
      home: home.home,
      cache: cacheFolder,
      resources: `${root}/resources`,
      entries: home.home,
    }
    app = await createApp(nodePlatform('terminal', '0', folders))
  }, 120_000)
  afterAll(async () => {
    await app?.dispose()
    s3?.destroy()
    vault?.destroy()
    await databricks?.close()
    await front?.close()
    await moto?.stop()
    await aws?.remove()
    await home?.remove()
  })

  beforeEach(async () => {
    nth += 1
    bucket = `dags-${nth}`
    pipeline = `cloud-${nth}`
    await s3.send(
      new CreateBucketCommand({
        Bucket: bucket,
        CreateBucketConfiguration: { LocationConstraint: mwaaRegion },
      }),
    )
    mwaa = await startMwaa(front.url, bucket)
    environment = mwaa.add('daily')
    await must('pipelines', 'create', pipeline)
    await must('pipelines', 'select', pipeline)
    await must('aws', 'use', 'work', '--region', mwaaRegion, '--endpoint', mwaa.url)
    await must(
      'pipelines',
      'set',
      pipeline,
      'userId=0a1b',
      'airflow.environment=daily',
      'databricks.auth=token',
      `databricks.host=${databricks.url}`,
    )
    await app.client.databricks.setSecret({ pipeline, value: canaryToken })
  })
  afterEach(async () => {
    await must('pipelines', 'select', 'this-computer')
    await must('pipelines', 'delete', pipeline, '--yes')
    await mwaa.close()
    databricks.faults.length = 0
  })

  it('shows what it would do, and does nothing', async () => {
    const looked = await must('airflow', 'setup', '--check')
    expect(looked).toContain(`Bucket: ${bucket}: versions`)
    expect(looked).toContain('+ apache-airflow-providers-databricks')
    expect(states(await must('airflow', 'setup', '--check', '--json'))).toEqual({
      ...everywhere('absent'),
      ...{ rights: 'present', environment: 'present', bucket: 'drifted' },
    })
    expect(changes().filter((call) => !call.includes('GET'))).toEqual([])
    expect(await object(dagKey)).toBeNull()
  })

  it('from nothing to a DAG that is switched on; again changes nothing; undo takes back what it made', async () => {
    expect(states(await setup())).toEqual(everywhere('present'))
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status).toBe('Enabled')
    const block = await s3.send(new GetPublicAccessBlockCommand({ Bucket: bucket }))
    expect(block.PublicAccessBlockConfiguration?.BlockPublicPolicy).toBe(true)
    expect(await object(dagKey)).toContain('DAG_ID = "0a1b_dag"')
    expect(await object('requirements.txt')).toContain('constraints-3.0.6/constraints-3.12.txt')
    expect(environment.RequirementsS3Path).toBe('requirements.txt')
    expect(environment.airflow.connections.get('databricks_default')).toMatchObject({
      conn_type: 'databricks',
      host: '127.0.0.1',
      schema: 'http',
      login: '',
      password: canaryToken,
    })
    expect(environment.airflow.paused.get(dagId)).toBe(false)

    mwaa.asked.length = 0
    expect(states(await setup())).toEqual(everywhere('present'))
    expect(changes()).toEqual([])
    expect(await versionsOf(dagKey)).toBe(1)

    expect((await typed(app, 'airflow', 'setup', '--undo')).code).toBe(3)
    await must('airflow', 'setup', '--undo', '--yes')
    expect(await object(dagKey)).toBeNull()
    expect(environment.airflow.connections.size).toBe(0)
    expect(environment.airflow.paused.get(dagId)).toBe(true)
    // MWAA cannot be told to have none, and would not start without the file it names: it asks for nothing.
    expect(await object('requirements.txt')).toBe('# Nothing is asked for.\n')
    expect(await versionsOf('requirements.txt')).toBe(1)
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status).toBe('Suspended')
  }, 120_000)

  it('Airflow 2 takes the same', async () => {
    environment = mwaa.add('daily', { AirflowVersion: '2.10.3' })
    expect(states(await setup())).toEqual(everywhere('present'))
    expect(await object('requirements.txt')).toContain('constraints-2.10.3/constraints-3.11.txt')
    const run = JSON.parse(await must('airflow', 'trigger', '--detach', '--json'))
    expect(run).toMatchObject({ state: 'queued', kind: 'manual' })
  }, 240_000)

  it('a job of Databricks is run where that is chosen, and asked for where there is none', async () => {
    await must('pipelines', 'set', pipeline, 'airflow.mode=job')
    expect(await finding('dag')).toMatchObject({
      state: 'blocked',
      reason: expect.stringContaining('there is none'),
    })
    await must('pipelines', 'set', pipeline, 'airflow.jobId=1042')
    await must('airflow', 'setup', '--only', 'dag')
    expect(await object(dagKey)).toContain('JOB_ID = 1042')
  })

  it('what somebody else put there is there again after undo', async () => {
    await versioned()
    await put(dagKey, '# theirs')
    await put('requirements.txt', 'pandas==2.2.0\n')
    environment.RequirementsS3Path = 'requirements.txt'
    const { Versions = [] } = await s3.send(
      new ListObjectVersionsCommand({ Bucket: bucket, Prefix: 'requirements.txt' }),
    )
    const theirs = Versions[0]?.VersionId ?? ''
    environment.RequirementsS3ObjectVersion = theirs
    expect((await finding('dag'))?.changes).toMatchObject([{ before: '# theirs' }])
    expect(states(await setup())).toEqual(everywhere('present'))
    expect(await object('requirements.txt')).toContain('pandas==2.2.0')
    expect(environment.RequirementsS3ObjectVersion).not.toBe(theirs)
    await must('airflow', 'setup', '--undo', '--yes')
    expect(await object(dagKey)).toBe('# theirs')
    expect(await object('requirements.txt')).toBe('pandas==2.2.0\n')
    expect(environment.RequirementsS3ObjectVersion).toBe(theirs)
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket: bucket }))).Status).toBe('Enabled')
  }, 120_000)

  it('what was made in one environment is not undone in another', async () => {
    const other = mwaa.add('other')
    await must('airflow', 'setup', '--only', 'connection')
    other.airflow.connections.set('databricks_default', {
      connection_id: 'databricks_default',
      conn_type: 'databricks',
      host: databricks.url,
      login: null,
    })
    await must('pipelines', 'set', pipeline, 'airflow.environment=other')
    await must('airflow', 'setup', '--undo', '--yes')
    expect(other.airflow.connections.size).toBe(1)
    expect(environment.airflow.connections.size).toBe(1)
    await must('pipelines', 'set', pipeline, 'airflow.environment=daily')
    await must('airflow', 'setup', '--undo', '--yes')
    expect(environment.airflow.connections.size).toBe(0)
  })

  it('a pipeline of the same name that is made anew has made nothing', async () => {
    await must('airflow', 'setup', '--only', 'dag')
    await must('pipelines', 'select', 'this-computer')
    await must('pipelines', 'delete', pipeline, '--yes')
    await must('pipelines', 'create', pipeline)
    const { losses } = await app.client.app.consentQuestion({
      action: 'plan.undo',
      pipeline,
      plan: 'airflow',
    })
    expect(losses).toEqual([])
  })

  it('a changed setting is a changed file; a file that was changed by hand is told and put right', async () => {
    await must('airflow', 'setup', '--only', 'dag')
    await must('pipelines', 'set', pipeline, 'airflow.schedule=0 6 * * *')
    expect(await finding('dag')).toMatchObject({
      state: 'drifted',
      reason: expect.stringContaining('is an older one'),
    })
    await put(dagKey, '# by hand')
    expect(await finding('dag')).toMatchObject({
      state: 'drifted',
      reason: expect.stringContaining('not ours'),
    })
    await must('airflow', 'setup', '--only', 'dag')
    expect(await object(dagKey)).toContain('SCHEDULE = "0 6 * * *"')
  })

  describe('the connection in Secrets Manager', () => {
    const name = 'airflow/connections/databricks_default'
    const stored = async () => {
      const { SecretString = '{}' } = await vault.send(new GetSecretValueCommand({ SecretId: name }))
      return JSON.parse(SecretString)
    }
    beforeEach(() => {
      environment.AirflowConfigurationOptions = secretsOptions
    })

    it('is made where the environment looks for it, follows the token, and is taken back', async () => {
      await must('airflow', 'setup', '--only', 'connection')
      expect(await stored()).toMatchObject({ conn_type: 'databricks', password: canaryToken })
      expect(mwaa.asked.join()).not.toContain('/connections')
      const next = 'dapi00000000000000000000000000000000'
      databricks.tokens.add(next)
      await app.client.databricks.setSecret({ pipeline, value: next })
      expect(await finding('connection')).toMatchObject({
        state: 'drifted',
        reason: expect.stringContaining('token is another'),
      })
      await must('airflow', 'setup', '--only', 'connection')
      expect((await stored()).password).toBe(next)
      await must('airflow', 'setup', '--undo', '--yes')
      const { SecretList = [] } = await vault.send(new ListSecretsCommand({}))
      expect(SecretList).toEqual([])
    })

    it('somebody else’s that works by its Extra is left, and no fault is made of it', async () => {
      const theirs = { conn_type: 'databricks', extra: { token: 'y', host: databricks.url } }
      await vault.send(new CreateSecretCommand({ Name: name, SecretString: JSON.stringify(theirs) }))
      expect(await finding('connection')).toMatchObject({ state: 'present' })
      await must('airflow', 'setup', '--only', 'connection')
      expect(await stored()).toEqual(theirs)
      await vault.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }))
    })

    it('somebody else’s that is written as an address is read, and left', async () => {
      const address = `databricks://:${canaryToken}@127.0.0.1:${new URL(databricks.url).port}/http`
      await vault.send(new CreateSecretCommand({ Name: name, SecretString: address }))
      expect(await finding('connection')).toMatchObject({
        state: 'present',
        reason: expect.stringContaining('it is not ours'),
      })
      await vault.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true }))
    })

    it('is made in Airflow where the environment looks for others only in Secrets Manager', async () => {
      environment.AirflowConfigurationOptions = {
        ...secretsOptions,
        'secrets.backend_kwargs': '{"connections_lookup_pattern": "^aws_"}',
      }
      await must('airflow', 'setup', '--only', 'connection')
      expect(environment.airflow.connections.get('databricks_default')).toMatchObject({
        conn_type: 'databricks',
      })
    })

    it('is not done where the environment’s own role may not read it, and shows the policy for that', async () => {
      front.rules.set('SimulatePrincipalPolicy', (params) =>
        simulation(params, (action) => (action.startsWith('secretsmanager') ? 'implicitDeny' : 'allowed')),
      )
      try {
        expect(await failed('airflow', 'setup', '--only', 'connection')).toContain(
          'secretsmanager:GetSecretValue (No policy allows it.)',
        )
        const looked = await must('airflow', 'setup', '--check')
        expect(looked).toMatch(
          new RegExp(`"arn:aws:secretsmanager:${mwaaRegion}:123456789012:secret:${name}-\\w{6}"`),
        )
        const asked = front.asked.filter(({ action }) => action === 'SimulatePrincipalPolicy')
        expect(asked.map(({ params }) => params.get('PolicySourceArn'))).toContain(mwaaRole)
      } finally {
        front.rules.delete('SimulatePrincipalPolicy')
        await must('airflow', 'setup', '--undo', '--yes')
      }
    })

    it('F-68: somebody else’s with a stray login is told and left', async () => {
      const theirs = JSON.stringify({
        conn_type: 'databricks',
        host: databricks.url,
        login: 'me@example.com',
        password: 'x',
      })
      await vault.send(new CreateSecretCommand({ Name: name, SecretString: theirs }))
      const found = await finding('connection')
      expect(found).toMatchObject({ state: 'blocked' })
      expect(found?.reason).toContain('F-68: The connection databricks_default has a login (me@example.com)')
      expect(await failed('airflow', 'setup', '--only', 'connection')).toContain('STEP_BLOCKED')
      expect(await stored()).toMatchObject({ login: 'me@example.com' })
      await must('airflow', 'setup', '--undo', '--yes')
      expect(await stored()).toMatchObject({ login: 'me@example.com' })
    })
  })

  describe('the connection in Airflow', () => {
    const connections = () => environment.airflow.connections
    const theirs = {
      connection_id: 'databricks_default',
      conn_type: 'databricks',
      host: 'https://other.example.com',
      login: null,
      schema: null,
      port: null,
      extra: null,
    }

    it('takes the place of the one that Airflow makes itself, and of none that leads elsewhere', async () => {
      connections().set('databricks_default', { ...theirs, host: 'localhost' })
      await must('airflow', 'setup', '--only', 'connection')
      expect(connections().get('databricks_default')).toMatchObject({ password: canaryToken })
      connections().set('databricks_default', theirs)
      await must('airflow', 'setup', '--undo', '--yes')
      expect(await finding('connection')).toMatchObject({ state: 'absent' })
      connections().set('databricks_default', theirs)
      const found = await finding('connection')
      expect(found).toMatchObject({ state: 'blocked' })
      expect(found?.reason).toContain('F-68: The connection databricks_default leads to another workspace')
      await must('pipelines', 'set', pipeline, 'airflow.connectionId=databricks_pipeline')
      await must('airflow', 'setup', '--only', 'connection')
      expect([...connections().keys()].sort()).toEqual(['databricks_default', 'databricks_pipeline'])
    })

    it('F-68: ours that somebody gave a login is mended', async () => {
      await must('airflow', 'setup', '--only', 'connection')
      connections().set('databricks_default', { ...connections().get('databricks_default'), login: 'me' })
      expect(await finding('connection')).toMatchObject({
        state: 'drifted',
        reason: expect.stringContaining('F-68'),
      })
      await must('airflow', 'setup', '--only', 'connection')
      expect(connections().get('databricks_default')).toMatchObject({ login: '' })
    })

    it('asks for something that lasts', async () => {
      await must('pipelines', 'set', pipeline, 'databricks.auth=none')
      expect(await finding('connection')).toMatchObject({
        state: 'blocked',
        reason: expect.stringContaining('no connection to Databricks'),
      })
    })
  })

  describe('requirements', () => {
    it('F-69: names a constraint that contradicts, and puts it right', async () => {
      await versioned()
      await put(
        'requirements.txt',
        '--constraint "https://example.com/constraints-2.10.3/constraints-3.11.txt"\napache-airflow-providers-databricks\n',
      )
      environment.RequirementsS3Path = 'requirements.txt'
      expect(await finding('requirements')).toMatchObject({
        state: 'drifted',
        reason: expect.stringContaining('F-69: The constraints are those of Airflow 2.10.3'),
      })
      await must('airflow', 'setup', '--only', 'requirements')
      expect(await object('requirements.txt')).toContain('constraints-3.0.6')
    })

    it('tells what MWAA could not install, and that it took the change back', async () => {
      environment.airflow.refusesRequirements = true
      const err = await failed('airflow', 'setup', '--only', 'requirements')
      expect(err).toContain('MWAA_CHANGE_FAILED')
      expect(err).toContain('conflicting dependencies')
      expect(await finding('environment')).toMatchObject({
        reason: expect.stringContaining('its last change failed'),
      })
    })

    it('mends what contradicts in a file, and says so where it would change nothing', async () => {
      await versioned()
      await put(
        'requirements.txt',
        '--constraint "https://raw.githubusercontent.com/apache/airflow/constraints-3.0.6/constraints-3.8.txt"\napache-airflow-providers-databricks==4.0.0\n',
      )
      environment.RequirementsS3Path = 'requirements.txt'
      await must('airflow', 'setup', '--only', 'requirements')
      expect(await object('requirements.txt')).toContain('constraints-3.12.txt')
      expect(await object('requirements.txt')).not.toContain('4.0.0')
      expect(await finding('requirements')).toMatchObject({ state: 'present' })
    })

    it('an import error of before is waited over, one of now is told', async () => {
      await versioned()
      await must('airflow', 'setup', '--only', 'requirements')
      environment.airflow.stale = 2
      await must('airflow', 'setup', '--only', 'visible')
      expect(await finding('visible')).toMatchObject({ state: 'present' })
    })

    it('F-69 and F-70: a DAG whose provider is missing is told as broken, not waited for', async () => {
      await versioned()
      await must('airflow', 'setup', '--only', 'dag')
      expect(await finding('visible')).toMatchObject({
        state: 'drifted',
        reason: expect.stringContaining("No module named 'airflow.providers.databricks'"),
        hint: expect.stringContaining('F-69'),
      })
    })
  })

  describe('the environment', () => {
    it.each([
      ['CREATING', 'drifted', '20 to 40 minutes'],
      ['CREATING_SNAPSHOT', 'drifted', 'being saved'],
      ['PENDING', 'blocked', 'VPC endpoints'],
      ['AVAILABLE', 'present', 'it runs'],
      ['UPDATING', 'drifted', '10 to 30 minutes'],
      ['ROLLING_BACK', 'drifted', 'taken back'],
      ['MAINTENANCE', 'drifted', 'maintaining'],
      ['UNAVAILABLE', 'blocked', 'does not run'],
      ['CREATE_FAILED', 'blocked', 'could not be made: NoNat: no way out'],
      ['UPDATE_FAILED', 'present', 'it runs; its last change failed and was taken back'],
      ['DELETING', 'blocked', 'being deleted'],
      ['DELETED', 'blocked', 'was deleted'],
      ['DREAMING', 'blocked', 'does not know its state DREAMING'],
    ])('%s is %s', async (Status, state, words) => {
      environment.Status = Status
      if (Status === 'CREATE_FAILED')
        environment.LastUpdate = {
          Status: 'FAILED',
          Error: { ErrorCode: 'NoNat', ErrorMessage: 'no way out' },
        }
      const found = await finding('environment')
      expect([found?.state, found?.reason]).toEqual([state, expect.stringContaining(words)])
      expect(JSON.parse(await must('airflow', 'status', '--json')).environment.words).toContain(
        words.split(':')[0],
      )
    })

    it('is waited for while it is being changed', async () => {
      environment.Status = 'UPDATING'
      environment.update = { left: 3, wanted: { key: 'requirements.txt', version: '1' } }
      await must('airflow', 'setup', '--only', 'environment')
      expect(await finding('environment')).toMatchObject({ state: 'present' })
    })

    it('one that is not there, and none that is chosen, are told with the list, all its pages', async () => {
      mwaa.add('other')
      expect(await must('airflow', 'environments')).toBe('daily\nother')
      await must('pipelines', 'set', pipeline, 'airflow.environment=dayly')
      expect(await finding('environment')).toMatchObject({
        state: 'blocked',
        hint: expect.stringContaining('daily, other'),
      })
      expect(await failed('airflow', 'status')).toContain('MWAA_UNKNOWN')
      await must('pipelines', 'set', pipeline, 'airflow.environment=')
      expect(await finding('environment')).toMatchObject({
        state: 'blocked',
        hint: expect.stringContaining('daily, other'),
      })
      expect(await failed('airflow', 'runs')).toContain('AIRFLOW_NONE')
    })

    it('F-70: another bucket, folder or version than the environment’s own is told', async () => {
      for (const [setting, words] of [
        ['airflow.bucket=other-bucket', 'reads its DAGs from dags-'],
        ['airflow.folder=flows', 'from the folder dags, not from flows (F-70)'],
        ['airflow.version=2.10.3', 'runs Airflow 3.0.6, not 2.10.3'],
      ] as const) {
        await must('pipelines', 'set', pipeline, setting)
        expect(await finding('environment'), setting).toMatchObject({
          state: 'blocked',
          reason: expect.stringContaining(words),
        })
        await must('pipelines', 'set', pipeline, `${setting.split('=')[0]}=`)
      }
    })
  })

  it('is not begun where IAM denies a part of it, and shows the policy for exactly that thing', async () => {
    front.rules.set('SimulatePrincipalPolicy', (params) =>
      simulation(params, (action) => (action === 's3:PutObject' ? 'implicitDeny' : 'allowed')),
    )
    try {
      const looked = await must('airflow', 'setup', '--check')
      expect(looked).toContain('"s3:PutObject"')
      expect(looked).toContain(`"arn:aws:s3:::${bucket}/${dagKey}"`)
      expect(looked).not.toContain('"airflow:GetEnvironment"')
      expect(await failed('airflow', 'setup')).toContain('s3:PutObject (No policy allows it.)')
      expect(changes().filter((call) => !call.includes('GET'))).toEqual([])
      const asked = front.asked.filter(({ action }) => action === 'SimulatePrincipalPolicy')
      expect(asked.map(({ params }) => params.get('ResourceArns.member.1'))).toContain(
        `arn:aws:airflow:${mwaaRegion}:123456789012:environment/daily`,
      )
    } finally {
      front.rules.delete('SimulatePrincipalPolicy')
    }
  })

  it('the window opens Airflow signed in, at a host of MWAA only', async () => {
    const opened: string[] = []
    const platform = {
      door: 'desktop' as const,
      openPage: async (_: string, url: string) => opened.push(url) > 0,
    }
    for (const version of ['3.0.6', '2.10.3']) {
      mwaa.add('daily', { AirflowVersion: version })
      const seen = await airflowUi({ platform })(directly(), await getEnvironment(directly(), 'daily'), dagId)
      expect(seen.opened).toBe(true)
      expect(seen.url).not.toContain('token')
    }
    const host = `https://daily-0a1b.c2.${mwaaRegion}.airflow.amazonaws.com`
    const way = 'aws_mwaa/aws-console-sso?login=true#canary-web-token'
    expect(opened).toEqual([`${host}/pluginsv2/${way}`, `${host}/${way}`])
    const stranger = {
      ...(await getEnvironment(directly(), 'daily')),
      webserver: 'airflow.amazonaws.com.example.com',
    }
    await expect(airflowUi({ platform })(directly(), stranger, dagId)).rejects.toMatchObject({
      code: 'AIRFLOW_NO_PAGE',
    })
    mwaa.faults.push({
      of: /webtoken/,
      answer: { status: 200, type: '', body: { WebToken: 'x', WebServerHostname: 'evil.example.com' } },
    })
    const own = await getEnvironment(directly(), 'daily')
    expect((await airflowUi({ platform })(directly(), own, dagId)).opened).toBe(false)
    expect(opened).toHaveLength(2)
  })

  describe('what goes wrong', () => {
    const environments = /^GET \/environments\/daily$/
    const told = async (): Promise<string> => (await typed(app, 'airflow', 'status')).err

    it('AWS refuses keys and rights', async () => {
      mwaa.faults.push({
        of: environments,
        answer: { status: 403, type: 'UnrecognizedClientException', body: { message: 'no' } },
        times: 1,
      })
      expect(await told()).toContain('AWS_KEYS_REFUSED')
      mwaa.faults.push({
        of: environments,
        answer: {
          status: 403,
          type: 'AccessDeniedException',
          body: { message: 'is not authorized to perform: airflow:GetEnvironment' },
        },
        times: 1,
      })
      expect(await told()).toContain('AWS_DENIED')
    })

    it('no role in Airflow, one that is too small, and Airflow’s own words', async () => {
      mwaa.faults.push({ of: /restapi/, answer: noRole, times: 1 })
      expect(await told()).toContain('AIRFLOW_NO_ROLE')
      const client = (status: number, said: unknown) => ({
        status: status < 500 ? 400 : 500,
        type: status < 500 ? 'RestApiClientException' : 'RestApiServerException',
        body: { RestApiStatusCode: status, RestApiResponse: said },
      })
      mwaa.faults.push({ of: /restapi/, answer: client(403, { detail: 'Forbidden' }), times: 1 })
      expect(await told()).toMatch(/Forbidden[\s\S]*AIRFLOW_DENIED/)
      mwaa.faults.push({ of: /restapi/, answer: client(500, { detail: 'database is locked' }), times: 1 })
      expect(await told()).toMatch(/500 .*database is locked[\s\S]*AIRFLOW_FAILED/)
      // What was sent is quoted by Airflow 3, and not passed on.
      const quoted = { detail: [{ loc: ['body', 'password'], msg: 'too long', input: canaryToken }] }
      mwaa.faults.push({ of: /^POST restapi \/connections/, answer: client(422, quoted), times: 1 })
      const err = await failed('airflow', 'setup', '--only', 'connection')
      expect(err).toMatch(/body.password too long[\s\S]*AIRFLOW_REFUSED/)
      expect(err).not.toContain(canaryToken)
      mwaa.faults.push({
        of: /^POST restapi \/connections/,
        answer: client(400, { title: 'Bad', detail: `no ${canaryToken}` }),
        times: 1,
      })
      expect(await failed('airflow', 'setup', '--only', 'connection')).not.toContain(canaryToken)
    })

    it('too often, a fault and a cut connection are tried again; for good they are told', async () => {
      const throttled = { status: 429, type: 'ThrottlingException', body: { message: 'Rate exceeded' } }
      mwaa.faults.push({ of: environments, answer: throttled, times: 2 })
      expect(await must('airflow', 'status')).toContain('AVAILABLE')
      mwaa.faults.push({ of: environments, answer: throttled })
      expect(await told()).toContain('AWS_THROTTLED')
      mwaa.faults.length = 0
      mwaa.faults.push({
        of: environments,
        answer: { status: 500, type: 'InternalServerException', body: { message: 'oops' } },
        times: 1,
      })
      mwaa.faults.push({ of: environments, answer: 'cut', times: 1 })
      expect(await must('airflow', 'status')).toContain('AVAILABLE')
      mwaa.faults.length = 0
      mwaa.faults.push({ of: environments, answer: 'cut' })
      expect(await told()).toContain('AWS_UNREACHABLE')
      mwaa.faults.length = 0
      mwaa.faults.push({ of: environments, answer: { status: 200, type: '', body: { Environment: 7 } } })
      expect(await told()).toContain('MWAA_ANSWER')
    })

    it('a trigger that may have come through is not sent twice', async () => {
      await setup()
      mwaa.faults.push({ of: /^POST restapi .*dagRuns/, answer: 'cut' })
      expect(await failed('airflow', 'trigger')).toContain('AWS_UNREACHABLE')
      expect(mwaa.asked.filter((call) => call.endsWith('/dagRuns') && call.startsWith('POST'))).toHaveLength(
        1,
      )
    }, 120_000)

    it('one that never answers is not waited for', async () => {
      mwaa.faults.push({ of: environments, answer: 'hang' })
      await expect(getEnvironment(directly(), 'daily', 200)).rejects.toMatchObject({ code: 'AWS_TIMEOUT' })
    })

    it('a bucket that is not there', async () => {
      mwaa.environments.set('daily', { ...environment, SourceBucketArn: 'arn:aws:s3:::nowhere-0a1b' })
      const { code, err } = await typed(app, 'airflow', 'setup', '--check')
      expect([code, err]).toEqual([1, expect.stringContaining('BUCKET_UNKNOWN')])
    })
  })

  it('runs, their tasks, and why one failed', async () => {
    await setup()
    const { runId } = JSON.parse(await must('airflow', 'trigger', '--detach', '--json'))
    const [run] = environment.airflow.runs
    if (run === undefined) throw new Error('no run')
    const [task] = run.tasks
    if (task === undefined) throw new Error('no task')
    Object.assign(run, { state: 'failed', start: '2026-11-30T00:00:05Z', end: '2026-11-30T00:06:00Z' })
    const said = `run_notebook failed with terminal state: {"result_state": "FAILED"} and with the errors [{'task_key': 'batch', 'run_id': 7, 'error': 'AnalysisException: [PATH_NOT_FOUND] no lake'}]`
    Object.assign(task, {
      ...{ state: 'failed', attempt: 3 },
      log: [{ event: 'Task failed', error_detail: [{ exc_type: 'AirflowException', exc_value: said }] }],
    })
    expect(await must('airflow', 'runs')).toContain('failed')
    const { code, out, err } = await typed(app, 'airflow', 'run', runId)
    expect([code, out]).toEqual([1, expect.stringContaining('3/3')])
    expect(err).toMatch(/AIRFLOW_RUN_FAILED/)
    expect(err).toContain('The run failed: AnalysisException: [PATH_NOT_FOUND] no lake')
    expect(await failed('airflow', 'run', 'never')).toContain('AIRFLOW_RUN_UNKNOWN')
    expect(await must('airflow', 'pause')).toContain('paused')
    expect(await finding('unpaused')).toMatchObject({ state: 'absent' })
    expect(await must('airflow', 'unpause')).toContain('switched on')
  }, 120_000)
})
