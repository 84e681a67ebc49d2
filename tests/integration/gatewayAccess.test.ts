/** Gateways that want to know who calls: an API key or a signature, checked by servers that compute it themselves. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { toKeys } from '../../electron/clients/aws/clientConfig.ts'
import type { WhoseKeys } from '../../electron/clients/aws/types.ts'
import { listOf } from '../../electron/clients/gatewayLists.ts'
import type { Targets } from '../../electron/emulator/targets.ts'
import { secret } from '../../electron/lib/secret.ts'
import { AppError } from '../../shared/errors.ts'
import { signatureFault } from '../helpers/awsSignature.ts'
import { buildEntry } from '../helpers/builtEntry.ts'
import { openEmulations, pipeline } from '../helpers/emulation.ts'
import { allFiles, runProgram, testHome } from '../helpers/home.ts'
import { certificatesFor, officeProxy } from '../helpers/tls.ts'

const credentials = {
  id: 'AKIDCANARY0000000001',
  secret: 'canary-secret-access-key-000000000000000',
  token: 'canary/session+token=='.repeat(20),
}
const apiKey = 'canary-api-key-0123456789'
/** An invoke URL of API Gateway as it is; only the test's proxy knows it, so nothing leaves this computer. */
const invokeHost = 'abc123.execute-api.eu-central-1.amazonaws.com'

interface Seen {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly status: number
}
let seen: Seen[] = []
/** What is wrong with a request, or null. A gateway says it, and quotes what it got. */
let fault: (request: {
  method: string
  path: string
  headers: IncomingMessage['headers']
  body: Buffer
}) => string | null
const signedFor =
  (scope: string): typeof fault =>
  (request) =>
    signatureFault(request, credentials, scope)

function answer(request: IncomingMessage, response: ServerResponse): void {
  const chunks: Buffer[] = []
  request.on('data', (chunk) => chunks.push(chunk))
  request.on('end', () => {
    const { method = '', url: path = '', headers } = request
    const wrong = fault({ method, path, headers, body: Buffer.concat(chunks) })
    const status = wrong === null ? 200 : 403
    seen.push({ method, path, headers, status })
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(wrong === null ? bodyFor(method, path) : { message: wrong }))
  })
}

function bodyFor(method: string, path: string): unknown {
  if (method === 'GET') return path.endsWith('/topics') ? ['learner.pin'] : { StreamNames: ['s'] }
  if (method === 'POST') return { offsets: [{ partition: 0, offset: seen.length, error_code: null }] }
  return { ShardId: 'shardId-000000000000', SequenceNumber: String(seen.length + 1) }
}

let home: string
let entries: Awaited<ReturnType<typeof buildEntry>>
let secure: ReturnType<typeof createHttpsServer>
let plain: ReturnType<typeof createHttpServer>
let proxy: Awaited<ReturnType<typeof officeProxy>>
let ca: string
let caFile: string
const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'gateway-access-'))
  entries = await buildEntry('pumpWorker')
  const certificates = await certificatesFor('DNS:localhost', `DNS:${invokeHost}`)
  ca = certificates.ca
  caFile = join(home, 'ca.pem')
  await writeFile(caFile, ca)
  secure = createHttpsServer(certificates, answer)
  plain = createHttpServer(answer)
  for (const server of [secure, plain]) await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  proxy = await officeProxy(new Map([[`${invokeHost}:443`, portOf(secure)]]))
  for (const name of [
    'HTTPS_PROXY',
    'https_proxy',
    'HTTP_PROXY',
    'http_proxy',
    'AWS_PROFILE',
    'AWS_REGION',
  ]) {
    vi.stubEnv(name, undefined)
  }
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true')
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', join(home, 'none'))
  vi.stubEnv('AWS_CONFIG_FILE', join(home, 'none'))
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await proxy?.close()
  for (const server of [secure, plain]) {
    server?.closeAllConnections()
    server?.close()
  }
  await entries?.remove()
  await rm(home, { recursive: true, force: true })
})
afterEach(() => {
  seen = []
  signedIn(false)
})

function signedIn(is = true): void {
  vi.stubEnv('AWS_ACCESS_KEY_ID', is ? credentials.id : undefined)
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', is ? credentials.secret : undefined)
  vi.stubEnv('AWS_SESSION_TOKEN', is ? credentials.token : undefined)
}

const names = (prefix: string) => ({ pin: `${prefix}pin`, geo: `${prefix}geo`, user: `${prefix}user` })
const options = { sinks: ['rest', 'streams'], posts: 3, rate: { kind: 'max' } } as const
const input = { ...options, sinks: [...options.sinks] }

async function opened(
  over: Partial<Targets>,
  settings: object = {},
  gatewayKey?: string,
  awsKeys: WhoseKeys = null,
) {
  const targets: Targets = {
    kafkaBootstrap: null,
    gatewayUrl: `https://localhost:${portOf(secure)}/test`,
    kinesisEndpoint: null,
    region: 'eu-west-2',
    lakeDir: null,
    topics: names('learner.'),
    streams: names('streaming-learner-'),
    ...over,
  }
  return openEmulations(dirname(entries.file), targets, {
    settings: { caFile, ...settings },
    awsKeys,
    ...(gatewayKey === undefined ? {} : { gatewayKey }),
  })
}

/** No secret in any answer, activity or file of the run. */
async function expectClean(emulations: Awaited<ReturnType<typeof opened>>, said: unknown): Promise<void> {
  const secrets = [apiKey, credentials.id, credentials.secret, credentials.token.slice(0, 40)]
  const signatures = seen.map(({ headers }) => /Signature=(\w+)/.exec(headers.authorization ?? '')?.[1] ?? '')
  const texts = [JSON.stringify(said), JSON.stringify(emulations.activity)]
  for (const { text } of await allFiles(emulations.home)) texts.push(text)
  const found = [...secrets, ...signatures].filter(
    (value) => value !== '' && texts.some((text) => text.includes(value)),
  )
  expect(found).toEqual([])
}

it('signs every request of a run, for the region of the invoke URL, through the proxy', async () => {
  signedIn()
  fault = signedFor('eu-central-1/execute-api')
  const emulations = await opened(
    { gatewayUrl: `https://${invokeHost}/test`, gatewayAccess: 'sigv4' },
    { proxy: proxy.url },
  )
  const run = await emulations.run(input)
  expect(run.errors).toEqual([])
  expect(run.counters).toMatchObject({ sent: 18, acknowledged: 18 })
  expect(seen.map(({ method, path }) => `${method} ${path}`)).toContain(
    'PUT /test/streams/streaming-learner-geo/record',
  )
  expect(seen).toHaveLength(18)
  expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${invokeHost}:443`]))
  await expectClean(emulations, run)
  await emulations.close()
})

it('signs for the region of the pipeline where the name does not say one; what a refusal quotes stays here', async () => {
  signedIn()
  fault = signedFor('eu-west-2/execute-api')
  const emulations = await opened({ gatewayAccess: 'sigv4' })
  expect((await emulations.run(input)).counters.acknowledged).toBe(18)
  fault = ({ headers }) => `Not allowed: ${JSON.stringify(headers).replaceAll('"', '')}`
  const run = await emulations.run(input)
  expect(run.counters).toMatchObject({ acknowledged: 0, failed: 18 })
  expect(run.errors[0]).toMatchObject({
    code: 'GATEWAY_FORBIDDEN',
    hint: expect.stringContaining('execute-api:Invoke'),
  })
  await expectClean(emulations, [run, await emulations.client.list({ pipeline })])
  await emulations.close()
})

/** Somebody else than the environment holds. */
const identity = (nth: number) => ({
  id: `ASIDCANARY000000000${nth}`,
  secret: `canary-identity-secret-key-0000000000000${nth}`,
  token: `canary/identity+token${nth}==`.repeat(20),
})
const held = ({ id, secret: key, token }: ReturnType<typeof identity>) =>
  toKeys({ accessKeyId: id, secretAccessKey: key, sessionToken: token, expiration: new Date() })

it('signs as the identity of the pipeline, asked for anew with each request', async () => {
  signedIn()
  let now = identity(1)
  const at = { gatewayUrl: `https://${invokeHost}/test`, gatewayAccess: 'sigv4' } as const
  const emulations = await opened(at, { proxy: proxy.url }, undefined, async () => held(now))
  fault = (request) => {
    // Changed in the middle of the run; what was signed before may be on its way.
    if (seen.length === 30) now = identity(2)
    const faults = [identity(1), identity(2)].map((known) =>
      signatureFault(request, known, 'eu-central-1/execute-api'),
    )
    return faults.includes(null) && (seen.length < 40 || faults[1] === null) ? null : faults.join()
  }
  const run = await emulations.run({ ...input, posts: 20, inFlight: 1 })
  expect(run.errors).toEqual([])
  expect(run.counters).toMatchObject({ sent: 120, acknowledged: 120 })
  const ids = seen.map(({ headers }) => /Credential=([^/]+)/.exec(headers.authorization ?? '')?.[1])
  expect(new Set(ids)).toEqual(new Set([identity(1).id, identity(2).id]))
  for (const { token, secret: key } of [identity(1), identity(2)])
    for (const { path, text } of await allFiles(emulations.home)) {
      expect(text.includes(key) || text.includes(token), path).toBe(false)
    }
  await expectClean(emulations, run)
  await emulations.close()
})

it('an identity that fails is told by its own name, before the run and within it', async () => {
  signedIn()
  fault = () => null
  const gone = new AppError({
    code: 'AWS_SSO_NEEDED',
    message: 'The sign-in has run out: work',
    hint: 'Sign in.',
  })
  let works = false
  const emulations = await opened({ gatewayAccess: 'sigv4' }, {}, undefined, async () => {
    if (!works) throw gone
    works = false
    return held(identity(1))
  })
  await expect(emulations.client.start({ pipeline, options: input })).rejects.toMatchObject({
    data: { code: 'AWS_SSO_NEEDED' },
  })
  // Asked once before the run, and not again.
  works = true
  const run = await emulations.run(input)
  expect(run.errors).toMatchObject(
    ['rest', 'streams'].map((sink) => ({ sink, code: 'AWS_SSO_NEEDED', hint: 'Sign in.', count: 9 })),
  )
  expect(run.counters).toMatchObject({ acknowledged: 0, failed: 18 })
  expect(seen).toEqual([])
  await emulations.close()
})

it('sends the API key that was given, and only where it is wanted', async () => {
  fault = ({ headers }) =>
    headers['x-api-key'] === apiKey && headers.authorization === undefined
      ? null
      : `Forbidden with the key ${headers['x-api-key']}`
  const base = { gatewayUrl: `http://127.0.0.1:${portOf(plain)}/test` }
  const held = await opened({ ...base, gatewayAccess: 'apiKey' }, {}, apiKey)
  const run = await held.run(input)
  expect(run.counters.acknowledged).toBe(18)
  const preview = await held.client.preview({ pipeline, options: input })
  expect(preview.records[0]?.headers).toContainEqual({ name: 'x-api-key', value: '[REDACTED]' })
  const other = 'canary-other-key-987'
  const refused = await held.client.start({ pipeline, options: input, gatewayKey: other })
  const end = await held.end(refused.runId)
  expect(end.errors[0]).toMatchObject({
    code: 'GATEWAY_FORBIDDEN',
    example: expect.stringContaining('Forbidden with the key [REDACTED]'),
  })
  expect(JSON.stringify([end, await allFiles(held.home)])).not.toContain(other)
  await expectClean(held, [run, preview, end])
  await held.close()

  seen = []
  const open = await opened(base, {}, apiKey)
  await open.run(input)
  expect(seen).toHaveLength(18)
  expect(seen.filter(({ headers }) => 'x-api-key' in headers || 'authorization' in headers)).toEqual([])
  await open.close()
})

it('refuses to send either over plain http to another computer, before anything is opened', async () => {
  signedIn()
  for (const gatewayAccess of ['apiKey', 'sigv4'] as const) {
    const emulations = await opened(
      { gatewayUrl: 'http://gateway.office.invalid/test', gatewayAccess },
      {},
      apiKey,
    )
    const refusal = { data: { code: 'GATEWAY_ACCESS_INSECURE', field: 'endpoints.gateway' } }
    await expect(emulations.client.start({ pipeline, options: input })).rejects.toMatchObject(refusal)
    await expect(emulations.client.preview({ pipeline, options: input })).rejects.toMatchObject(refusal)
    await emulations.close()
  }
})

it('says what is missing: the key before the run, credentials with its records', async () => {
  fault = () => null
  const emulations = await opened({ gatewayAccess: 'apiKey' })
  await expect(emulations.client.start({ pipeline, options: input })).rejects.toMatchObject({
    data: { code: 'GATEWAY_KEY_MISSING' },
  })
  const { runId } = await emulations.client.start({ pipeline, options: input, gatewayAccess: 'sigv4' })
  expect((await emulations.end(runId)).errors.map(({ code }) => code)).toEqual(
    expect.arrayContaining(['GATEWAY_CREDENTIALS_MISSING']),
  )
  expect(seen).toEqual([])
  await emulations.close()
})

it('a look at what is there proves who looks too, and no key follows a redirection', async () => {
  fault = ({ headers }) => (headers['x-api-key'] === apiKey ? null : 'Forbidden')
  const access = { kind: 'apiKey', key: secret(apiKey), keys: null, region: '' } as const
  const base = `https://localhost:${portOf(secure)}/test`
  const line = { base, connections: 1, network: { ca }, access }
  expect(await listOf(line, 'topics')).toEqual(['learner.pin'])
  await expect(listOf({ ...line, access: { ...access, kind: 'none' } }, 'topics')).rejects.toMatchObject({
    code: 'GATEWAY_FORBIDDEN',
  })

  seen = []
  const away = createHttpServer((_, response) => {
    response.writeHead(307, { location: `http://127.0.0.1:${portOf(plain)}/test/topics` }).end()
  })
  await new Promise<void>((done) => away.listen(0, '127.0.0.1', done))
  const led = { ...line, base: `http://127.0.0.1:${portOf(away)}/test` }
  await expect(listOf(led, 'topics')).rejects.toMatchObject({ code: 'GATEWAY_REFUSED' })
  expect(seen).toEqual([])
  away.close()
})

it('the terminal takes the key from its environment, for the pipeline that wants one', async () => {
  fault = ({ headers }) => (headers['x-api-key'] === apiKey ? null : 'Forbidden')
  const program = await testHome()
  const cli = (args: string[], env: NodeJS.ProcessEnv = {}) =>
    runProgram('cli.js', args, { ...program.env, ...env })
  const gateway = `http://127.0.0.1:${portOf(plain)}/test`
  const settings = { name: 'Elsewhere', kind: 'existing', endpoints: { gateway, gatewayAccess: 'apiKey' } }
  const file = join(home, 'elsewhere.json')
  await writeFile(file, JSON.stringify({ pipelineControl: 1, settings }))
  expect(await cli(['pipelines', 'import', file])).toMatchObject({ code: 0 })
  const args = ['emulate', '--pipeline', 'elsewhere', '--posts', '2', '--rate', 'max', '--json']

  const without = await cli(args)
  expect(without).toMatchObject({ code: 1, err: expect.stringContaining('GATEWAY_KEY_MISSING') })
  const short = await cli(args, { PIPELINE_GATEWAY_KEY: 'short' })
  expect(short).toMatchObject({ code: 2, err: expect.stringContaining('at least 8') })
  expect(seen).toEqual([])

  const done = await cli(args, { PIPELINE_GATEWAY_KEY: apiKey })
  expect(done, done.err).toMatchObject({ code: 0 })
  expect(seen.map(({ status }) => status)).toEqual(Array(12).fill(200))
  const open = await cli([...args, '--gateway-access', 'none'], { PIPELINE_GATEWAY_KEY: apiKey })
  expect(open).toMatchObject({ code: 1, err: expect.stringContaining('GATEWAY_FORBIDDEN') })
  expect(seen.slice(12).filter(({ headers }) => 'x-api-key' in headers)).toEqual([])
  expect((await allFiles(program.home)).filter(({ text }) => text.includes(apiKey))).toEqual([])
  expect(done.out + done.err + open.out + open.err).not.toContain(apiKey)
  await program.remove()
})
