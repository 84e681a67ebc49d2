/**
 * From nothing but AWS credentials to records that were read back: launch, set up, emulate, take everything back. EC2 is a
 * real moto whose instance carries the address of a real host; what cloud-init does there at a first start, the test does.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quote } from '../../electron/lib/quote.ts'
import { type AwsFront, awsFront } from '../helpers/awsFront.ts'
import { type AwsHome, awsHome } from '../helpers/awsHome.ts'
import { runProgram, type TestHome, testHome } from '../helpers/home.ts'
import { bootHost, hostGateway, hostsMissing, type TestHost } from '../helpers/host.ts'
import { type Mirror, makeKafkaArchive, serveFolder } from '../helpers/kafkaArchive.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'
import { makeNodeArchive } from '../helpers/nodeArchive.ts'

const missing = (await hostsMissing()) ?? (await motoMissing())
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

describe.skipIf(missing !== null)(`The whole way${missing === null ? '' : ` (${missing})`}`, () => {
  let host: TestHost
  let moto: Moto
  let front: AwsFront
  let aws: AwsHome
  let home: TestHome
  let folder: string
  let mirror: Mirror
  let ec2: EC2Client

  const must = async (...words: string[]) => {
    const env = { ...home.env, ...aws.env, PIPELINE_PASSPHRASE: 'correct horse battery' }
    const { code, out, err } = await runProgram('cli.js', words, env)
    expect(code, `${words.join(' ')}\n${err}${out}`).toBe(0)
    return out
  }
  const states = (out: string): string[] =>
    JSON.parse(out.trim().split('\n').at(-1) ?? '').steps.map(
      (step: { finding: { state: string } | null }) => step.finding?.state,
    )
  const consoleText = () => `cloud-init: -----BEGIN SSH HOST KEY FINGERPRINTS-----
cloud-init: 256 ${host.hostKeys.ecdsa} root@ip-172-31-0-9.ec2.internal (ECDSA)
cloud-init: 256 ${host.hostKeys.ed25519} root@ip-172-31-0-9.ec2.internal (ED25519)
cloud-init: -----END SSH HOST KEY FINGERPRINTS-----
`

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'whole-way-'))
    host = await bootHost('wholeway', { memory: '1G' })
    moto = await startMoto()
    front = await awsFront(moto.url)
    front.rules.set('GetConsoleOutput', (params) => ({
      status: 200,
      body: `<GetConsoleOutputResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><instanceId>${params.get('InstanceId')}</instanceId><output>${Buffer.from(consoleText()).toString('base64')}</output></GetConsoleOutputResponse>`,
    }))
    front.rewrites.set('DescribeInstances', (body) =>
      body.replace(/<ipAddress>[^<]*<\/ipAddress>/g, `<ipAddress>${host.ip}</ipAddress>`),
    )
    aws = await awsHome()
    await aws.write(
      'credentials',
      '[work]\naws_access_key_id=AKIAWORKWORKWORKWORK\naws_secret_access_key=secret-of-the-work-profile\n',
    )
    home = await testHome()
    const credentials = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root' }
    ec2 = new EC2Client({ region: 'eu-west-2', endpoint: moto.url, credentials })
    await makeKafkaArchive(folder, '4.3.1')
    await makeNodeArchive(folder)
    mirror = await serveFolder(folder, hostGateway)
    await must(
      'settings',
      'set',
      ...['kafka', 'kafkaArchive', 'node'].map((name) => `mirrors.${name}=${mirror.url}`),
    )
  }, 600_000)
  afterAll(async () => {
    ec2?.destroy()
    mirror?.close()
    await host?.down()
    await home?.remove()
    await aws?.remove()
    await front?.close()
    await moto?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('launches a machine, whose host key its console vouches for', async () => {
    await must('secrets', 'create')
    await must('pipelines', 'create', 'cloud')
    await must(
      ...[
        'pipelines',
        'set',
        'cloud',
        'kind=existing',
        'launch.from=203.0.113.7/32',
        'launch.stopAfterHours=8',
      ],
      ...['aws.source=profile', 'aws.profile=work', 'aws.region=eu-west-2', `aws.endpoint=${front.url}`],
    )
    await must('pipelines', 'select', 'cloud')
    expect(new Set(states(await must('machines', 'launch', '--json')))).toEqual(new Set(['present']))
    // What cloud-init does: the key that was given to EC2 may sign in, and none that was there before.
    const given = front.asked.find(({ action }) => action === 'ImportKeyPair')?.params
    const publicKey = Buffer.from(given?.get('PublicKeyMaterial') ?? '', 'base64').toString()
    expect(publicKey).toMatch(/^ssh-ed25519 /)
    const launched = front.asked.find(({ action }) => action === 'RunInstances')?.params
    const userData = Buffer.from(launched?.get('UserData') ?? '', 'base64').toString()
    await host.run(`sudo sh -c ${quote(userData)}`)
    expect(await host.run('cat /run/systemd/shutdown/scheduled')).toContain('MODE=poweroff')
    expect(await host.run('cat /var/lib/cloud/scripts/per-boot/*')).toBe('#!/bin/sh\nshutdown -h +480\n')
    await host.run(`sudo shutdown -c; echo ${quote(publicKey.trim())} > ~/.ssh/authorized_keys`)
  }, 120_000)

  it('is set up in one go, and each record emulated to it is acknowledged and found', async () => {
    expect(new Set(states(await must('setup', '--json')))).toEqual(new Set(['present']))
    const words = ['--sink', 'rest', '--posts', '200', '--rate', 'max', '--batch', '50', '--verify', '--json']
    expect(JSON.parse(await must('emulate', ...words)).report).toMatchObject({
      acknowledged: { kafka: 600 },
      found: { kafka: 600 },
      unaccounted: 0,
    })
    expect(new Set(states(await must('setup', '--check', '--json')))).toEqual(new Set(['present']))
  }, 600_000)

  it('has a way that is good link by link, from the credentials on', async () => {
    const { links } = JSON.parse(await must('doctor', 'cloud', '--json'))
    const of = (state: string) =>
      links.filter((link: { state: string }) => link.state === state).map(({ id }: { id: string }) => id)
    expect(of('bad')).toEqual([])
    expect(of('good')).toEqual(
      expect.arrayContaining(['credentials', 'instance', 'hostKey', 'proxy', 'topics']),
    )
  }, 60_000)

  it('is taken back: Kafka, then the machine', async () => {
    await must('setup', '--undo', '--yes')
    await must('machines', 'launch', '--undo', '--yes')
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}))
    expect(Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name))).toEqual([
      'terminated',
    ])
  }, 120_000)
})
