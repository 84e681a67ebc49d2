/** Each source of credentials with real files, a real moto server behind STS, and each way it fails. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  CreateAccessKeyCommand,
  CreateAccountAliasCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { roleSessionName } from '../../electron/clients/aws/assumeRole.ts'
import { callerIdentity } from '../../electron/clients/aws/identity.ts'
import { listProfiles } from '../../electron/clients/aws/profiles.ts'
import { beginSignIn } from '../../electron/clients/aws/signIn.ts'
import { resolveSources } from '../../electron/clients/aws/sources.ts'
import type { Resolved } from '../../electron/clients/aws/types.ts'
import { secret } from '../../electron/lib/secret.ts'
import { type AwsChoice, awsChoiceSchema } from '../../shared/aws.ts'
import { type AwsFront, awsErrorAnswer, awsFront } from '../helpers/awsFront.ts'
import { type AwsHome, awsHome, enterAwsHome } from '../helpers/awsHome.ts'
import { type Moto, motoMissing, startMoto } from '../helpers/moto.ts'
import { type SsoServer, ssoKeys, ssoServer } from '../helpers/ssoServer.ts'

const missing = await motoMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const trust = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' }],
})

describe.skipIf(missing !== null)(
  `sources of AWS credentials${missing === null ? '' : ` (${missing})`}`,
  () => {
    let moto: Moto
    let front: AwsFront
    let sso: SsoServer
    let aws: AwsHome
    let user: { id: string; key: string }

    beforeAll(async () => {
      moto = await startMoto()
      front = await awsFront(moto.url)
      sso = await ssoServer()
      const iam = new IAMClient({
        region: 'us-east-1',
        endpoint: moto.url,
        credentials: { accessKeyId: 'AKIAROOTROOTROOTROOT', secretAccessKey: 'root' },
      })
      await iam.send(new CreateAccountAliasCommand({ AccountAlias: 'learners' }))
      await iam.send(new CreateUserCommand({ UserName: 'ada' }))
      const PolicyDocument = JSON.stringify({
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:*', Resource: '*' }],
      })
      await iam.send(new PutUserPolicyCommand({ UserName: 'ada', PolicyName: 'all', PolicyDocument }))
      const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: 'ada' }))
      user = { id: AccessKey?.AccessKeyId ?? '', key: AccessKey?.SecretAccessKey ?? '' }
      for (const RoleName of ['first', 'second'])
        await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }))
      iam.destroy()
    })
    afterAll(async () => {
      await front?.close()
      await sso?.close()
      await moto?.stop()
      await aws?.remove()
    })
    beforeEach(async () => {
      await aws?.remove()
      aws = await awsHome()
      enterAwsHome(aws)
      front.rules.clear()
      front.asked.length = 0
      sso.agreed = 'not yet'
      sso.tokens.clear()
      sso.grants.length = 0
    })

    const resolve = (choice: Partial<AwsChoice>, more: { mfaCode?: string; typed?: object } = {}) =>
      resolveSources(awsChoiceSchema.parse({ source: 'profile', endpoint: front.url, ...choice }), {
        network: {},
        typed: more.typed === undefined ? null : secret(JSON.stringify(more.typed)),
        mfaCode: more.mfaCode,
        fallbackRegion: 'us-east-1',
      })
    const who = (found: Resolved) => {
      const { keys, region, endpoint } = found
      if (keys === null) throw new Error(JSON.stringify(found.problem))
      return callerIdentity({ region, endpoint, network: {}, keys: async () => keys })
    }
    const staticKeys = () => `aws_access_key_id = ${user.id}\naws_secret_access_key = ${user.key}\n`

    it('a profile with keys, its region, and who it is', async () => {
      await aws.write('credentials', `[default]\n${staticKeys()}`)
      await aws.write('config', '[default]\nregion = eu-west-2\n')
      const found = await resolve({})
      expect(found).toMatchObject({
        via: 'profile default',
        region: 'eu-west-2',
        renewable: true,
        problem: null,
      })
      expect(await who(found)).toEqual({
        account: '123456789012',
        alias: 'learners',
        arn: 'arn:aws:iam::123456789012:user/ada',
        kind: 'user',
        name: 'ada',
      })
      expect(JSON.stringify(found)).not.toContain(user.key)
    })

    it('roles one on top of another, each under the same session name every time', async () => {
      await aws.write('credentials', `[base]\n${staticKeys()}`)
      await aws.write(
        'config',
        `[profile one]\nrole_arn = arn:aws:iam::123456789012:role/first\nsource_profile = base\n
[profile two]\nrole_arn = arn:aws:iam::123456789012:role/second\nsource_profile = one\nrole_session_name = mine\n`,
      )
      const { arn, kind, name } = await who(await resolve({ profile: 'one' }))
      expect([arn, kind, name]).toEqual([
        `arn:aws:sts::123456789012:assumed-role/first/${roleSessionName()}`,
        'role',
        'first',
      ])
      expect((await who(await resolve({ profile: 'two' }))).arn).toMatch(/assumed-role\/second\/mine$/)
      const names = front.asked
        .filter(({ action }) => action === 'AssumeRole')
        .map(({ params }) => params.get('RoleSessionName'))
      expect(names).toEqual([roleSessionName(), roleSessionName(), 'mine'])
      const found = await resolve({ profile: 'two' })
      expect(found.keys?.expiresAt).toBeGreaterThan(Date.now())
    })

    it('a role that is chosen in the app, on top of the source', async () => {
      await aws.write('credentials', `[default]\n${staticKeys()}`)
      const found = await resolve({ roleArn: 'arn:aws:iam::123456789012:role/second' })
      expect((await who(found)).name).toBe('second')
      front.rules.set('AssumeRole', () =>
        awsErrorAnswer('AccessDenied', 'User: x is not authorized to perform: sts:AssumeRole'),
      )
      expect((await resolve({ roleArn: 'arn:aws:iam::123456789012:role/second' })).problem).toMatchObject({
        code: 'AWS_ROLE_REFUSED',
        message: 'The role was not given: arn:aws:iam::123456789012:role/second',
      })
    })

    it('MFA is asked for before anything is sent, and a wrong code is told apart', async () => {
      await aws.write('credentials', `[base]\n${staticKeys()}`)
      await aws.write(
        'config',
        '[profile mfa]\nrole_arn = arn:aws:iam::123456789012:role/first\nsource_profile = base\nmfa_serial = arn:aws:iam::123456789012:mfa/ada\n',
      )
      expect((await resolve({ profile: 'mfa' })).problem?.code).toBe('AWS_MFA_NEEDED')
      expect(front.asked).toEqual([])
      const found = await resolve({ profile: 'mfa' }, { mfaCode: '123456' })
      expect(found.renewable).toBe(false)
      expect((await who(found)).name).toBe('first')
      expect(front.asked[0]?.params.get('TokenCode')).toBe('123456')
      const said = 'MultiFactorAuthentication failed with invalid MFA one time pass code.'
      front.rules.set('AssumeRole', () => awsErrorAnswer('AccessDenied', said))
      expect((await resolve({ profile: 'mfa' }, { mfaCode: '000000' })).problem?.code).toBe('AWS_MFA_WRONG')
      expect((await listProfiles()).items.find(({ name }) => name === 'mfa')?.mfa).toBe(true)
    })

    it('a program that gives credentials; its failures never show its arguments', async () => {
      const good = await aws.script(
        'good.sh',
        `echo '{"Version":1,"AccessKeyId":"${user.id}","SecretAccessKey":"${user.key}"}'`,
      )
      const bad = await aws.script('bad.sh', 'echo "no vault: token=canary-process-token" >&2; exit 3')
      const noise = await aws.script('noise.sh', 'echo canary-not-json')
      await aws.write(
        'config',
        `[profile good]\ncredential_process = ${good} --pin canary-process-pin\n
[profile bad]\ncredential_process = ${bad} --pin canary-process-pin\n
[profile noise]\ncredential_process = ${noise}\n`,
      )
      expect((await who(await resolve({ profile: 'good' }))).name).toBe('ada')
      const { problem } = await resolve({ profile: 'bad' })
      expect(problem).toMatchObject({ code: 'AWS_PROCESS_FAILED' })
      expect(problem?.message).toContain('no vault')
      const noisy = await resolve({ profile: 'noise' })
      expect(noisy.problem?.code).toBe('AWS_PROCESS_FAILED')
      const all = JSON.stringify([problem, noisy, await listProfiles()])
      expect(all).not.toMatch(/canary/)
    })

    it('SSO: signed in by the browser, renewed by its refresh token, and asked for again at its end', async () => {
      process.env.AWS_ENDPOINT_URL_SSO = sso.url
      process.env.AWS_ENDPOINT_URL_SSO_OIDC = sso.url
      await aws.write(
        'config',
        `[sso-session school]\nsso_start_url = https://school.awsapps.com/start\nsso_region = eu-west-1\nsso_registration_scopes = sso:account:access\n
[profile work]\nsso_session = school\nsso_account_id = 123456789012\nsso_role_name = Learner\nregion = eu-west-1\n
[profile onward]\nrole_arn = arn:aws:iam::123456789012:role/first\nsource_profile = work\n`,
      )
      const before = await resolve({ profile: 'work' })
      expect(before.problem).toMatchObject({ code: 'AWS_SSO_NEEDED' })
      expect(before.profile).toBe('work')

      const refused = await beginSignIn('work', {})
      sso.agreed = 'no'
      await expect(refused.finish(new AbortController().signal)).rejects.toMatchObject({
        code: 'AWS_SIGN_IN_FAILED',
        message: 'The sign-in did not come about: it was refused in the browser',
      })

      sso.agreed = 'not yet'
      sso.tokenLifetime = 60
      const begun = await beginSignIn('onward', {})
      expect(begun).toMatchObject({ url: `${sso.url}/device?user_code=ABCD-EFGH`, code: 'ABCD-EFGH' })
      setTimeout(() => {
        sso.agreed = 'yes'
      }, 1_500)
      await begun.finish(new AbortController().signal)
      expect(sso.grants.length).toBeGreaterThan(2)
      sso.tokenLifetime = 28_800

      // The token is within its last five minutes: the SDK renews it by itself.
      const found = await resolve({ profile: 'work' })
      expect(found.keys?.secretAccessKey.reveal()).toBe(ssoKeys.secretAccessKey)
      expect(found.renewable).toBe(true)
      expect(sso.grants.at(-1)).toBe('refresh_token')
      expect(JSON.stringify(found)).not.toMatch(/canary/i)
      expect((await who(await resolve({ profile: 'onward' }))).name).toBe('first')

      sso.tokens.clear()
      expect((await resolve({ profile: 'work' })).problem).toMatchObject({ code: 'AWS_SSO_NEEDED' })
      await expect(beginSignIn('default', {})).rejects.toMatchObject({ code: 'AWS_PROFILE_UNKNOWN' })
    })

    it('the environment, half an environment, and the order of the chain', async () => {
      const nothing = await resolve({ source: 'auto' })
      expect(nothing.problem?.code).toBe('AWS_NO_SOURCE')
      expect(nothing.tried.map(({ source, state }) => `${source} ${state}`)).toEqual([
        'profile absent',
        'environment absent',
        'instance absent',
        'keys absent',
      ])
      process.env.AWS_ACCESS_KEY_ID = user.id
      expect((await resolve({ source: 'auto' })).problem).toMatchObject({ code: 'AWS_ENVIRONMENT_HALF' })
      process.env.AWS_SECRET_ACCESS_KEY = user.key
      const found = await resolve({ source: 'auto' })
      expect(found.tried.map(({ state }) => state)).toEqual(['absent', 'used'])
      expect((await who(found)).name).toBe('ada')
      // A profile that is there and broken ends the search: going on would act as somebody else.
      await aws.write('credentials', `[default]\naws_access_key_id = ${user.id}\n`)
      expect((await resolve({ source: 'auto' })).problem).toMatchObject({ code: 'AWS_PROFILE_BROKEN' })
    })

    it('the role of an instance, by IMDSv2 only with its token', async () => {
      const asked: string[] = []
      const metadata = createServer((request, response) => {
        asked.push(`${request.method} ${request.url}`)
        const token = request.headers['x-aws-ec2-metadata-token']
        if (request.url === '/latest/api/token') response.end('imds-token')
        else if (token !== 'imds-token') response.writeHead(401).end()
        else if (request.url?.endsWith('/security-credentials/')) response.end('learner')
        else
          response.end(
            JSON.stringify({
              Code: 'Success',
              AccessKeyId: user.id,
              SecretAccessKey: user.key,
              Token: 'instance-token',
              Expiration: new Date(Date.now() + 3_600_000).toISOString(),
            }),
          )
      })
      await new Promise<void>((done) => metadata.listen(0, '127.0.0.1', done))
      delete process.env.AWS_EC2_METADATA_DISABLED
      process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = `http://127.0.0.1:${(metadata.address() as AddressInfo).port}`
      try {
        const found = await resolve({ source: 'instance' })
        expect(found).toMatchObject({ via: 'the instance’s role', renewable: true, problem: null })
        expect(found.keys?.expiresAt).toBeGreaterThan(Date.now())
        expect((await who(found)).name).toBe('ada')
        expect(asked[0]).toBe('PUT /latest/api/token')
      } finally {
        metadata.close()
      }
      process.env.AWS_EC2_METADATA_SERVICE_ENDPOINT = 'http://127.0.0.1:9'
      const { problem, tried } = await resolve({ source: 'instance' })
      expect(problem?.code).toBe('AWS_NO_SOURCE')
      expect(tried[0]?.text).toContain('This is no EC2 instance with a role')
    })

    it('a token file of another identity provider', async () => {
      await aws.write('token', 'canary-web-identity-token')
      await aws.write(
        'config',
        `[profile web]\nrole_arn = arn:aws:iam::123456789012:role/second\nweb_identity_token_file = ${aws.home}/.aws/token\n`,
      )
      const found = await resolve({ profile: 'web' })
      expect((await who(found)).arn).toBe(
        `arn:aws:sts::123456789012:assumed-role/second/${roleSessionName()}`,
      )
      expect(JSON.stringify([found, await listProfiles()])).not.toContain('canary')
    })

    it('through the proxy of the settings', async () => {
      await aws.write('credentials', `[default]\n${staticKeys()}`)
      const { keys } = await resolve({})
      if (keys === null) throw new Error('no keys')
      const through: string[] = []
      const proxy = createServer()
      proxy.on('connect', (request, socket) => {
        through.push(request.url ?? '')
        socket.end('HTTP/1.1 403 Forbidden\r\n\r\n')
      })
      await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done))
      const network = { proxy: `http://127.0.0.1:${(proxy.address() as AddressInfo).port}` }
      const refused = callerIdentity({ region: 'eu-west-2', endpoint: '', network, keys: async () => keys })
      await expect(refused).rejects.toMatchObject({ code: 'AWS_UNREACHABLE' })
      expect(through[0]).toBe('sts.eu-west-2.amazonaws.com:443')
      proxy.close()
    })

    it('keys typed in, in the chain only after everything else', async () => {
      const typed = { accessKeyId: user.id, secretAccessKey: user.key }
      expect((await who(await resolve({ source: 'keys' }, { typed }))).name).toBe('ada')
      expect((await resolve({ source: 'auto' }, { typed })).tried.at(-1)).toMatchObject({
        source: 'keys',
        state: 'used',
      })
      expect((await resolve({ source: 'keys' })).problem?.code).toBe('AWS_KEYS_MISSING')
    })

    it('wrong, unknown, expired keys, a wrong clock and no way there are told apart', async () => {
      await aws.write(
        'credentials',
        `[good]\n${staticKeys()}
[typo]\naws_access_key_id = ${user.id}\naws_secret_access_key = wrongwrongwrong
[stranger]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = whatever\n`,
      )
      await moto.enforce(true)
      try {
        expect((await who(await resolve({ profile: 'good' }))).name).toBe('ada')
        const codeOf = async (profile: string) =>
          who(await resolve({ profile })).then(
            () => 'none',
            (thrown) => thrown.code,
          )
        expect(await codeOf('typo')).toBe('AWS_SECRET_WRONG')
        expect(await codeOf('stranger')).toBe('AWS_KEYS_REFUSED')
        const says = (code: string, text: string) =>
          front.rules.set('GetCallerIdentity', () => awsErrorAnswer(code, text))
        says('ExpiredToken', 'The security token included in the request is expired')
        expect(await codeOf('good')).toBe('AWS_KEYS_EXPIRED')
        says(
          'SignatureDoesNotMatch',
          'Signature not yet current: 20261129T190000Z is still later than 20261129T180000Z',
        )
        expect(await codeOf('good')).toBe('AWS_CLOCK_SKEWED')
      } finally {
        await moto.enforce(false)
      }
      const nowhere = await resolve({ profile: 'good', endpoint: 'http://127.0.0.1:9' })
      await expect(who(nowhere)).rejects.toMatchObject({ code: 'AWS_UNREACHABLE' })
      const open = await resolve({ profile: 'good', endpoint: 'http://192.0.2.1:5000' })
      expect(open.problem?.code).toBe('AWS_ENDPOINT_INSECURE')
    })
  },
)
