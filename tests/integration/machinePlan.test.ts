/** A machine launched on EC2 by the commands of a newcomer, against a real moto server; its console is faked in front of it. */
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hostKeysIn } from '../../electron/plans/machine/hostKeys.ts'
import { type AwsFront, awsFront, priceList, priceListAction, simulation } from '../helpers/awsFront.ts'
import { type AwsHome, awsHome } from '../helpers/awsHome.ts'
import { runProgram, type TestHome, testHome } from '../helpers/home.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'

const missing = await motoMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const sha256 = `SHA256:${'A'.repeat(43)}`
/** As cloud-init of Amazon Linux 2023 prints them. */
const console = `[   12.3] cloud-init
ci-info: no authorized SSH keys fingerprints found for user ec2-user.
<14>Nov 30 00:00:00 cloud-init: #############################################################
<14>Nov 30 00:00:00 cloud-init: -----BEGIN SSH HOST KEY FINGERPRINTS-----
<14>Nov 30 00:00:00 cloud-init: 256 SHA256:${'B'.repeat(43)} root@ip-172-31-0-9.ec2.internal (ECDSA)
<14>Nov 30 00:00:00 cloud-init: 256 ${sha256} root@ip-172-31-0-9.ec2.internal (ED25519)
<14>Nov 30 00:00:00 cloud-init: -----END SSH HOST KEY FINGERPRINTS-----
`

it('finds the host keys in a console, and none in one that has not got so far', () => {
  expect(hostKeysIn(console)).toContainEqual({ algorithm: 'ssh-ed25519', sha256 })
  expect(hostKeysIn(console)).toHaveLength(2)
  expect(hostKeysIn(console.slice(0, 400))).toEqual([])
  expect(hostKeysIn('')).toEqual([])
})

describe.skipIf(missing !== null)(`Launching${missing === null ? '' : ` (${missing})`}`, () => {
  let moto: Moto
  let front: AwsFront
  let aws: AwsHome
  let home: TestHome
  let ec2: EC2Client

  const cli = (...words: string[]) =>
    runProgram('cli.js', words, { ...home.env, ...aws.env, PIPELINE_PASSPHRASE: 'correct horse battery' })
  const must = async (...words: string[]) => {
    const { code, out, err } = await cli(...words)
    expect(code, `${words.join(' ')}\n${err}`).toBe(0)
    return out
  }
  const states = (out: string): Record<string, string> =>
    Object.fromEntries(
      JSON.parse(out.trim().split('\n').at(-1) ?? '').steps.map(
        (step: { id: string; finding: { state: string } | null }) => [step.id, step.finding?.state],
      ),
    )
  const instances = async () => {
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}))
    return Reservations.flatMap(({ Instances = [] }) => Instances)
  }

  const nothing = {
    rights: 'present',
    key: 'absent',
    group: 'absent',
    instance: 'absent',
    connect: 'absent',
  }

  beforeAll(async () => {
    moto = await startMoto()
    front = await awsFront(moto.url)
    const body = (id: string) =>
      `<GetConsoleOutputResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><instanceId>${id}</instanceId><timestamp>2026-11-30T00:00:00.000Z</timestamp><output>${Buffer.from(console).toString('base64')}</output></GetConsoleOutputResponse>`
    front.rules.set('GetConsoleOutput', (params) => ({
      status: 200,
      body: body(params.get('InstanceId') ?? ''),
    }))
    aws = await awsHome()
    await aws.write(
      'credentials',
      '[work]\naws_access_key_id=AKIAWORKWORKWORKWORK\naws_secret_access_key=secret-of-the-work-profile\n',
    )
    home = await testHome()
    const credentials = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root' }
    ec2 = new EC2Client({ region: 'eu-west-2', endpoint: moto.url, credentials })
    await must('pipelines', 'create', 'cloud')
    await must(
      ...['pipelines', 'set', 'cloud', 'kind=existing', 'launch.type=t3.small', 'launch.from=203.0.113.7/32'],
      ...['aws.source=profile', 'aws.profile=work', 'aws.region=eu-west-2', `aws.endpoint=${front.url}`],
    )
    await must('pipelines', 'select', 'cloud')
  })
  afterAll(async () => {
    ec2?.destroy()
    await home?.remove()
    await aws?.remove()
    await front?.close()
    await moto?.stop()
  })

  it('says what it would cost by AWS’s price list, or that this is not known', async () => {
    expect(await must('machines', 'launch', '--check', '--json')).toContain('its price is not known')
    front.rules.set(priceListAction, priceList({ instance: 0.0236, address: 0.005, disk: 0.0928 }))
    const looked = await must('machines', 'launch', '--check', '--json')
    // 0.0236 + 0.005 + 16 GiB × 0.0928 / 730 h.
    expect(looked).toContain('about $0.0306 an hour')
    expect(looked).toContain('$0.0236 the instance')
  })

  it('says what it would make, and what it needs, and makes nothing', async () => {
    expect(states(await must('machines', 'launch', '--check', '--json'))).toEqual(nothing)
    expect(await instances()).toEqual([])
    // A key that would be gone with the session must not be made.
    const { code, err } = await cli('machines', 'launch')
    expect(code).not.toBe(0)
    expect(err).toContain('SECRET_NO_STORE')
    expect(await instances()).toEqual([])
  })

  it('is not begun where IAM denies a part of it, and shows the policy that is missing', async () => {
    front.rules.set('SimulatePrincipalPolicy', (params) =>
      simulation(params, (action) => (/Terminate|CreateTags/.test(action) ? 'implicitDeny' : 'allowed')),
    )
    try {
      const looked = await must('machines', 'launch', '--check')
      expect(looked).toContain('Policy of arn:aws:')
      for (const action of ['ec2:CreateTags', 'ec2:TerminateInstances'])
        expect(looked).toContain(`"${action}"`)
      expect(looked).not.toContain('ec2:RunInstances')
      const { code, err } = await cli('machines', 'launch')
      expect(code).toBe(1)
      expect(err).toContain('ec2:TerminateInstances (No policy allows it.)')
      const asked = front.asked.map(({ action }) => action)
      expect(asked).not.toContain('ImportKeyPair')
    } finally {
      front.rules.delete('SimulatePrincipalPolicy')
    }
  })

  it('makes a key, a group and one instance, and connects the pipeline with it', async () => {
    await must('secrets', 'create')
    const everywhere = {
      rights: 'present',
      key: 'present',
      group: 'present',
      instance: 'present',
      connect: 'present',
    }
    expect(states(await must('machines', 'launch', '--json'))).toEqual(everywhere)
    const [instance] = await instances()
    expect(instance?.InstanceType).toBe('t3.small')
    expect(instance?.MetadataOptions?.HttpTokens).toBe('required')
    expect(instance?.Tags).toContainEqual({ Key: 'pipeline-owner', Value: 'cloud' })
    const asked = front.asked.find(({ action }) => action === 'RunInstances')?.params
    expect(asked?.get('ImageId')).toContain('al2023-ami-kernel-default-x86_64')
    expect(asked?.get('ClientToken')).toMatch(/^[0-9a-f-]{36}$/)

    const shown = await must('host', 'show', '--json')
    expect(JSON.parse(shown).settings ?? JSON.parse(shown)).toMatchObject({
      host: instance?.PublicIpAddress,
      user: 'ec2-user',
      hostKey: { algorithm: 'ssh-ed25519', sha256 },
    })

    expect(states(await must('machines', 'launch', '--json'))).toEqual(everywhere)
    expect(await instances()).toHaveLength(1)
    expect(front.asked.filter(({ action }) => action === 'RunInstances')).toHaveLength(1)
  })

  it('lets the new address of this computer in, and the old one no longer', async () => {
    await must('pipelines', 'set', 'cloud', 'launch.from=198.51.100.4/32')
    const looked = await must('machines', 'launch', '--check')
    expect(looked).toContain('- 22 203.0.113.7/32')
    expect(looked).toContain('+ 22 198.51.100.4/32')
    await must('machines', 'launch')
    expect(await must('machines', 'launch', '--check')).not.toContain('203.0.113.7')
  })

  it('terminates it only when agreed, and deletes what it made', async () => {
    expect((await cli('machines', 'launch', '--undo')).code).not.toBe(0)
    expect((await instances())[0]?.State?.Name).toBe('running')
    await must('machines', 'launch', '--undo', '--yes')
    expect((await instances())[0]?.State?.Name).toBe('terminated')
    expect(states(await must('machines', 'launch', '--check', '--json'))).toEqual(nothing)
  })
})
