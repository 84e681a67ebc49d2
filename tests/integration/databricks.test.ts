/** A pipeline in a Databricks workspace: signed in four ways, set up, run, repaired and taken back, against a strict fake at the wire. */
import { execFile } from 'node:child_process'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { JobRunDetail } from '../../shared/contract/databricks.ts'
import type { PlanState } from '../../shared/contract/plan.ts'
import { canaryToken, type DatabricksFake, databricksFake } from '../helpers/databricks/server.ts'
import { someAnswers } from '../helpers/databricks/someAnswers.ts'
import { runProgram, type TestHome, testHome } from '../helpers/home.ts'
import { type StsServer, startSts } from '../helpers/stsServer.ts'
import { startWebClient, type WebClient } from '../helpers/webClient.ts'

const pipeline = 'this-computer'
const plan = 'databricks' as const

const lastingSecret = 'lasting-canary-secret-key-0123456789abcd'

describe('Databricks', () => {
  let home: TestHome
  let web: WebClient
  let fake: DatabricksFake

  const settings = async () => {
    const { items } = await web.client.pipelines.list()
    const found = items.find(({ id }) => id === pipeline)?.settings
    if (found === undefined) throw new Error('no pipeline')
    return found
  }
  type Databricks = Awaited<ReturnType<typeof settings>>['databricks']
  const change = async (databricks: Partial<Databricks>) => {
    const now = await settings()
    await web.client.pipelines.update({
      pipeline,
      settings: { ...now, databricks: { ...now.databricks, ...databricks } },
    })
  }
  /** Runs the plan and waits for its end. */
  const run = async (action: 'check' | 'apply' | 'undo', consent?: string): Promise<PlanState> => {
    await web.client.plan.get({ pipeline, plan })
    await web.client.plan.start({ pipeline, plan, action, ...(consent === undefined ? {} : { consent }) })
    for await (const state of await web.client.plan.watch({ pipeline, plan }))
      if (state.running === null) return state
    throw new Error('it did not end')
  }
  const states = ({ steps }: PlanState) =>
    Object.fromEntries(steps.map(({ id, finding }) => [id, finding?.unused ? 'unused' : finding?.state]))
  const problemOf = ({ steps }: PlanState) => steps.find(({ problem }) => problem !== null)?.problem
  const topics = () => join(home.home, 'pipelines', pipeline, 'lake', 'topics')
  const writeLake = async (name: string, text: string) => {
    const [topic = ''] = name.split('+')
    const folder = join(topics(), topic, 'partition=0')
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, name), text)
  }
  const connect = async () => {
    await change({ auth: 'token', host: fake.url })
    await web.client.databricks.setSecret({ pipeline, value: canaryToken })
  }
  const ended = async (runId: string): Promise<JobRunDetail> => {
    let last: JobRunDetail | null = null
    for await (const now of await web.client.databricks.watchRun({ pipeline, runId })) last = now
    if (last === null) throw new Error('nothing was told')
    return last
  }
  /** The same, without waiting between two looks. */
  const settled = (runId: string): Promise<JobRunDetail> =>
    expect
      .poll(
        async () => {
          const detail = await web.client.databricks.run({ pipeline, runId })
          return /waiting|running|ending/.test(detail.run.state) ? null : detail
        },
        { interval: 20 },
      )
      .not.toBeNull()
      .then(() => web.client.databricks.run({ pipeline, runId }))
  const jobId = async () => (await web.client.databricks.jobs({ pipeline }))[0]?.jobId ?? ''

  beforeAll(async () => {
    home = await testHome()
    web = await startWebClient(home)
  })
  beforeEach(async () => {
    fake ??= await databricksFake()
    fake.faults.length = 0
  })
  afterAll(async () => {
    await web?.stop()
    await fake?.close()
    await home?.remove()
  })

  describe('the connection', () => {
    it('by a token says who we are and what the workspace has', async () => {
      fake.clusters.push({
        cluster_id: '0110-123456-abcd1234',
        cluster_name: 'Pinterest Cluster',
        state: 'TERMINATED',
      })
      await change({ auth: 'token', host: `${fake.url}/?o=12#job/3` })
      expect((await web.client.databricks.test({ pipeline })).problem?.code).toBe('DATABRICKS_TOKEN_MISSING')
      const status = await web.client.databricks.setSecret({ pipeline, value: canaryToken })
      expect(status).toMatchObject({
        state: 'connected',
        host: fake.url,
        identity: { userName: 'ada@example.com', admin: false },
        can: { serverless: true, catalog: 'workspace', mayMakeClusters: false },
      })
      expect(status.can?.clusters).toEqual([
        { id: '0110-123456-abcd1234', name: 'Pinterest Cluster', state: 'TERMINATED' },
      ])
    })
    it('a token that the workspace does not know is asked for anew', async () => {
      const status = await web.client.databricks.setSecret({ pipeline, value: 'dapi-of-another-workspace' })
      expect(status).toMatchObject({ state: 'ask', problem: { code: 'DATABRICKS_SIGN_IN_REFUSED' } })
      expect(status.problem?.message).not.toContain('dapi-of')
    })
    it('a token is forgotten where the address changes', async () => {
      await web.client.databricks.setSecret({ pipeline, value: canaryToken })
      const other = await databricksFake()
      await change({ host: other.url })
      expect((await web.client.databricks.test({ pipeline })).problem?.code).toBe('DATABRICKS_TOKEN_MISSING')
      expect(other.requests).toEqual([])
      await other.close()
    })
    it('as a service principal gets a token, and a new one where the first has ended', async () => {
      fake.oauth.clients.set('client-1', 'oauth-canary-secret')
      await change({ auth: 'oauth', host: fake.url, clientId: 'client-1' })
      const wrong = await web.client.databricks.setSecret({ pipeline, value: 'another-secret' })
      expect(wrong).toMatchObject({ state: 'ask', problem: { code: 'DATABRICKS_SIGN_IN_REFUSED' } })
      const status = await web.client.databricks.setSecret({ pipeline, value: 'oauth-canary-secret' })
      expect(status.state).toBe('connected')
      // What was given is refused from now on, as an ended one is: 401.
      fake.tokens.clear()
      fake.tokens.add(canaryToken)
      fake.faults.push({
        on: /jobs\/list/,
        times: 1,
        give: { status: 401, body: { error_code: 'UNAUTHENTICATED', message: 'ended' } },
      })
      await expect(web.client.databricks.jobs({ pipeline })).resolves.toEqual([])
    })
    it('in the browser: agreed, renewed, refused', async () => {
      await change({ auth: 'browser', host: fake.url, clientId: '' })
      expect(await web.client.databricks.test({ pipeline })).toMatchObject({
        state: 'ask',
        problem: { code: 'DATABRICKS_SIGN_IN_NEEDED' },
      })
      // The first token ends at once, so that the session is renewed.
      fake.oauth.lifetime = 1
      const signIn = async () => {
        const begun = await web.client.databricks.login({ pipeline })
        const page = await fetch(begun.signIn?.url ?? '')
        return page.text()
      }
      expect(await signIn()).toContain('You are signed in')
      await expect
        .poll(async () => (await web.client.databricks.status({ pipeline })).state)
        .toBe('connected')
      fake.oauth.lifetime = 3_600
      await web.client.databricks.test({ pipeline })
      expect(fake.oauth.grants).toContain('authorization_code')
      expect(fake.oauth.grants.filter((grant) => grant === 'refresh_token').length).toBeGreaterThan(1)
      fake.oauth.agrees = false
      await web.client.databricks.setSecret({ pipeline, value: null })
      expect(await signIn()).toContain('did not come about')
      await expect
        .poll(async () => (await web.client.databricks.status({ pipeline })).problem?.code)
        .toBe('DATABRICKS_SIGN_IN_FAILED')
      fake.oauth.agrees = true
    })
    it('a redirect without the right state signs nobody in', async () => {
      const begun = await web.client.databricks.login({ pipeline })
      const back = new URL(begun.signIn?.url ?? '').searchParams.get('redirect_uri') ?? ''
      expect((await fetch(`${back}/?code=stolen&state=guessed`)).status).toBe(404)
      expect((await web.client.databricks.status({ pipeline })).signIn).not.toBeNull()
      expect((await web.client.databricks.cancelLogin({ pipeline })).signIn).toBeNull()
      await expect(fetch(back)).rejects.toThrow()
    })
    it('what is no workspace is told as such, and nothing goes to http elsewhere', async () => {
      fake.faults.push({ on: /Me$/, give: { status: 200, body: '<html>Sign in</html>' } })
      await connect()
      expect((await web.client.databricks.status({ pipeline })).problem?.code).toBe(
        'DATABRICKS_NOT_A_WORKSPACE',
      )
      for (const host of ['http://example.com', 'ftp://example.com', 'https://'])
        await expect(change({ host }), host).rejects.toMatchObject({ code: 'BAD_REQUEST' })
      await change({ host: 'http://127.0.0.1:9' })
      await web.client.databricks.setSecret({ pipeline, value: canaryToken })
      expect((await web.client.databricks.status({ pipeline })).problem).toMatchObject({
        code: 'DATABRICKS_UNREACHABLE',
        field: 'databricks.host',
      })
    })
  })

  describe('the plan', () => {
    beforeAll(async () => {
      await connect()
      await rm(topics(), { recursive: true, force: true })
    })

    it('without a lake stops there and says where one comes from (F-60)', async () => {
      const state = await run('apply')
      expect(state.outcome).toBe('failed')
      expect(problemOf(state)?.message).toContain('F-60')
      expect(states(state)).toMatchObject({ workspace: 'present', notebooks: 'present', volume: 'present' })
    })
    it('from nothing to a job; again nothing is changed', async () => {
      await writeLake('learner.pin+0+0000000000.json', '{"index":1}\n')
      await writeLake('learner.geo+0+0000000000.json', '{"ind":1}\n')
      await writeLake('learner.user+0+0000000000.json', '{"ind":1}\n')
      const state = await run('apply')
      expect(problemOf(state)).toBeUndefined()
      expect(states(state)).toEqual({
        workspace: 'present',
        compute: 'unused',
        scope: 'unused',
        notebooks: 'present',
        volume: 'present',
        lake: 'present',
        job: 'present',
        streamsJob: 'unused',
      })
      expect(fake.tree.get(`/Users/ada@example.com/pipeline-control/${pipeline}/batch`)).toContain(
        '# Databricks notebook source',
      )
      const [volume] = fake.volumes.keys()
      expect(volume).toMatch(/^workspace\.default\.pipeline_this_computer_[0-9a-f]{8}$/)
      expect([...fake.files.keys()].map((path) => path.split('/').at(-1)).sort()).toEqual([
        'learner.geo+0+0000000000.json',
        'learner.pin+0+0000000000.json',
        'learner.user+0+0000000000.json',
      ])
      const job = fake.jobs.get(await jobId()) as {
        tasks: { task_key: string; notebook_task: { base_parameters: object } }[]
      }
      expect(job.tasks).toHaveLength(2)
      expect(job.tasks.find((task) => task.task_key === 'batch')?.notebook_task.base_parameters).toEqual({
        user_id: 'learner',
        lake: `/Volumes/${volume?.replaceAll('.', '/')}/topics`,
        secret_scope: '',
        mount_bucket: '',
      })
      fake.requests.length = 0
      const again = await run('apply')
      expect(again.outcome).toBe('done')
      expect(fake.requests.filter((each) => !each.startsWith('GET '))).toEqual([])
    })
    it('sends only what is new, what was written anew, and drops what the lake no longer has', async () => {
      await writeLake('learner.pin+0+0000000001.json', '{"index":2}\n')
      // As after deleting the data and emulating again: the same name and size, other records.
      await rm(join(topics(), 'learner.geo', 'partition=0', 'learner.geo+0+0000000000.json'))
      await new Promise((resolve) => setTimeout(resolve, 20))
      await writeLake('learner.geo+0+0000000000.json', '{"ind":2}\n')
      await rm(join(topics(), 'learner.user', 'partition=0', 'learner.user+0+0000000000.json'))
      await writeLake('learner.user+0+0000000005.json', '{"ind":5}\n')
      const looked = await run('check')
      expect(looked.steps.find(({ id }) => id === 'lake')?.finding).toMatchObject({
        state: 'drifted',
        reason: expect.stringMatching(
          /^3 files \(0\.0 MB\) are to be sent, 1 are there that the lake no longer has/,
        ),
      })
      fake.requests.length = 0
      await run('apply')
      expect(fake.requests.filter((each) => each.startsWith('PUT /api/2.0/fs/files'))).toHaveLength(3)
      expect(fake.requests.filter((each) => each.startsWith('DELETE /api/2.0/fs/files'))).toHaveLength(1)
      expect([...fake.files].find(([path]) => path.includes('geo'))?.[1].toString()).toBe('{"ind":2}\n')
    })
    it('goes on where an upload was cut', async () => {
      for (let nth = 10; nth < 20; nth += 1)
        await writeLake(`learner.pin+0+00000000${nth}.json`, `{"index":${nth}}\n`)
      fake.faults.push({ on: /PUT .*pin\+0\+0000000015/, give: 'cut' })
      const cut = await run('apply')
      expect(cut.outcome).toBe('failed')
      expect(problemOf(cut)?.code).toBe('DATABRICKS_SILENT')
      fake.faults.length = 0
      fake.requests.length = 0
      expect((await run('apply')).outcome).toBe('done')
      const sent = fake.requests.filter((each) => each.startsWith('PUT /api/2.0/fs/files'))
      expect(sent.length).toBeGreaterThan(0)
      expect(sent.length).toBeLessThan(10)
    })
    it('brings back what was changed there, and leaves what a person added', async () => {
      const id = await jobId()
      const job = fake.jobs.get(id) as Record<string, unknown> & { tasks: Record<string, unknown>[] }
      job.tasks[0] = { ...job.tasks[0], notebook_task: { notebook_path: '/Shared/other' } }
      Object.assign(job.tags as object, { team: 'blue' })
      job.name = 'Our pins'
      job.tasks.push({ task_key: 'mail', notebook_task: { notebook_path: '/Shared/mail' } })
      const folder = `/Users/ada@example.com/pipeline-control/${pipeline}`
      fake.tree.set(`${folder}/clean`, '# Databricks notebook source\nprint("mine")\n')
      const looked = await run('check')
      expect(states(looked)).toMatchObject({ notebooks: 'drifted', job: 'drifted' })
      expect(looked.steps.find((step) => step.id === 'job')?.finding?.changes[0]?.before).toContain(
        '/Shared/other',
      )
      expect((await run('apply')).outcome).toBe('done')
      const after = fake.jobs.get(id) as { tasks: { task_key: string }[] }
      expect(after.tasks.map(({ task_key: key }) => key).sort()).toEqual(['batch', 'clean', 'mail'])
      expect(after).toMatchObject({ name: 'Our pins', tags: { team: 'blue', 'pipeline-owner': pipeline } })
      expect(fake.tree.get(`${folder}/clean`)).toContain('clean_pin')
      // Renamed, it is found all the same.
      expect(states(await run('check')).job).toBe('present')
      expect(await jobId()).toBe(id)
    })
    it('a notebook that this app did not make is not touched', async () => {
      await change({ folder: '/Shared/pins' })
      fake.tree
        .set('/Shared/pins', null)
        .set('/Shared/pins/clean', '# Databricks notebook source\nprint("theirs")')
      const state = await run('apply')
      expect(problemOf(state)?.message).toContain('did not make: /Shared/pins/clean')
      expect(fake.tree.get('/Shared/pins/clean')).toContain('theirs')
      fake.tree.delete('/Shared/pins/clean')
      fake.tree.delete('/Shared/pins')
      await change({ folder: '' })
    })
    it('in a volume that somebody named, only what this computer sent is removed', async () => {
      const { lake } = (await settings()).databricks
      fake.volumes.set('workspace.default.shared', { comment: 'Bob’s' })
      const bobs = '/Volumes/workspace/default/shared/topics/bob.pin/partition=0/bob.json'
      const folder = '/Volumes/workspace/default/shared/topics'
      for (const each of [folder, `${folder}/bob.pin`, `${folder}/bob.pin/partition=0`])
        fake.folders.add(each)
      fake.files.set(bobs, Buffer.from('{}'))
      await change({ lake: { ...lake, volume: 'workspace.default.Shared' } })
      expect((await run('apply')).outcome).toBe('done')
      await rm(join(topics(), 'learner.user'), { recursive: true })
      expect((await run('apply')).outcome).toBe('done')
      expect([...fake.files.keys()].some((path) => path.includes('shared/topics/learner.user'))).toBe(false)
      expect(fake.files.has(bobs)).toBe(true)
      await writeLake('learner.user+0+0000000005.json', '{"ind":5}\n')
      await change({ lake: { ...lake, volume: '' } })
    })
    it('a schedule is set, stays paused where a person paused it, and goes with the setting', async () => {
      await change({ schedule: '0 0 6 * * ?', timezone: 'Europe/London' })
      await run('apply')
      const job = fake.jobs.get(await jobId()) as { schedule?: { pause_status: string } }
      expect(job.schedule).toEqual({
        quartz_cron_expression: '0 0 6 * * ?',
        timezone_id: 'Europe/London',
        pause_status: 'UNPAUSED',
      })
      if (job.schedule) job.schedule.pause_status = 'PAUSED'
      expect(states(await run('check')).job).toBe('present')
      await change({ timezone: 'UTC' })
      await run('apply')
      expect(job.schedule).toMatchObject({ timezone_id: 'UTC', pause_status: 'PAUSED' })
      await change({ schedule: '' })
      await run('apply')
      expect(job.schedule).toBeUndefined()
    })
    it('a cluster is found by its name; a bucket’s name is none (F-67)', async () => {
      await change({ compute: { kind: 'cluster', cluster: 'Pinterest Cluster' } })
      expect((await run('apply')).outcome).toBe('done')
      const job = fake.jobs.get(await jobId()) as {
        tasks: { task_key: string; existing_cluster_id?: string }[]
      }
      const cluster = (key: string) => job.tasks.find((task) => task.task_key === key)?.existing_cluster_id
      expect([cluster('clean'), cluster('batch'), cluster('mail')]).toEqual([
        '0110-123456-abcd1234',
        '0110-123456-abcd1234',
        undefined,
      ])
      await change({ compute: { kind: 'cluster', cluster: 'user-0a1b-bucket' } })
      const state = await run('check')
      expect(state.steps.find(({ id }) => id === 'compute')?.finding).toMatchObject({
        state: 'blocked',
        hint: expect.stringContaining('F-67'),
      })
      await change({ compute: { kind: 'serverless', cluster: '' } })
    })
    it('a mount on serverless is refused before anything is made (F-61), and temporary keys are', async () => {
      const lake = (await settings()).databricks.lake
      await change({
        lake: { ...lake, place: 'mount', path: '/mnt/project/topics', bucket: 'user-1-bucket' },
      })
      const state = await run('check')
      expect(state.steps[0]?.finding).toMatchObject({
        state: 'blocked',
        reason: expect.stringContaining('F-61'),
      })
      fake.catalog = null
      await change({ lake: { ...lake, place: 'volume' } })
      expect((await run('check')).steps[0]?.finding?.reason).toContain('no Unity Catalog')
      fake.catalog = 'workspace'
      // Older workspaces: names without a catalog are where no volume can be.
      fake.catalog = 'hive_metastore'
      expect((await run('check')).steps[0]?.finding?.hint).toContain('catalog.schema.volume')
      fake.catalog = 'workspace'
      // Warehouses say nothing of jobs.
      fake.serverless = false
      expect(states(await run('check')).workspace).toBe('present')
      fake.serverless = true
    })
    it('undo takes back what was made, and leaves what a person put beside it', async () => {
      const folder = `/Users/ada@example.com/pipeline-control/${pipeline}`
      fake.tree.set(`${folder}/mine`, '# Databricks notebook source\n')
      await run('check')
      const request = { action: 'plan.undo', pipeline, plan } as const
      const question = await web.client.app.consentQuestion(request)
      expect(question.losses.join('\n')).toContain('The volume workspace.default.pipeline_')
      const { token } = await web.client.app.consent({ request, typed: question.typed })
      const state = await run('undo', token ?? '')
      expect(state.outcome).toBe('done')
      expect(fake.jobs.size).toBe(0)
      // Somebody else's volume, and what they put there, stays.
      expect([...fake.volumes.keys()]).toEqual(['workspace.default.shared'])
      expect([...fake.files.keys()]).toEqual([expect.stringContaining('bob.json')])
      expect([...fake.tree.keys()].filter((path) => path.startsWith(folder))).toEqual([
        folder,
        `${folder}/mine`,
      ])
      fake.tree.delete(`${folder}/mine`)
      fake.files.clear()
      fake.volumes.clear()
    })
  })

  describe('keys of AWS', () => {
    const lasting = {
      id: 'AKIALASTLASTLASTLAST',
      secret: lastingSecret,
      token: '',
      principal: 'arn:aws:iam::123456789012:user/ada',
    }
    let sts: StsServer
    beforeAll(async () => {
      sts = await startSts(lasting, 'none', lasting)
      const { aws, databricks } = await settings()
      await change({
        compute: { kind: 'cluster', cluster: '0110-123456-abcd1234' },
        lake: { ...databricks.lake, place: 'keys', path: 's3a://user-1-bucket/topics' },
      })
      expect(problemOf(await run('apply'))?.message).toContain('this pipeline has none')
      const choice = { ...aws, source: 'keys' as const, endpoint: sts.url, region: 'us-east-1' }
      await web.client.aws.use({ pipeline, choice })
    })
    afterAll(async () => {
      const { aws, databricks } = await settings()
      await web.client.aws.use({ pipeline, choice: { ...aws, source: 'none' } })
      await change({
        compute: { kind: 'serverless', cluster: '' },
        lake: { ...databricks.lake, place: 'volume', path: '' },
      })
      sts?.close()
    })
    const use = (sessionToken?: string) =>
      web.client.aws.setKeys({
        pipeline,
        keys: {
          accessKeyId: lasting.id,
          secretAccessKey: lasting.secret,
          ...(sessionToken === undefined ? {} : { sessionToken }),
        },
      })

    it('that end with a session are refused with the reason (decision 7)', async () => {
      await use('temporary-canary-session-token')
      expect(problemOf(await run('apply'))?.message).toContain('temporary')
      expect(fake.scopes.size).toBe(0)
    })
    it('of a user go into a secret scope, and the job gets its name only', async () => {
      await use()
      const state = await run('apply')
      expect(problemOf(state)).toBeUndefined()
      const [[scope, values] = []] = [...fake.scopes]
      expect(Object.fromEntries(values ?? [])).toEqual({
        access_key_id: lasting.id,
        secret_access_key: lasting.secret,
      })
      const job = JSON.stringify(fake.jobs.get(await jobId()))
      expect(job).toContain(scope)
      expect(job).not.toContain(lasting.id)
      expect(states(await run('check')).scope).toBe('present')
    })
  })

  describe('the job of the streams', () => {
    const elsewhere = 'elsewhere'
    const stepsOf = async (action: 'check' | 'apply') => {
      await web.client.plan.get({ pipeline: elsewhere, plan })
      await web.client.plan.start({ pipeline: elsewhere, plan, action })
      for await (const state of await web.client.plan.watch({ pipeline: elsewhere, plan }))
        if (state.running === null) return state
      throw new Error('it did not end')
    }
    const set = async (databricks: Partial<Databricks>) => {
      const { items } = await web.client.pipelines.list()
      const now = items.find(({ id }) => id === elsewhere)?.settings
      if (now === undefined) throw new Error('no pipeline')
      await web.client.pipelines.update({
        pipeline: elsewhere,
        settings: { ...now, databricks: { ...now.databricks, ...databricks } },
      })
    }
    const streamsJob = () =>
      [...fake.jobs.values()].find(({ name }) => String(name).endsWith('elsewhere streaming')) as
        | { tasks: { notebook_task: { base_parameters: Record<string, string> } }[] }
        | undefined

    it('is refused for streams on this computer', async () => {
      await change({ streams: true })
      expect((await run('check')).steps[0]?.finding).toMatchObject({
        state: 'blocked',
        reason: expect.stringContaining('on this computer'),
      })
      await change({ streams: false })
    })
    it('reads by a service credential, into tables of the catalog, with checkpoints in the volume', async () => {
      const now = await settings()
      const { id } = await web.client.pipelines.create({
        ...now,
        name: elsewhere,
        kind: 'existing',
        endpoints: { ...now.endpoints, region: 'eu-west-2' },
      })
      expect(id).toBe(elsewhere)
      await web.client.databricks.setSecret({ pipeline: elsewhere, value: canaryToken })
      const lake = { place: 'external' as const, volume: '', path: 's3://user-1-bucket/topics/', bucket: '' }
      await set({ streams: true, serviceCredential: 'kinesis-reader', lake })
      const state = await stepsOf('apply')
      expect(problemOf(state)).toBeUndefined()
      expect(states(state)).toMatchObject({
        scope: 'unused',
        volume: 'present',
        lake: 'present',
        streamsJob: 'present',
      })
      const parameters = streamsJob()?.tasks[0]?.notebook_task.base_parameters
      expect(parameters).toEqual({
        user_id: 'learner',
        region: 'eu-west-2',
        service_credential: 'kinesis-reader',
        secret_scope: '',
        checkpoints: expect.stringMatching(
          /^\/Volumes\/workspace\/default\/pipeline_elsewhere_\w+\/checkpoints$/,
        ),
        schema: 'workspace.default',
      })
      const jobs = await web.client.databricks.jobs({ pipeline: elsewhere })
      expect(jobs.map(({ job }) => job)).toEqual(['batch', 'streaming'])
    })
    it('goes when it is no longer asked for', async () => {
      await set({ streams: false })
      expect(states(await stepsOf('check')).streamsJob).toBe('drifted')
      await stepsOf('apply')
      expect(streamsJob()).toBeUndefined()
    })
  })

  describe('runs', () => {
    beforeAll(async () => {
      const { lake } = (await settings()).databricks
      await change({
        compute: { kind: 'serverless', cluster: '' },
        lake: { ...lake, place: 'volume', path: '' },
      })
      expect(problemOf(await run('apply'))).toBeUndefined()
    })

    it('a run goes through its states to its answers; its id has 64 bits', async () => {
      fake.outcome = ({ key }) => ({ result: key === 'batch' ? someAnswers : '' })
      fake.before = ['QUEUED', 'PENDING']
      const started = await web.client.databricks.runNow({ pipeline, jobId: await jobId() })
      expect(BigInt(started.runId)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER))
      const { run: whole, errors, answers } = await ended(started.runId)
      expect(whole).toMatchObject({ state: 'done', word: 'TERMINATED: SUCCESS' })
      expect(whole.tasks.map(({ key, state }) => [key, state])).toEqual([
        ['clean', 'done'],
        ['batch', 'done'],
      ])
      expect(errors).toEqual([])
      expect(answers).not.toBeNull()
      const opened = await web.client.databricks.open({ pipeline, page: { kind: 'run', id: started.runId } })
      expect(opened).toEqual({ opened: false, url: whole.url })
    })
    it('a failed task says what the notebook said; repaired, the run is done', async () => {
      let broken = true
      fake.outcome = ({ key }) =>
        key === 'batch' && broken
          ? {
              error: 'AnalysisException: [PATH_NOT_FOUND] Path does not exist',
              trace: '\u001b[0;31mAnalysisException\u001b[0m: line 5',
            }
          : { result: key === 'batch' ? someAnswers : '' }
      const { runId } = await web.client.databricks.runNow({ pipeline, jobId: await jobId() })
      const bad = await settled(runId)
      expect(bad.run.state).toBe('failed')
      expect(bad.errors).toEqual([
        {
          key: 'batch',
          trace: 'AnalysisException: line 5',
          problem: expect.objectContaining({
            message: 'AnalysisException: [PATH_NOT_FOUND] Path does not exist',
          }),
        },
      ])
      // Twice: the second must name the first.
      await web.client.databricks.repair({ pipeline, runId })
      expect((await settled(runId)).run.state).toBe('failed')
      broken = false
      await web.client.databricks.repair({ pipeline, runId })
      const good = await settled(runId)
      expect(good.run.state).toBe('done')
      expect(good.answers).not.toBeNull()
      await expect(web.client.databricks.repair({ pipeline, runId })).rejects.toMatchObject({
        data: { code: 'DATABRICKS_STATE' },
      })
    })
    it.each([
      ['INTERNAL_ERROR', { life: 'INTERNAL_ERROR', message: 'Cluster did not start' }, 'failed'],
      ['SKIPPED', { life: 'SKIPPED', message: 'Too many runs' }, 'skipped'],
      ['TIMEDOUT', { end: 'TIMEDOUT', message: 'after 3600 s' }, 'timedOut'],
      ['CANCELED', { end: 'CANCELED' }, 'cancelled'],
    ] as const)('a run that ends as %s', async (_name, outcome, state) => {
      for (const words of ['state', 'status', 'both'] as const) {
        fake.words = words
        fake.outcome = () => outcome
        const { runId } = await web.client.databricks.runNow({ pipeline, jobId: await jobId() })
        const { run: whole } = await settled(runId)
        expect(whole.state, words).toBe(state)
      }
      fake.words = 'both'
    })
    it('a run is cancelled while it works', async () => {
      fake.held = true
      fake.outcome = () => ({ result: '' })
      const { runId } = await web.client.databricks.runNow({ pipeline, jobId: await jobId() })
      await expect
        .poll(async () => (await web.client.databricks.run({ pipeline, runId })).run.state)
        .toBe('running')
      await web.client.databricks.cancel({ pipeline, runId })
      expect((await settled(runId)).run.state).toBe('cancelled')
      fake.held = false
    })
    it('a press that is answered too late starts one run, not two', async () => {
      fake.faults.push({ on: /run-now/, times: 1, give: 'cut after' })
      const before = fake.runs.length
      await web.client.databricks.runNow({ pipeline, jobId: await jobId() })
      expect(fake.runs.length).toBe(before + 1)
    })
    it('lists runs page by page', async () => {
      const id = await jobId()
      const first = fake.runs.length
      fake.before = []
      for (let nth = first; nth < 30; nth += 1) await web.client.databricks.runNow({ pipeline, jobId: id })
      const one = await web.client.databricks.runs({ pipeline, jobId: id })
      expect(one.items).toHaveLength(25)
      const two = await web.client.databricks.runs({ pipeline, jobId: id, page: one.next })
      expect(two.next).toBeNull()
      const ids = [...one.items, ...two.items].map(({ runId }) => runId)
      expect(new Set(ids).size).toBe(fake.runs.length)
    })
  })

  describe('when the workspace fails', () => {
    const list = () => web.client.databricks.jobs({ pipeline })
    const failure = (code: string) => expect(list()).rejects.toMatchObject({ data: { code } })

    it('429 is waited for as it asks; for too long it is told', async () => {
      fake.faults.push({
        on: /jobs\/list/,
        times: 2,
        give: {
          status: 429,
          headers: { 'retry-after': '0' },
          body: { error_code: 'REQUEST_LIMIT_EXCEEDED', message: 'slow down' },
        },
      })
      await expect(list()).resolves.toHaveLength(1)
      fake.faults.push({
        on: /jobs\/list/,
        give: { status: 429, headers: { 'retry-after': '3600' }, body: { message: 'slow down' } },
      })
      await failure('DATABRICKS_BUSY')
    })
    it('403, 404, 500 and an answer that is not known', async () => {
      const once = async (status: number, body: unknown, code: string) => {
        fake.faults.length = 0
        fake.faults.push({ on: /jobs\/list/, give: { status, body, headers: { 'retry-after': '0' } } })
        await failure(code)
      }
      await once(403, { error_code: 'PERMISSION_DENIED', message: 'no' }, 'DATABRICKS_FORBIDDEN')
      await once(404, { error_code: 'ENDPOINT_NOT_FOUND', message: 'none' }, 'DATABRICKS_NOT_FOUND')
      await once(500, { error_code: 'INTERNAL_ERROR', message: 'oh' }, 'DATABRICKS_FAILED')
      await once(503, '<html>busy</html>', 'DATABRICKS_FAILED')
      await once(200, { jobs: 'none' }, 'DATABRICKS_UNEXPECTED')
      await once(302, '', 'DATABRICKS_NOT_A_WORKSPACE')
    })
    it('a connection that is cut is tried again for what only reads', async () => {
      fake.faults.push({ on: /jobs\/list/, times: 1, give: 'cut' })
      await expect(list()).resolves.toHaveLength(1)
    })
    it('a job is not made twice where its answer is lost', async () => {
      for (const id of fake.jobs.keys()) fake.jobs.delete(id)
      fake.faults.push({ on: /jobs\/create/, times: 1, give: 'cut after' })
      const state = await run('apply')
      expect(problemOf(state)?.code).toBe('DATABRICKS_SILENT')
      expect((await run('apply')).outcome).toBe('done')
      expect(fake.jobs.size).toBe(1)
    })
  })

  it('the terminal does the same, and shows no token', async () => {
    const cli = (...words: string[]) =>
      runProgram('cli.js', ['databricks', ...words], { ...home.env, PIPELINE_DATABRICKS_TOKEN: canaryToken })
    fake.outcome = ({ key }) => ({ result: key === 'batch' ? someAnswers : '' })
    const use = await cli('use', fake.url, '--auth', 'token')
    expect(use.err).toBe('')
    expect(use.out).toContain('Ada (ada@example.com)')
    const done = await cli('run')
    expect(done.code, done.err).toBe(0)
    expect(done.out).toMatch(/ done \(TERMINATED: SUCCESS\)/)
    fake.outcome = () => ({ error: 'NameError: name IntegerType is not defined' })
    const failed = await cli('run')
    expect(failed.code).toBe(1)
    expect(failed.err).toContain('NameError')
    const all = [use, done, failed].map(({ out, err }) => out + err).join('')
    expect(all).not.toContain(canaryToken)
  })

  it('no token came to the page, into a file, a log or the list of processes', async () => {
    const secrets = [
      ...[canaryToken, 'oauth-canary-secret', 'canary-refresh', 'eyJcanary', 'temporary-canary'],
      lastingSecret,
    ]
    const names = await readdir(home.home, { recursive: true, withFileTypes: true })
    const files = names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    const texts = await Promise.all(files.map((file) => readFile(file, 'latin1')))
    const { stdout: processes } = await promisify(execFile)('ps', ['-eo', 'args'])
    const seen = [...texts, ...web.frames, processes].join('\n')
    // What was looked through is what there is: the workspace's address stands in it.
    expect(seen).toContain(fake.url)
    for (const secret of secrets) expect(seen.includes(secret), secret.slice(0, 12)).toBe(false)
  })
})
