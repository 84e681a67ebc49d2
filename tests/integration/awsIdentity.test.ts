/**
 * Whom a pipeline that runs elsewhere acts as: AWS under its own names, with rights and signatures checked, while the environment
 * holds the keys of somebody else who may do nothing.
 */
import { execFileSync } from 'node:child_process'
import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateAccessKeyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  IAMClient,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AwsChoice, awsChoiceSchema } from '../../shared/aws.ts'
import type { RunSnapshot } from '../../shared/emulation.ts'
import { kinds, streamName } from '../../shared/names.ts'
import { pipelineSettingsSchema } from '../../shared/settings.ts'
import { type AwsCloud, awsCloud } from '../helpers/awsCloud.ts'
import { awsFront } from '../helpers/awsFront.ts'
import { type AwsHome, awsHome } from '../helpers/awsHome.ts'
import { allFiles, type TestHome, testHome } from '../helpers/home.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'
import { until } from '../helpers/until.ts'
import { startWebClient, type WebClient } from '../helpers/webClient.ts'

const missing = await motoMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const policy = (principal: object, ...Action: string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action, ...principal }] })
const role = 'arn:aws:iam::123456789012:role/feeder'
const pin = streamName('learner', 'pin')
const invoke = 'https://abc.execute-api.us-east-1.amazonaws.com'

interface Key {
  readonly id: string
  readonly secret: string
}

describe.skipIf(missing !== null)(`the identity${missing === null ? '' : ` (${missing})`}`, () => {
  let moto: Moto
  let iam: IAMClient
  let cloud: AwsCloud
  let aws: AwsHome
  let home: TestHome
  let web: WebClient
  let client: WebClient['client']
  let pipeline: string
  let ada: Key
  let bob: Key
  let mallory: Key
  const secrets = new Set<string>()

  const keyOf = async (UserName: string): Promise<Key> => {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
    const key = { id: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.SecretAccessKey ?? '' }
    secrets.add(key.secret)
    return key
  }
  const use = (choice: Partial<AwsChoice>) =>
    client.aws.use({ pipeline, choice: awsChoiceSchema.parse(choice) })
  const type = ({ id: accessKeyId, secret: secretAccessKey }: Key) =>
    client.aws.setKeys({ pipeline, keys: { accessKeyId, secretAccessKey } })
  /** Who asked Kinesis for it, each once; for anything where no action is named. */
  const signers = (action = '') => [
    ...new Set(
      cloud.front.asked
        .filter((asked) => asked.action.startsWith('Kinesis_') && asked.action.endsWith(action))
        .map(({ by }) => by),
    ),
  ]
  const put = async (data: string) => {
    const records = [{ partitionKey: data, data: { encoding: 'utf8' as const, data } }]
    const { results } = await client.streamOps.put({ pipeline, stream: pin, records, anyValue: true })
    return results.map(({ problem }) => problem?.code ?? null)
  }
  const end = async (runId: string): Promise<RunSnapshot> => {
    let last: RunSnapshot | undefined
    for await (const snapshot of await client.emulation.watch({ pipeline, runId })) last = snapshot
    if (last === undefined) throw new Error('There was nothing to watch.')
    return last
  }
  const verified = async (runId: string) => {
    await client.emulation.verify({ pipeline, runId })
    return end(runId)
  }

  beforeAll(async () => {
    moto = await startMoto()
    iam = new IAMClient({
      region: 'us-east-1',
      endpoint: moto.url,
      credentials: { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root' },
    })
    const { Policy } = await iam.send(
      new CreatePolicyCommand({
        PolicyName: 'feed',
        PolicyDocument: policy({ Resource: '*' }, 'kinesis:*', 'sts:*'),
      }),
    )
    const PolicyArn = Policy?.Arn ?? ''
    for (const UserName of ['ada', 'bob', 'mallory']) await iam.send(new CreateUserCommand({ UserName }))
    for (const UserName of ['ada', 'bob'])
      await iam.send(new AttachUserPolicyCommand({ UserName, PolicyArn }))
    await iam.send(
      new CreateRoleCommand({
        RoleName: 'feeder',
        AssumeRolePolicyDocument: policy({ Principal: { AWS: '*' } }, 'sts:AssumeRole'),
      }),
    )
    await iam.send(new AttachRolePolicyCommand({ RoleName: 'feeder', PolicyArn }))
    ada = await keyOf('ada')
    bob = await keyOf('bob')
    mallory = await keyOf('mallory')
    await moto.enforce(true)

    aws = await awsHome()
    home = await testHome()
    cloud = await awsCloud(moto.url, aws.home)
    await aws.write(
      'credentials',
      `[ada]\naws_access_key_id=${ada.id}\naws_secret_access_key=${ada.secret}\n`,
    )
    await aws.write('config', `[profile feeder]\nrole_arn=${role}\nsource_profile=ada\n`)
    for (const name of Object.keys(home.env))
      if (/^(AWS_|https?_proxy$|no_proxy$)/i.test(name)) delete home.env[name]
    Object.assign(home.env, aws.env, {
      AWS_ACCESS_KEY_ID: mallory.id,
      AWS_SECRET_ACCESS_KEY: mallory.secret,
    })
    web = await startWebClient(home)
    client = web.client
    await client.settings.set(cloud.settings)
    const made = await client.pipelines.create(
      pipelineSettingsSchema.parse({ name: 'Elsewhere', kind: 'existing', endpoints: {} }),
    )
    pipeline = made.id
  }, 300_000)
  afterAll(async () => {
    await web?.stop()
    await cloud?.close()
    iam?.destroy()
    await moto?.stop()
    await aws?.remove()
    await home?.remove()
  })
  beforeEach(() => {
    cloud.front.asked.length = 0
    cloud.front.rewrites.clear()
  })

  it('without one, the chain of this computer is asked, as ever', async () => {
    // moto says no in XML, which no client of Kinesis reads: only that it said no is certain.
    await expect(client.streams.list({ pipeline })).rejects.toThrow()
    expect(signers()).toEqual([mallory.id])
  })

  it('a profile makes, lists, fills and tails streams, whatever the environment holds', async () => {
    expect((await use({ source: 'profile', profile: 'ada' })).state).toBe('connected')
    for (const kind of kinds)
      await client.streams.create({ pipeline, stream: streamName('learner', kind), shards: 1 })
    expect((await client.streams.list({ pipeline })).map(({ name }) => name)).toContain(pin)
    expect(await put('first')).toEqual([null])
    const over = new AbortController()
    const tail = await client.streams.tail(
      { pipeline, stream: pin, from: { type: 'TRIM_HORIZON' } },
      { signal: over.signal },
    )
    const seen: string[] = []
    for await (const { records } of tail) {
      seen.push(...records.map(({ data }) => data.data))
      if (seen.length > 0) break
    }
    over.abort()
    expect(seen).toEqual(['first'])
    expect(signers()).toEqual([ada.id])
    expect(signers('GetRecords')).toEqual([ada.id])
  })

  it('an emulation and its report act as it too, in their own threads', async () => {
    const options = { sinks: ['kinesis' as const], posts: 40, rate: { kind: 'max' as const } }
    const { runId } = await client.emulation.start({ pipeline, options })
    const run = await end(runId)
    expect(run.errors).toEqual([])
    expect(run.counters).toMatchObject({ sent: 120, acknowledged: 120, failed: 0 })
    expect(signers('PutRecords')).toEqual([ada.id])
    cloud.front.asked.length = 0
    const { report } = await verified(runId)
    expect(report).toMatchObject({ found: { kinesis: 120 }, unaccounted: 0 })
    expect(signers()).toEqual([ada.id])
  })

  it('another identity counts from the next call on, in a tail and in a run that go on', async () => {
    const over = new AbortController()
    const tail = await client.streams.tail({ pipeline, stream: pin }, { signal: over.signal })
    const seen: string[] = []
    const tailed = (async () => {
      for await (const { records } of tail) seen.push(...records.map(({ data }) => data.data))
    })().catch((thrown) => thrown)
    const options = {
      sinks: ['kinesis' as const],
      posts: 60,
      rate: { kind: 'constant' as const, postsPerSecond: 4 },
    }
    const { runId } = await client.emulation.start({ pipeline, options })
    /** The tail and the run were heard with it; what was on its way before is not counted any more. */
    const both = async ({ id }: Key) => {
      await until(() => signers('PutRecords').includes(id) && signers('GetRecords').includes(id))
      cloud.front.asked.length = 0
    }
    await both(ada)

    await type(bob)
    await use({ source: 'keys' })
    cloud.front.asked.length = 0
    await client.streams.list({ pipeline })
    expect(signers('ListStreams')).toEqual([bob.id])
    await both(bob)
    expect(await put('of bob')).toEqual([null])
    await until(() => seen.includes('of bob'))
    expect(signers()).toEqual([bob.id])

    const second = await withoutRights(() => keyOf('bob'))
    await type(second)
    // What the first one had signed is answered then; who still signed with it after its end would be refused.
    await both(second)
    await withoutRights(() => iam.send(new DeleteAccessKeyCommand({ UserName: 'bob', AccessKeyId: bob.id })))
    await both(second)
    expect(await put('of bob again')).toEqual([null])
    await until(() => signers('GetRecords').length > 0)
    expect(signers()).toEqual([second.id])
    over.abort()
    await tailed
    const run = await end(runId)
    expect(run.errors).toEqual([])
    expect(run.counters).toMatchObject({ acknowledged: 180, retried: 0, failed: 0 })
    expect((await verified(runId)).report).toMatchObject({ unaccounted: 0 })
  })
  /** Work of the account's owner, whom moto does not know. */
  const withoutRights = async <T>(work: () => Promise<T>): Promise<T> => {
    await moto.enforce(false)
    try {
      return await work()
    } finally {
      await moto.enforce(true)
    }
  }

  it('keys of a role that end during a run are renewed, also after a while without a way to AWS', async () => {
    // Those of thirty seconds and less count as ended.
    cloud.front.rewrites.set('AssumeRole', (body) => {
      for (const [, value = ''] of body.matchAll(/<(?:SecretAccessKey|SessionToken)>([^<]+)/g))
        secrets.add(value)
      return body.replace(
        /<Expiration>[^<]*/,
        `<Expiration>${new Date(Date.now() + 33_000).toISOString().replace(/\.\d+/, '')}`,
      )
    })
    expect((await use({ source: 'profile', profile: 'feeder' })).state).toBe('connected')
    const options = {
      sinks: ['kinesis' as const],
      posts: 60,
      rate: { kind: 'constant' as const, postsPerSecond: 4 },
    }
    const { runId } = await client.emulation.start({ pipeline, options })
    await until(() => signers('PutRecords').length > 2)
    const soFar = (await client.emulation.get({ pipeline, runId })).counters
    expect(soFar).toMatchObject({ retried: 0, failed: 0 })
    // The run keeps its own way to Kinesis: only who renews the keys finds none.
    await client.settings.set({ proxy: 'http://127.0.0.1:9' })
    await until(async () => (await client.emulation.get({ pipeline, runId })).counters.retried > 0)
    expect((await client.aws.status({ pipeline })).problem).toMatchObject({ code: 'AWS_UNREACHABLE' })
    await client.settings.set(cloud.settings)
    const run = await end(runId)
    expect(run.errors.map(({ code }) => code).filter((code) => code !== 'AWS_UNREACHABLE')).toEqual([])
    expect(run.counters).toMatchObject({ acknowledged: 180, failed: 0 })
    const used = signers('PutRecords')
    expect(used.length).toBeGreaterThan(2)
    for (const by of used) expect(by).toMatch(/^ASIA/)
    cloud.front.rewrites.clear()
    await client.aws.test({ pipeline })
    expect((await verified(runId)).report).toMatchObject({ unaccounted: 0 })
  })

  it('one that fails is told as what it is, by the page and by the run, and nothing is sent', async () => {
    const start = () => client.emulation.start({ pipeline, options: { sinks: ['kinesis'], posts: 1 } })
    const both = [() => client.streams.list({ pipeline }), start]
    await use({ source: 'profile', profile: 'nobody' })
    for (const call of both)
      await expect(call()).rejects.toMatchObject({ data: { code: 'AWS_PROFILE_UNKNOWN' } })
    await client.aws.setKeys({ pipeline, keys: null })
    await use({ source: 'keys' })
    for (const call of both)
      await expect(call()).rejects.toMatchObject({ data: { code: 'AWS_KEYS_MISSING' } })
    // A report that is asked for then says it too.
    const [run] = await client.emulation.list({ pipeline })
    expect((await verified(run?.runId ?? '')).problem).toMatchObject({ code: 'AWS_KEYS_MISSING' })
    expect(signers()).toEqual([])
  })

  it('a gateway that wants a signature gets that of the pipeline, from the doctor and from a look before there is one', async () => {
    const list = { status: 200, type: 'application/json', body: '["learner.pin"]' }
    cloud.front.rules.set('/test/topics', () => list)
    const settings = pipelineSettingsSchema.parse({
      name: 'Elsewhere',
      kind: 'existing',
      endpoints: { gateway: `${invoke}/test`, gatewayAccess: 'sigv4' },
      aws: { source: 'profile', profile: 'ada' },
    })
    const asked = () =>
      cloud.front.asked.filter(({ action }) => action === '/test/topics').map(({ by }) => by)
    await client.pipelines.discover({ settings })
    expect(asked()).toEqual([ada.id])
    await client.pipelines.update({ pipeline, settings })
    for await (const { links, done } of await client.doctor.run({ pipeline }))
      if (done) expect(links.find(({ id }) => id === 'proxy')).toMatchObject({ state: 'good' })
    expect(asked()).toEqual([ada.id, ada.id])
    await use({ source: 'profile', profile: 'nobody' })
    const { problems } = await client.pipelines.discover({
      settings: { ...settings, aws: awsChoiceSchema.parse({ source: 'profile', profile: 'nobody' }) },
    })
    expect(problems.map(({ code }) => code)).toContain('AWS_PROFILE_UNKNOWN')
    expect(asked()).toHaveLength(2)
  })

  it('what imitates Kinesis elsewhere sees no key of anybody', async () => {
    const imitation = await awsFront(moto.url)
    const settings = pipelineSettingsSchema.parse({
      name: 'Elsewhere',
      kind: 'existing',
      endpoints: { kinesis: imitation.url },
      aws: { source: 'profile', profile: 'ada' },
    })
    await client.pipelines.discover({ settings })
    await client.pipelines.update({ pipeline, settings })
    expect((await client.aws.test({ pipeline })).state).toBe('connected')
    await client.streams.list({ pipeline }).catch(() => undefined)
    const options = { sinks: ['kinesis' as const], posts: 1 }
    await end((await client.emulation.start({ pipeline, options })).runId)
    expect(imitation.asked.map(({ action }) => action)).toContain('Kinesis_20131202.PutRecords')
    expect(new Set(imitation.asked.map(({ by }) => by))).toEqual(new Set(['local']))
    expect(signers()).toEqual([])
    await imitation.close()
  })

  it('no secret of any of them is in a frame, a log, a file or the list of processes', async () => {
    expect(secrets.size).toBeGreaterThan(8)
    const processes = execFileSync('ps', ['-eo', 'args']).toString()
    expect([...secrets].filter((value) => processes.includes(value))).toEqual([])
    for (const text of web.frames) expect([...secrets].filter((value) => text.includes(value))).toEqual([])
    for (const { path, text } of await allFiles(home.home))
      expect(
        [...secrets].filter((value) => text.includes(value)),
        path,
      ).toEqual([])
    for (const { name, text } of await client.app.support())
      expect(
        [...secrets].filter((value) => text.includes(value)),
        name,
      ).toEqual([])
  })
})
