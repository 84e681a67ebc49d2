/** The reminder of a machine that runs, against a real moto server and with a clock of the test's own. */
import { EC2Client, RunInstancesCommand, StopInstancesCommand } from '@aws-sdk/client-ec2'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type ActivityStore, openActivity } from '../../electron/features/activity.ts'
import { type AwsSessions, openAwsSessions } from '../../electron/features/awsSessions.ts'
import { type MachineReminders, openMachineReminders } from '../../electron/features/machineReminders.ts'
import { type OpenPipelines, openPipelines } from '../../electron/features/pipelineStore.ts'
import { openSettings } from '../../electron/features/settings.ts'
import { machineCost } from '../../electron/plans/machine/cost.ts'
import { type PipelineSettings, pipelineSettingsSchema } from '../../shared/settings.ts'
import { type AwsFront, awsErrorAnswer, awsFront, priceList, priceListAction } from '../helpers/awsFront.ts'
import { type AwsHome, awsHome, enterAwsHome } from '../helpers/awsHome.ts'
import { type TestHome, testHome } from '../helpers/home.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'

const missing = await motoMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const minute = 60_000
const hour = 3_600_000

describe.skipIf(missing !== null)(`A machine that runs${missing === null ? '' : ` (${missing})`}`, () => {
  let moto: Moto
  let front: AwsFront
  let aws: AwsHome
  let home: TestHome
  let ec2: EC2Client
  let activity: ActivityStore
  let pipelines: OpenPipelines
  let sessions: AwsSessions
  let reminders: MachineReminders
  let instance = ''
  let started = 0
  let clock = 0

  const open = () =>
    openMachineReminders({
      home: home.home,
      pipelines,
      access: sessions.quietAccess,
      activity,
      cost: machineCost(() => clock),
      now: () => clock,
    })
  /** Of the back end started anew. */
  const again = () => {
    reminders.stop()
    reminders = open()
  }
  const after = async (ms: number) => {
    clock = started + ms
    await reminders.look()
  }
  const asked = () => front.asked.filter(({ action }) => action === 'DescribeInstances').length
  const said = () => activity.list(100).map(({ text }) => text)
  const change = async (edit: (settings: PipelineSettings) => Partial<PipelineSettings>) => {
    const { settings } = pipelines.get('cloud')
    await pipelines.update('cloud', { ...settings, ...edit(settings) })
  }

  beforeAll(async () => {
    moto = await startMoto()
    front = await awsFront(moto.url)
    aws = await awsHome()
    enterAwsHome(aws)
    await aws.write(
      'credentials',
      '[work]\naws_access_key_id=AKIAWORKWORKWORKWORK\naws_secret_access_key=secret-of-the-work-profile\n',
    )
    const credentials = { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root' }
    ec2 = new EC2Client({ region: 'eu-west-2', endpoint: moto.url, credentials })
    const Tags = [{ Key: 'pipeline-owner', Value: 'cloud' }]
    const { Instances } = await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        InstanceType: 't3.small',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags }],
      }),
    )
    instance = Instances?.[0]?.InstanceId ?? ''
    started = Instances?.[0]?.LaunchTime?.getTime() ?? 0
    home = await testHome()
    activity = await openActivity(home.home, () => [])
    pipelines = await openPipelines(home.home)
    const settings = await openSettings(home.home)
    const secrets = { get: async () => null, has: () => false }
    const platform = { openPage: async () => false }
    sessions = openAwsSessions({ pipelines, settings, secrets, platform, activity })
    const choice = { source: 'profile', profile: 'work', region: 'eu-west-2', endpoint: front.url }
    await pipelines.create(pipelineSettingsSchema.parse({ name: 'cloud', kind: 'existing', aws: choice }))
    front.rules.set(priceListAction, priceList({ instance: 0.0208, address: 0.005, disk: 0.0928 }))
    reminders = open()
  })
  afterEach(() => front.rules.delete('DescribeInstances'))
  afterAll(async () => {
    reminders?.stop()
    sessions?.stop()
    await activity?.flush()
    ec2?.destroy()
    await front?.close()
    await moto?.stop()
    await home?.remove()
    await aws?.remove()
  })

  it('is asked for of pipelines that have one only, and where a reminder is wanted', async () => {
    await after(5 * hour)
    await change(({ launch }) => ({
      machine: { id: instance, address: '', before: '' },
      launch: { ...launch, remindAfterHours: 0 },
    }))
    await after(6 * hour)
    expect(front.asked).toEqual([])
    await change(({ launch }) => ({ launch: { ...launch, remindAfterHours: 4 } }))
  })

  it('is reminded of after so many hours, and AWS is asked once in ten minutes', async () => {
    await after(3 * hour + 55 * minute)
    expect(asked()).toBe(1)
    await after(4 * hour)
    expect(asked()).toBe(1)
    expect(said()).toEqual([])
    await after(4 * hour + 5 * minute)
    expect(asked()).toBe(2)
    // 0.0208 + 0.005 + 16 GiB × 0.0928 / 730 h, for 4 h 5 min.
    expect(activity.list(100)).toMatchObject([
      {
        level: 'warn',
        area: 'machines',
        pipeline: 'cloud',
        text: `The machine ${instance} of cloud has been running for 4 hours, about $0.11 so far at $0.0278 an hour`,
        hint: `Stop it on the page AWS, or: pipeline machines stop ${instance} --pipeline cloud`,
        remind: { path: 'aws' },
      },
    ])
  })

  it('is reminded of again after each further so many hours, and not twice where the app is started anew', async () => {
    await after(7 * hour + 50 * minute)
    again()
    await after(7 * hour + 51 * minute)
    expect(said()).toHaveLength(1)
    await after(9 * hour)
    expect(said()[1]).toContain('running for 9 hours, about $0.25 so far')
    again()
    await after(11 * hour)
    expect(said()).toHaveLength(2)
    await after(12 * hour)
    expect(said()[2]).toContain('running for 12 hours')
  })

  it('is reminded of without an amount where the price may not be asked', async () => {
    front.rules.set(priceListAction, () => awsErrorAnswer('AccessDeniedException', 'not authorized'))
    again()
    await after(16 * hour)
    expect(said()[3]).toMatch(/running for 16 hours, its price is not known$/)
  })

  it('is not spoken of where AWS does not answer, there are no credentials, or it does not run', async () => {
    const before = said()
    front.rules.set('DescribeInstances', () => awsErrorAnswer('UnauthorizedOperation', 'You may not.'))
    const count = asked()
    await after(20 * hour)
    expect(asked()).toBe(count + 1)
    front.rules.delete('DescribeInstances')

    await change(({ aws }) => ({ aws: { ...aws, profile: 'nobody' } }))
    await sessions.settled('cloud')
    const told = said()
    await after(24 * hour)
    expect(asked()).toBe(count + 1)
    expect(said()).toEqual(told)
    // Nor where nobody has tried that connection before.
    sessions.stop()
    const settings = await openSettings(home.home)
    const secrets = { get: async () => null, has: () => false }
    const platform = { openPage: async () => false }
    sessions = openAwsSessions({ pipelines, settings, secrets, platform, activity })
    again()
    await after(25 * hour)
    expect(sessions.status('cloud').state).toBe('failed')
    expect(said()).toEqual(told)

    await change(({ aws }) => ({ aws: { ...aws, profile: 'work' } }))
    await sessions.settled('cloud')
    await ec2.send(new StopInstancesCommand({ InstanceIds: [instance] }))
    await after(28 * hour)
    expect(asked()).toBe(count + 2)
    expect(said().filter((text) => text.includes(instance))).toEqual(
      before.filter((text) => text.includes(instance)),
    )
  })
})
