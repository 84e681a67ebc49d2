/** The page AWS: a profile chosen and tried against a real moto server, the badge, a session's end, a code, a sign-in, rights. */

import { EC2Client, RunInstancesCommand } from '@aws-sdk/client-ec2'
import { CreateAccountAliasCommand, CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type AwsFront,
  awsErrorAnswer,
  awsFront,
  priceList,
  priceListAction,
  simulation,
} from '../helpers/awsFront.ts'
import { type AwsHome, awsHome } from '../helpers/awsHome.ts'
import { runProgram } from '../helpers/home.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'
import { type SsoServer, ssoServer } from '../helpers/ssoServer.ts'

const missing = await motoMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const keys =
  'aws_access_key_id = AKIACANARYCANARY0001\naws_secret_access_key = canary-secret-key-of-the-profile-0001\n'
const role = (name: string, more = '') =>
  `role_arn = arn:aws:iam::123456789012:role/${name}\nsource_profile = default\nregion = eu-west-2\n${more}`

describe.skipIf(missing !== null)(`the page AWS${missing === null ? '' : ` (${missing})`}`, () => {
  let moto: Moto
  let front: AwsFront
  let sso: SsoServer
  let aws: AwsHome
  let test: TestPage
  const page = () => test.page

  beforeAll(async () => {
    moto = await startMoto()
    front = await awsFront(moto.url)
    sso = await ssoServer()
    aws = await awsHome()
    const iam = new IAMClient({
      region: 'us-east-1',
      endpoint: moto.url,
      credentials: { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root' },
    })
    await iam.send(new CreateAccountAliasCommand({ AccountAlias: 'learners' }))
    await iam.send(new CreateRoleCommand({ RoleName: 'learner', AssumeRolePolicyDocument: '{}' }))
    iam.destroy()
    const ec2 = new EC2Client({
      region: 'eu-west-2',
      endpoint: moto.url,
      credentials: { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root' },
    })
    const Tags = [{ Key: 'Name', Value: 'kafka host' }]
    await ec2.send(
      new RunInstancesCommand({
        ImageId: 'ami-12c6146b',
        InstanceType: 't3.small',
        MinCount: 1,
        MaxCount: 1,
        TagSpecifications: [{ ResourceType: 'instance', Tags }],
      }),
    )
    ec2.destroy()
    await aws.write('credentials', `[default]\n${keys}`)
    await aws.write(
      'config',
      `[profile learner]\n${role('learner')}
[profile guarded]\n${role('learner', 'mfa_serial = arn:aws:iam::123456789012:mfa/ada\n')}
[profile school]\nsso_session = school\nsso_account_id = 123456789012\nsso_role_name = Learner\n
[sso-session school]\nsso_start_url = https://school.awsapps.com/start\nsso_region = eu-west-1\n
[profile broken]\nrole_arn = arn:aws:iam::123456789012:role/learner\nsource_profile = nobody\n
[stray]\nregion = x\n`,
    )
    test = await openPage({
      env: { ...aws.env, AWS_ENDPOINT_URL_SSO: sso.url, AWS_ENDPOINT_URL_SSO_OIDC: sso.url },
    })
    await page()
      .getByRole('button', { name: 'Look around first' })
      .or(page().getByRole('link', { name: 'Look around first' }))
      .first()
      .click()
    await page().getByRole('link', { name: 'AWS', exact: true }).click()
  })
  afterAll(async () => {
    await test?.close()
    await front?.close()
    await sso?.close()
    await moto?.stop()
    await aws?.remove()
  })

  const badge = () => page().getByRole('link', { name: /^AWS: / })

  it('nothing yet: no badge, every profile with its kind and what is wrong with it', async () => {
    await page().getByText('No connection to AWS yet').waitFor()
    const list = page().getByRole('list', { name: 'Profiles' })
    await list
      .getByText('The profile broken cannot work: the profile its role comes from does not exist: nobody.')
      .waitFor()
    await page()
      .getByText(/^Line \d+ names a section without the word "profile"/)
      .waitFor()
    expect(await badge().count()).toBe(0)
    await expectAccessible(page())
  })

  it('a profile is chosen and tried; the badge says account, alias, role and region on every page', async () => {
    await page().getByLabel('Source').selectOption({ label: 'A profile' })
    await page().getByLabel('Profile', { exact: true }).fill('learner')
    await page().getByLabel('Endpoint of an emulator').fill(front.url)
    await page().getByLabel('Colour of the badge').selectOption('violet')
    await page().getByRole('button', { name: 'Use and test' }).click()
    await page().getByText('Connected as learner.').waitFor()
    await badge().getByText('learners 123456789012 · learner · eu-west-2').waitFor()
    await page()
      .getByText('by profile learner', { exact: false })
      .or(page().getByText('profile learner'))
      .first()
      .waitFor()
    await page()
      .getByText(/^ends in (?:1 h 00|\d+) min, renewed by itself$/)
      .waitFor()
    await expectAccessible(page())
    await page().getByRole('heading', { level: 1 }).scrollIntoViewIfNeeded()
    await screenshot(page(), 'aws')
    await page().getByRole('link', { name: 'Topics', exact: true }).click()
    await page().getByRole('heading', { level: 1, name: 'Topics' }).waitFor()
    await badge().click()
    await page().getByRole('heading', { level: 1, name: 'AWS' }).waitFor()
  })

  it('what is denied is listed with a policy to copy', async () => {
    front.rules.set('SimulatePrincipalPolicy', (params) =>
      simulation(params, (action) => (action.startsWith('ec2:Run') ? 'explicitDeny' : 'allowed')),
    )
    await page().getByRole('button', { name: 'Check' }).click()
    await page().getByText('1 action denied.').waitFor()
    await page().getByRole('list', { name: 'Permissions' }).getByText('A policy forbids it.').waitFor()
    await page().getByRole('button', { name: 'Copy the policy' }).click()
    const policy = JSON.parse(await page().evaluate(() => navigator.clipboard.readText()))
    expect(policy.Statement[0].Action).toEqual(['ec2:RunInstances'])
    const asked = front.asked.find(({ action }) => action === 'SimulatePrincipalPolicy')
    expect(asked?.params.get('PolicySourceArn')).toBe('arn:aws:iam::123456789012:role/learner')
    await expectAccessible(page())
  })

  it('an instance is chosen, stopped and started: its new address is told; terminated only by its typed name', async () => {
    const list = page().getByRole('list', { name: 'Instances' })
    await list.getByText('kafka host').waitFor()
    await list.getByText('running for 0.0 h', { exact: true }).waitFor()
    front.rules.set(priceListAction, priceList({ instance: 0.0208, address: 0.005, disk: 0.0928 }))
    await page().getByRole('button', { name: 'Choose kafka host' }).click()
    await list.getByText('of this pipeline').waitFor()
    await list.getByText(/^running for 0\.0 h, about \$0\.\d+ so far at \$0\.0258 an hour$/).waitFor()
    await page().getByRole('button', { name: 'Stop kafka host' }).click()
    await page().getByRole('button', { name: 'Start kafka host' }).click()
    await page()
      .getByText(/^kafka host has another address: /)
      .waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'aws-machines')
    await page().getByRole('button', { name: 'It is changed' }).click()
    await page()
      .getByText(/^kafka host has another address: /)
      .waitFor({ state: 'detached' })
    await page().getByRole('button', { name: 'Terminate kafka host' }).click()
    const dialog = page().getByRole('dialog')
    await dialog.getByRole('textbox').fill('kafka host')
    await dialog.getByRole('button', { name: 'Terminate' }).click()
    await page().getByText('No instance in this region').waitFor()
  })

  it('a session near its end counts down on every page, and is renewed before it', async () => {
    const soon = new Date(Date.now() + 25_000).toISOString()
    front.rules.set('AssumeRole', () => ({
      status: 200,
      body: `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>ASIACANARYCANARY0002</AccessKeyId><SecretAccessKey>canary-secret-of-the-session</SecretAccessKey><SessionToken>canary-token-of-the-session</SessionToken><Expiration>${soon}</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`,
    }))
    await page().getByRole('button', { name: 'Test', exact: true }).click()
    await badge()
      .getByText(/ends in \d+ s/)
      .waitFor()
    front.rules.delete('AssumeRole')
    await page()
      .getByText(/^ends in (?:1 h 00|\d+) min, renewed by itself$/)
      .waitFor({ timeout: 40_000 })
    await badge().getByText('learners 123456789012 · learner · eu-west-2', { exact: true }).waitFor()
  })

  it('a profile with MFA asks for the code, and says that a wrong one was not taken', async () => {
    await page().getByRole('button', { name: 'Use guarded' }).click()
    await badge().getByText('code needed').waitFor()
    const said = 'MultiFactorAuthentication failed with invalid MFA one time pass code.'
    front.rules.set('AssumeRole', (params) =>
      params.get('TokenCode') === '123456' ? undefined : awsErrorAnswer('AccessDenied', said),
    )
    await page().getByRole('button', { name: 'Enter the code…' }).click()
    const dialog = page().getByRole('dialog')
    await dialog.getByLabel('Six digits').fill('000000')
    await dialog.getByLabel('Six digits').press('Enter')
    await dialog.getByText('AWS did not take the code', { exact: false }).waitFor()
    await expectAccessible(page())
    await dialog.getByLabel('Six digits').fill('123456')
    await dialog.getByRole('button', { name: 'Connect' }).click()
    await page().getByText('Connected as learner.').waitFor()
    expect(await page().getByRole('dialog').count()).toBe(0)
    // Tried again it is still the same session: no second code.
    await page().getByRole('button', { name: 'Test', exact: true }).click()
    await page().getByText('Connected as learner.').waitFor()
    front.rules.delete('AssumeRole')
  })

  it('a sign-in in the browser: the code to compare, then connected by itself', async () => {
    await page().getByRole('button', { name: 'Use school' }).click()
    await badge().getByText('sign-in needed').waitFor()
    await page().getByRole('button', { name: 'Sign in' }).click()
    await page().getByText('ABCD-EFGH').waitFor()
    const link = page().getByRole('link', { name: 'Open the sign-in page' })
    expect(await link.getAttribute('href')).toBe(`${sso.url}/device?user_code=ABCD-EFGH`)
    await expectAccessible(page())
    sso.agreed = 'yes'
    await page()
      .getByText(/^Connected as/)
      .waitFor()
  })

  it('a file that is mended is noticed, and another door’s choice too', async () => {
    await page().getByRole('button', { name: 'Use broken' }).click()
    await badge().getByText('not connected').waitFor()
    await expectAccessible(page())
    await aws.write('config', `[profile broken]\n${role('learner')}`)
    await page().getByText('Connected as learner.').waitFor()
    await page().getByLabel('Source').selectOption({ label: 'No connection' })
    await page().getByRole('button', { name: 'Use and test' }).click()
    await page().getByText('No connection to AWS yet').waitFor()
    expect(await badge().count()).toBe(0)
    expect(test.complaints).toEqual([])
  })

  it('an MSK cluster becomes the Kafka of a pipeline that uses what runs elsewhere', async () => {
    const arn = 'arn:aws:kafka:eu-west-2:123456789012:cluster/pins/0f0f0f0f-1111-2222-3333-444444444444-5'
    const json = (body: object) => () => ({
      status: 200,
      type: 'application/json',
      body: JSON.stringify(body),
    })
    const cluster = { clusterArn: arn, clusterName: 'pins', clusterType: 'PROVISIONED', state: 'ACTIVE' }
    const software = { kafkaVersion: '3.9.x' }
    const provisioned = { numberOfBrokerNodes: 3, currentBrokerSoftwareInfo: software }
    front.rules.set('/api/v2/clusters', json({ clusterInfoList: [{ ...cluster, provisioned }] }))
    const bootstrapBrokerStringSaslIam = 'b-1.pins.a1b2c3.c2.kafka.eu-west-2.amazonaws.com:9098'
    const brokers = `/v1/clusters/${encodeURIComponent(arn)}/bootstrap-brokers`
    front.rules.set(brokers, json({ bootstrapBrokerStringSaslIam }))
    const cli = async (...words: string[]) => {
      const { code, out, err } = await runProgram('cli.js', words, test.home.env)
      expect(code, err).toBe(0)
      return out
    }
    await cli('pipelines', 'create', 'cloud')
    const connection = ['aws.source=profile', 'aws.profile=default', 'aws.region=eu-west-2']
    await cli('pipelines', 'set', 'cloud', 'kind=existing', ...connection, `aws.endpoint=${front.url}`)
    await cli('pipelines', 'select', 'cloud')
    await page().reload()
    const list = page().getByRole('list', { name: 'MSK clusters' })
    await list.getByText('Kafka 3.9.x').waitFor()
    await page().getByRole('button', { name: 'Use pins' }).click()
    await list.getByText('of this pipeline').waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'aws-msk')
    const { items } = JSON.parse(await cli('pipelines', 'list', '--json'))
    expect(items.find(({ id }: { id: string }) => id === 'cloud').settings.endpoints).toMatchObject({
      bootstrap: bootstrapBrokerStringSaslIam,
      kafkaAccess: 'mskIam',
    })
    expect(test.complaints).toEqual([])
  })
})
