/**
 * From nothing but AWS credentials to records that were read back, on the page: launch, set up, emulate, take everything
 * back. EC2 is a real moto whose instance carries the address of a real host; what cloud-init does there at a first start, the
 * test does.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DescribeInstancesCommand, EC2Client } from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { quote } from '../../electron/lib/quote.ts'
import { type AwsFront, awsFront, simulation } from '../helpers/awsFront.ts'
import { type AwsHome, awsHome } from '../helpers/awsHome.ts'
import { runProgram } from '../helpers/home.ts'
import { bootHost, hostGateway, hostsMissing, type TestHost } from '../helpers/host.ts'
import { type Mirror, makeKafkaArchive, serveFolder } from '../helpers/kafkaArchive.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'
import { makeNodeArchive } from '../helpers/nodeArchive.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

const missing = (await hostsMissing()) ?? (await motoMissing())
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

describe.skipIf(missing !== null)(`The whole way${missing === null ? '' : ` (${missing})`}`, () => {
  let host: TestHost
  let moto: Moto
  let front: AwsFront
  let aws: AwsHome
  let test: TestPage
  let folder: string
  let mirror: Mirror
  let ec2: EC2Client

  const page = () => test.page
  const must = async (...words: string[]) => {
    const { code, out, err } = await runProgram('cli.js', words, test.home.env)
    expect(code, `${words.join(' ')}\n${err}${out}`).toBe(0)
    return out
  }
  const go = (route: string) =>
    page().evaluate((hash) => {
      location.hash = hash
    }, route)
  const press = (name: string) => page().getByRole('button', { name, exact: true }).click()
  const inPlace = (ms: number) => page().getByText('Everything is in place.').waitFor({ timeout: ms })
  /** A dialog asks for the pipeline’s name. */
  const agree = async (button: string) => {
    const dialog = page().getByRole('dialog')
    await dialog.getByRole('textbox').fill('cloud')
    await dialog.getByRole('button', { name: button }).click()
  }
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
    test = await openPage({ env: { ...aws.env, PIPELINE_PASSPHRASE: 'correct horse battery' } })
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
    await test?.close()
    await aws?.remove()
    await front?.close()
    await moto?.stop()
    await rm(folder, { recursive: true, force: true })
  })

  it('launches a machine, whose host key its console vouches for', async () => {
    await must('secrets', 'create')
    const price = {
      terms: { OnDemand: { a: { priceDimensions: { b: { pricePerUnit: { USD: '0.0208' } } } } } },
    }
    front.rules.set('AWSPriceListService.GetProducts', () => ({
      status: 200,
      type: 'application/x-amz-json-1.1',
      body: JSON.stringify({ PriceList: [JSON.stringify(price)] }),
    }))
    front.rules.set('SimulatePrincipalPolicy', (params) => simulation(params, () => 'allowed'))
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
    await must('aws', 'test')
    await page().reload()
    await page().getByRole('button', { name: 'Pipeline: cloud' }).waitFor()
    await go('/launch')
    await page().getByRole('heading', { level: 1, name: 'Launch a machine' }).waitFor()
    await page().getByText('may do all 15 things this takes').waitFor()
    await page().getByText('an hour while it runs').waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'launch')
    await press('Apply all')
    await inPlace(90_000)
    expect(await page().getByText(`host key ${host.hostKeys.ed25519}`).count()).toBe(1)
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
    await go('/setup')
    await page().getByText('Kafka comes to the machine of this pipeline').waitFor()
    await expectAccessible(page())
    await press('Apply all')
    await page().getByText('Setting up. This page may be left; it goes on.').waitFor()
    await inPlace(300_000)
    for (const width of [900, 1280, 1680]) {
      await page().setViewportSize({ width, height: 860 })
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
    await page().setViewportSize({ width: 1280, height: 860 })
    await expectAccessible(page())
    await screenshot(page(), 'host-setup')
    const words = ['--sink', 'rest', '--posts', '200', '--rate', 'max', '--batch', '50', '--verify', '--json']
    expect(JSON.parse(await must('emulate', ...words)).report).toMatchObject({
      acknowledged: { kafka: 600 },
      found: { kafka: 600 },
      unaccounted: 0,
    })
    // The page is not told by the terminal, but by what is there.
    await press('Check all')
    await page().getByText('Looking at what is there.').waitFor()
    await inPlace(60_000)
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
    await press('Undo all')
    await page().getByRole('dialog').getByText('learner.pin: 200 messages').waitFor()
    await agree('Remove')
    await page()
      .getByText(/^[01] of 10 steps are in place/)
      .waitFor({ timeout: 90_000 })
    await go('/launch')
    await press('Undo all')
    await agree('Terminate')
    await page()
      .getByText(/^[01] of 5 steps are in place/)
      .waitFor({ timeout: 60_000 })
    const { Reservations = [] } = await ec2.send(new DescribeInstancesCommand({}))
    expect(Reservations.flatMap(({ Instances = [] }) => Instances.map(({ State }) => State?.Name))).toEqual([
      'terminated',
    ])
  }, 120_000)
})
