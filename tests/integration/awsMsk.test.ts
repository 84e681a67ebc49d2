/** MSK clusters as a newcomer takes one, against a real moto server; the brokers' addresses, which it lacks, are faked before it. */
import { CreateClusterV2Command, KafkaClient } from '@aws-sdk/client-kafka'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../electron/app.ts'
import { waysIn } from '../../electron/clients/aws/msk.ts'
import { nodePlatform } from '../../electron/host/nodePlatform.ts'
import { typed } from '../helpers/appTerminal.ts'
import { type AwsFront, awsFront } from '../helpers/awsFront.ts'
import { type AwsHome, awsHome, enterAwsHome } from '../helpers/awsHome.ts'
import { type TestHome, testHome } from '../helpers/home.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'

const missing = await motoMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

it('prefers IAM to SCRAM to TLS to words in clear, and private brokers to public ones', () => {
  const ways = waysIn({
    BootstrapBrokerString: 'b:9092',
    BootstrapBrokerStringTls: 'b:9094',
    BootstrapBrokerStringPublicSaslIam: 'b-public:9198',
    BootstrapBrokerStringSaslIam: 'b:9098',
    BootstrapBrokerStringSaslScram: '',
  })
  expect(ways.map(({ bootstrap }) => bootstrap)).toEqual(['b:9098', 'b-public:9198', 'b:9094', 'b:9092'])
})

describe.skipIf(missing !== null)(`pipeline msk${missing === null ? '' : ` (${missing})`}`, () => {
  let moto: Moto
  let front: AwsFront
  let aws: AwsHome
  let home: TestHome
  let app: App
  let arn = ''

  const broker = (nth: number, port: number) =>
    `b-${nth}.pins.a1b2c3.c2.kafka.eu-west-2.amazonaws.com:${port}`
  const must = async (...words: string[]) => {
    const { code, out, err } = await typed(app, ...words)
    expect(code, err).toBe(0)
    return out
  }
  const endpoints = async () => {
    const { items } = await app.client.pipelines.list()
    return items.find(({ id }) => id === 'cloud')?.settings.endpoints
  }
  /** What MSK answers for the cluster's brokers from now on. */
  const brokersAre = (answer: object) => {
    const body = JSON.stringify(answer)
    front.rules.set(`/v1/clusters/${encodeURIComponent(arn)}/bootstrap-brokers`, () => ({
      status: 200,
      type: 'application/json',
      body,
    }))
  }

  beforeAll(async () => {
    moto = await startMoto()
    front = await awsFront(moto.url)
    // MSK's times have a zone, moto's have none.
    front.rewrites.set('/api/v2/clusters', (body) =>
      body.replace(/("creationTime": *)"[^"]*"/g, '$1"2026-11-30T00:00:00Z"'),
    )
    aws = await awsHome()
    home = await testHome()
    enterAwsHome(aws)
    await aws.write(
      'credentials',
      '[work]\naws_access_key_id=AKIAWORKWORKWORKWORK\naws_secret_access_key=secret-of-the-work-profile\n',
    )
    const msk = new KafkaClient({
      region: 'eu-west-2',
      endpoint: moto.url,
      credentials: { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root' },
    })
    const made = await msk.send(
      new CreateClusterV2Command({
        ClusterName: 'pins',
        Provisioned: {
          KafkaVersion: '3.9.x',
          NumberOfBrokerNodes: 3,
          BrokerNodeGroupInfo: { ClientSubnets: ['subnet-1'], InstanceType: 'kafka.t3.small' },
        },
      }),
    )
    msk.destroy()
    arn = made.ClusterArn ?? ''
    const folders = { home: home.home, cache: home.home, resources: home.home, entries: home.home }
    app = await createApp(nodePlatform('terminal', '0', folders))
    await must('pipelines', 'create', 'cloud')
    await must('pipelines', 'select', 'cloud')
    await must('aws', 'use', 'work', '--region', 'eu-west-2', '--endpoint', front.url)
  }, 120_000)
  afterAll(async () => {
    await app?.dispose()
    await front?.close()
    await moto?.stop()
    await aws?.remove()
    await home?.remove()
  })

  it('lists what there is', async () => {
    expect(JSON.parse(await must('msk', 'list', '--json'))).toEqual([
      {
        arn,
        name: 'pins',
        state: 'CREATING',
        type: 'provisioned',
        kafkaVersion: '3.9.x',
        brokers: 3,
        chosen: false,
      },
    ])
    expect(await must('msk', 'list')).toContain(arn)
  })

  it('is refused for a pipeline of this computer, for an unknown name, and before it has brokers', async () => {
    expect((await typed(app, 'msk', 'use', 'pins')).err).toContain('PIPELINE_LOCAL')
    await must('pipelines', 'set', 'cloud', 'kind=existing')
    expect((await typed(app, 'msk', 'use', 'pens')).err).toContain('MSK_UNKNOWN')
    expect((await typed(app, 'msk', 'use', 'pins', '--access', 'kerberos')).code).toBe(2)
    brokersAre({})
    expect((await typed(app, 'msk', 'use', 'pins')).err).toContain('MSK_NO_WAY')
    expect(await endpoints()).toMatchObject({ bootstrap: '', kafkaAccess: 'plaintext' })
  })

  it('gives the pipeline its brokers, by IAM, and says what else it does not offer', async () => {
    const all = [1, 2, 3].map((nth) => broker(nth, 9_098)).join(',')
    brokersAre({ bootstrapBrokerStringSaslIam: all, bootstrapBrokerStringTls: broker(1, 9_094) })
    expect((await typed(app, 'msk', 'use', 'pins', '--access', 'scram512')).err).toContain(
      'it offers mskIam, tls',
    )
    const [now] = JSON.parse(await must('msk', 'use', arn, '--json'))
    expect(now).toMatchObject({ name: 'pins', chosen: true })
    expect(await endpoints()).toMatchObject({
      bootstrap: all,
      kafkaAccess: 'mskIam',
      region: 'eu-west-2',
      through: 'direct',
    })
  })

  it('goes through the machine where there is one, and straight to public brokers where there is none', async () => {
    brokersAre({
      bootstrapBrokerStringSaslIam: broker(1, 9_098),
      bootstrapBrokerStringPublicSaslIam: `public.${broker(1, 9_198)}`,
    })
    await must('msk', 'use', 'pins')
    expect(await endpoints()).toMatchObject({ bootstrap: `public.${broker(1, 9_198)}`, through: 'direct' })
    await must('host', 'set', '--host', '203.0.113.7', '--agent')
    await must('msk', 'use', 'pins')
    expect(await endpoints()).toMatchObject({ bootstrap: broker(1, 9_098), through: 'machine' })
  })
})
