/** AWS keys of every source go in and are looked for in everything that comes out: frames, logs, errors, files, children. */
import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import type { ContractRouterClient } from '@orpc/contract'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { clientOver } from '../../electron/host/attach.ts'
import { type AwsChoice, awsChoiceSchema } from '../../shared/aws.ts'
import type { Contract } from '../../shared/contract.ts'
import { type AwsFront, awsErrorAnswer, awsFront } from '../helpers/awsFront.ts'
import { type AwsHome, awsHome } from '../helpers/awsHome.ts'
import { allFiles, runProgram, startProgram, type TestHome, testHome } from '../helpers/home.ts'
import { type SsoServer, ssoKeys, ssoServer } from '../helpers/ssoServer.ts'

const pipeline = 'this-computer'
const typed = {
  accessKeyId: 'AKIATYPEDCANARY00001',
  secretAccessKey: 'canary-7f3a-typed-secret-key',
  sessionToken: 'canary-7f3a-typed-session-token',
}
const ofProfile = ['AKIAPROFILECANARY001', 'canary-7f3a-profile-secret-key']
const ofProgram = ['AKIAPROGRAMCANARY001', 'canary-7f3a-program-secret-key', 'canary-7f3a-program-argument']
const ofEnvironment = [
  'AKIAENVIRCANARY00001',
  'canary-7f3a-environment-secret-key',
  'canary-7f3a-environment-token',
]
const ofRole = ['ASIAROLECANARY000001', 'canary-7f3a-role-secret-key', 'canary-7f3a-role-session-token']
const code = '918273'
const planted = [
  ...Object.values(typed),
  ...ofProfile,
  ...ofProgram,
  ...ofEnvironment,
  ...ofRole,
  ...Object.values(ssoKeys),
  'sso-canary-access-token',
  'sso-canary-refresh-token',
  'sso-canary-client-secret',
  code,
]

const assumed = `<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><AssumeRoleResult><Credentials><AccessKeyId>${ofRole[0]}</AccessKeyId><SecretAccessKey>${ofRole[1]}</SecretAccessKey><SessionToken>${ofRole[2]}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials></AssumeRoleResult></AssumeRoleResponse>`
const identity = `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><Arn>arn:aws:sts::123456789012:assumed-role/learner/x</Arn><UserId>x</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>`

let home: TestHome
let aws: AwsHome
let front: AwsFront
let sso: SsoServer
let web: ReturnType<typeof startProgram>
let client: ContractRouterClient<Contract>
let websocket: WebSocket
const received: string[] = []

beforeAll(async () => {
  home = await testHome()
  aws = await awsHome()
  front = await awsFront('http://127.0.0.1:9')
  sso = await ssoServer()
  front.rules.set('GetCallerIdentity', () => ({ status: 200, body: identity }))
  front.rules.set('AssumeRole', () => ({ status: 200, body: assumed }))
  const program = await aws.script(
    'program.sh',
    `echo '{"Version":1,"AccessKeyId":"${ofProgram[0]}","SecretAccessKey":"${ofProgram[1]}"}'`,
  )
  const failing = await aws.script('failing.sh', `echo "secret=${ofProgram[1]}" >&2; exit 1`)
  await aws.write(
    'credentials',
    `[default]\naws_access_key_id=${ofProfile[0]}\naws_secret_access_key=${ofProfile[1]}\n`,
  )
  await aws.write(
    'config',
    `[profile role]\nrole_arn=arn:aws:iam::123456789012:role/learner\nsource_profile=default\n
[profile mfa]\nrole_arn=arn:aws:iam::123456789012:role/learner\nsource_profile=default\nmfa_serial=arn:aws:iam::123456789012:mfa/a\n
[profile program]\ncredential_process=${program} ${ofProgram[2]}\n
[profile failing]\ncredential_process=${failing} ${ofProgram[2]}\n
[profile sso]\nsso_session=s\nsso_account_id=123456789012\nsso_role_name=R\n[sso-session s]\nsso_start_url=https://s.awsapps.com/start\nsso_region=eu-west-1\n
[profile noted]\n${ofProfile[1]}\n`,
  )
  Object.assign(home.env, aws.env, {
    AWS_ENDPOINT_URL_SSO: sso.url,
    AWS_ENDPOINT_URL_SSO_OIDC: sso.url,
    AWS_ACCESS_KEY_ID: ofEnvironment[0],
    AWS_SECRET_ACCESS_KEY: ofEnvironment[1],
    AWS_SESSION_TOKEN: ofEnvironment[2],
  })
  web = startProgram('web.js', [], home.env)
  const match = await web.line(/(http:\/\/127\.0\.0\.1:\d+)\/#token=(\S+)/)
  const origin = match[1] ?? ''
  const answer = await fetch(`${origin}/session`, {
    method: 'POST',
    headers: { origin },
    body: JSON.stringify({ token: match[2] }),
  })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  websocket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { origin, cookie } })
  websocket.on('message', (data) => received.push(data.toString()))
  await new Promise((resolve) => websocket.once('open', resolve))
  client = clientOver(websocket)
})
afterAll(async () => {
  websocket?.terminate()
  web?.child.kill('SIGTERM')
  await web?.finished
  await front?.close()
  await sso?.close()
  await aws?.remove()
  await home?.remove()
})

const use = (choice: Partial<AwsChoice>) =>
  client.aws.use({
    pipeline,
    choice: awsChoiceSchema.parse({ source: 'profile', endpoint: front.url, ...choice }),
  })

async function expectNowhere(): Promise<void> {
  await client.app.activity.list({ limit: 500 })
  await client.pipelines.list()
  const found = (text: string) => planted.filter((value) => text.includes(value))
  expect(received.flatMap(found)).toEqual([])
  for (const { path, text } of await allFiles(home.home)) expect(found(text), path).toEqual([])
  for (const { name, text } of await client.app.support()) expect(found(text), name).toEqual([])
  expect(found((await client.pipelines.export({ pipeline })).text)).toEqual([])
}

it('keys of profiles, roles, programs, a sign-in, the environment, and a code', async () => {
  const states: string[] = []
  for (const profile of ['default', 'role', 'program', 'failing', 'noted', 'sso']) {
    const { state, problem } = await use({ profile })
    states.push(`${profile} ${state} ${problem?.code ?? ''}`.trim())
  }
  expect(states).toEqual([
    'default connected',
    'role connected',
    'program connected',
    'failing failed AWS_PROCESS_FAILED',
    'noted failed AWS_PROFILE_UNKNOWN',
    'sso ask AWS_SSO_NEEDED',
  ])
  await client.aws.login({ pipeline })
  sso.agreed = 'yes'
  await expect
    .poll(async () => (await client.aws.status({ pipeline })).state, { timeout: 30_000 })
    .toBe('connected')
  await use({ profile: 'mfa' })
  expect((await client.aws.test({ pipeline, mfaCode: code })).state).toBe('connected')
  expect((await use({ source: 'environment' })).state).toBe('connected')
  await client.aws.profiles()
  await expectNowhere()
})

it('keys typed in, held and remembered, also where AWS quotes them', async () => {
  await use({ source: 'keys' })
  expect((await client.aws.setKeys({ pipeline, keys: typed })).state).toBe('connected')
  await client.secrets.createVault({ passphrase: 'several words are easiest' })
  const status = await client.aws.setKeys({ pipeline, keys: typed, remember: true })
  expect([status.hasKeys, status.state]).toEqual([true, 'connected'])
  front.rules.set('GetCallerIdentity', () =>
    awsErrorAnswer(
      'Strange',
      `AccessKey=${typed.accessKeyId} SecretAccessKey=${typed.secretAccessKey} token: ${typed.sessionToken}`,
    ),
  )
  expect((await client.aws.test({ pipeline })).problem?.code).toBe('AWS_FAILED')
  // What the contract refuses must not come back in the refusal either.
  const wrong = { ...typed, accessKeyId: 'no', secretAccessKey: `${typed.secretAccessKey} \n` }
  await client.aws.setKeys({ pipeline, keys: wrong }).catch(() => {})
  await client.aws.test({ pipeline, mfaCode: `${code}0` } as never).catch(() => {})
  await client.secrets.lock()
  expect((await client.aws.test({ pipeline })).problem?.code).toBe('SECRET_LOCKED')
  await expectNowhere()
})

it('no command line and no child of the local stack has them', async () => {
  const { err, out } = await runProgram('cli.js', ['aws', 'status', '--json'], home.env)
  expect(planted.filter((value) => (err + out).includes(value))).toEqual([])
  await client.plan.start({ pipeline, plan: 'local', action: 'apply', steps: ['kinesis'] })
  await expect
    .poll(async () => (await client.plan.get({ pipeline, plan: 'local' })).running, { timeout: 60_000 })
    .toBeNull()
  expect(execFileSync('ps', ['-eo', 'args']).toString()).not.toContain('canary-7f3a')
  if (process.platform !== 'linux') return
  const children = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && parentOf(pid) === web.child.pid)
  expect(children.length).toBeGreaterThan(0)
  for (const pid of children) {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8')
    expect(planted.filter((value) => environment.includes(value))).toEqual([])
  }
})

function parentOf(pid: string): number {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
  } catch {
    return 0
  }
}
