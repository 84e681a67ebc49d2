/** The commands for AWS and for EC2 instances, as a newcomer types them, against a real moto server. */
import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../electron/app.ts'
import { nodePlatform } from '../../electron/host/nodePlatform.ts'
import { typed } from '../helpers/appTerminal.ts'
import {
  type AwsFront,
  awsErrorAnswer,
  awsFront,
  priceList,
  priceListAction,
  simulation,
} from '../helpers/awsFront.ts'
import { type AwsHome, awsHome, enterAwsHome } from '../helpers/awsHome.ts'
import { type TestHome, testHome } from '../helpers/home.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'

const missing = await motoMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

describe.skipIf(missing !== null)(
  `pipeline aws and machines${missing === null ? '' : ` (${missing})`}`,
  () => {
    let moto: Moto
    let front: AwsFront
    let aws: AwsHome
    let home: TestHome
    let id = ''
    let app: App
    const pipeline = (...args: string[]) => typed(app, ...args)
    const json = async (...args: string[]) => {
      const { out, err } = await pipeline(...args, '--json')
      if (out === '') throw new Error(err)
      return JSON.parse(out)
    }

    beforeAll(async () => {
      moto = await startMoto()
      front = await awsFront(moto.url)
      aws = await awsHome()
      home = await testHome()
      enterAwsHome(aws)
      await aws.write(
        'credentials',
        '[work]\naws_access_key_id=AKIAWORKWORKWORKWORK\naws_secret_access_key=secret-of-the-work-profile\n',
      )
      const ec2 = new EC2Client({
        region: 'eu-west-2',
        endpoint: moto.url,
        credentials: { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root' },
      })
      const { Instances } = await ec2.send(
        new RunInstancesCommand({
          ImageId: 'ami-12c6146b',
          InstanceType: 't3.small',
          MinCount: 1,
          MaxCount: 1,
          TagSpecifications: [{ ResourceType: 'instance', Tags: [{ Key: 'Name', Value: 'kafka host' }] }],
        }),
      )
      ec2.destroy()
      id = Instances?.[0]?.InstanceId ?? ''
      const folders = { home: home.home, cache: home.home, resources: home.home, entries: home.home }
      app = await createApp(nodePlatform('terminal', '0', folders))
    })
    afterAll(async () => {
      await app?.dispose()
      await front?.close()
      await moto?.stop()
      await aws?.remove()
      await home?.remove()
    })

    it('says what is missing, and what a profile is', async () => {
      expect(await pipeline('machines', 'list')).toMatchObject({
        code: 1,
        err: expect.stringContaining('This pipeline has no connection to AWS.'),
      })
      expect((await pipeline('aws', 'profiles')).out).toMatch(
        /^profile\s+kind\s+region\s+what\nwork\s+keys\s+–/,
      )
      expect(await pipeline('aws', 'use', 'wrok', '--endpoint', front.url)).toMatchObject({
        code: 1,
        err: expect.stringContaining('There is no such profile in ~/.aws: wrok'),
      })
      expect(await pipeline('aws', 'use', '--colour', 'pink')).toMatchObject({ code: 2 })
    })

    it('a profile is chosen, tried and kept for the next command', async () => {
      const used = await pipeline('aws', 'use', 'work', '--region', 'eu-west-2', '--colour', 'red')
      expect(used).toMatchObject({ code: 0, err: '' })
      expect(used.out).toContain('account 123456789012, eu-west-2, by profile work')
      const { choice, state } = await json('aws', 'status')
      expect([choice.profile, choice.colour, state]).toEqual(['work', 'red', 'connected'])
    })

    it('rights: allowed, denied with a policy, unknown for a condition and where IAM may not be asked', async () => {
      // moto's own caller is no user that IAM knows.
      front.rules.set('GetCallerIdentity', () => ({
        status: 200,
        body: '<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/work/me</Arn><UserId>x</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>',
      }))
      expect((await pipeline('aws', 'test')).code).toBe(0)
      const decisions: Record<string, string> = {
        'ec2:DescribeInstances': 'allowed',
        'ec2:RunInstances': 'implicitDeny',
        'iam:PassRole': 'implicitDeny iam:PassedToService',
      }
      front.rules.set('SimulatePrincipalPolicy', (params) =>
        simulation(params, (action) => decisions[action] ?? 'explicitDeny'),
      )
      const of = Object.keys(decisions)
      const { actions, principal, policy } = await json('aws', 'permissions', ...of)
      expect(principal).toBe('arn:aws:iam::123456789012:role/work')
      expect(actions.map(({ state }: { state: string }) => state)).toEqual(['allowed', 'denied', 'unknown'])
      expect(JSON.parse(policy).Statement[0].Action).toEqual(['ec2:RunInstances'])
      expect((await pipeline('aws', 'permissions', 'ec2:RunInstances')).code).toBe(1)
      front.rules.set('SimulatePrincipalPolicy', () =>
        awsErrorAnswer('AccessDenied', 'not authorized to perform: iam:SimulatePrincipalPolicy'),
      )
      const unknown = await json('aws', 'permissions', ...of)
      expect(unknown.actions.every(({ state }: { state: string }) => state === 'unknown')).toBe(true)
      expect(unknown.policy).toBeNull()
      front.rules.clear()
    })

    it('instances are listed, chosen, stopped and started; an address that changed is told', async () => {
      const [machine] = await json('machines', 'list')
      expect(machine).toMatchObject({
        id,
        name: 'kafka host',
        type: 't3.small',
        state: 'running',
        chosen: false,
      })
      expect(machine.running).toEqual({ ms: expect.any(Number), cost: null })
      front.rules.set(priceListAction, priceList({ instance: 0.0208, address: 0.005, disk: 0.0928 }))
      expect((await json('machines', 'choose', id))[0]).toMatchObject({ chosen: true, addressBefore: null })
      // It was made elsewhere: nobody knows its disk.
      const { cost } = (await json('machines', 'list'))[0].running
      expect(cost).toEqual({ anHour: 0.0258, soFar: expect.any(Number) })
      expect((await pipeline('machines', 'list')).err).toMatch(
        new RegExp(`^${id}: running for 0\\.0 h, about \\$0\\.\\d+ so far at \\$0\\.0258 an hour$`, 'm'),
      )
      const [stopped] = await json('machines', 'stop', id)
      expect(stopped.state).toMatch(/stopp/)
      expect(stopped.running).toBeNull()
      // As on EC2, a start gives another public address.
      const [started] = await json('machines', 'start', id)
      expect(started).toMatchObject({ state: 'running', addressBefore: machine.publicAddress })
      expect(started.publicAddress).not.toBe(machine.publicAddress)
      const moved = await pipeline('machines', 'list')
      expect(moved.err).toContain(`! ${id} had another address before: ${machine.publicAddress}`)
      expect((await json('machines', 'choose', id))[0].addressBefore).toBeNull()
      expect(await pipeline('machines', 'stop', 'i-00000000000000000')).toMatchObject({
        code: 1,
        err: expect.stringContaining('There is no such instance in this account and region'),
      })
    })

    it('is terminated only with consent', async () => {
      expect((await pipeline('machines', 'terminate', id)).code).toBe(3)
      expect((await json('machines', 'list')).length).toBe(1)
      expect((await pipeline('machines', 'terminate', id, '--yes')).code).toBe(0)
      expect(
        (await json('machines', 'list')).filter(({ state }: { state: string }) => state === 'running'),
      ).toEqual([])
    })
  },
)
