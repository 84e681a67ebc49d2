/** A planted secret goes in through the door and is looked for in everything that comes out: frames, logs, files. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { allFiles, type TestHome, testHome } from '../helpers/home.ts'
import { startWebClient, type WebClient } from '../helpers/webClient.ts'

const canary = 'canary-7f3a-password'
const gatewayKey = 'canary-7f3a-gateway-key'
const pipeline = 'this-computer'
const source = {
  kind: 'mysql',
  host: '127.0.0.1',
  port: 1,
  user: 'root',
  database: 'pinterest_data',
  tls: 'off',
} as const

let home: TestHome
let web: WebClient
let client: WebClient['client']
let received: readonly string[]

beforeAll(async () => {
  home = await testHome()
  web = await startWebClient(home)
  client = web.client
  received = web.frames
})
afterAll(async () => {
  await web.stop()
  await home.remove()
})

it('a database password is in no frame, log, error or file', async () => {
  const yaml = `HOST: 127.0.0.1\nUSER: root\nPASSWORD: ${canary}\nDATABASE: pinterest_data\nPORT: 1\n`
  expect(await client.emulation.importCredentials({ text: yaml })).toEqual({
    host: '127.0.0.1',
    port: 1,
    user: 'root',
    database: 'pinterest_data',
    hasPassword: true,
  })
  const options = { source, sinks: ['file' as const], posts: 1 }
  for (const password of [undefined, canary]) {
    const input = { pipeline, options, ...(password === undefined ? {} : { password }) } as never
    const thrown = await client.emulation.preview(input).catch((error) => error)
    expect(thrown).toMatchObject({ code: 'FAILED', data: { code: 'MYSQL_UNREACHABLE' } })
    const { runId } = await client.emulation.start(input)
    await expect
      .poll(async () => (await client.emulation.get({ pipeline, runId })).state, { timeout: 60_000 })
      .toBe('failed')
  }
  // An input the contract refuses must not come back in the refusal either.
  await client.emulation
    .start({ pipeline, options: { ...options, batch: -1 }, password: canary } as never)
    .catch(() => {})
  await client.settings.set({ proxy: `http://user:${canary}@127.0.0.1:9` } as never).catch(() => {})
  await client.settings.set({ proxy: '' })
  await client.app.activity.list({ limit: 500 })
  await client.emulation.list({ pipeline })
  await client.pipelines.export({ pipeline })

  expect(received.length).toBeGreaterThan(10)
  // The proxy is a setting the page itself typed and reads back; everything else must be free of the canary.
  expect(received.filter((frame) => frame.includes(canary) && !frame.includes('"proxy"'))).toEqual([])
  const guilty = (await allFiles(home.home)).filter(({ text }) => text.includes(canary))
  expect(guilty.map(({ path }) => path)).toEqual([])
})

it('an API key of a gateway is in no frame, log, error or file, though the gateway quotes it', async () => {
  let asked = 0
  const quoting = createServer((request, response) => {
    asked += 1
    response.writeHead(403, { 'content-type': 'application/json' })
    response.end(JSON.stringify({ message: `No to ${request.headers['x-api-key']}` }))
  })
  await new Promise<void>((done) => quoting.listen(0, '127.0.0.1', done))
  const gateway = `http://127.0.0.1:${(quoting.address() as AddressInfo).port}/test`
  const settings = {
    name: 'Keyed',
    kind: 'existing',
    endpoints: { gateway, gatewayAccess: 'apiKey' },
  } as const
  try {
    const { problems } = await client.pipelines.discover({ settings, gatewayKey } as never)
    expect(problems[0]).toMatchObject({
      code: 'GATEWAY_FORBIDDEN',
      message: expect.stringContaining('[REDACTED]'),
    })
    const { id } = await client.pipelines.create(settings as never)
    expect(await client.pipelines.gatewayKey({ pipeline: id })).toEqual({ hasKey: false })
    expect(await client.pipelines.setGatewayKey({ pipeline: id, key: gatewayKey })).toEqual({ hasKey: true })
    const input = { pipeline: id, options: { sinks: ['rest', 'streams'], posts: 1 } } as never
    await client.emulation.preview(input)
    const { runId } = await client.emulation.start(input)
    await expect
      .poll(async () => (await client.emulation.get({ pipeline: id, runId })).errors, { timeout: 60_000 })
      .toContainEqual(expect.objectContaining({ code: 'GATEWAY_FORBIDDEN' }))
    // An input the contract refuses must not come back in the refusal either.
    await client.pipelines.setGatewayKey({ pipeline: id, key: `${gatewayKey} \n` }).catch(() => {})
    await client.pipelines.export({ pipeline: id })
    expect(asked).toBeGreaterThan(3)

    // Another address must not get what was given for this one.
    const moved = { ...settings, endpoints: { ...settings.endpoints, gateway: 'http://127.0.0.1:9/test' } }
    await client.pipelines.update({ pipeline: id, settings: moved as never })
    expect(await client.pipelines.gatewayKey({ pipeline: id })).toEqual({ hasKey: false })
    await client.app.activity.list({ limit: 500 })
    expect(received.filter((frame) => frame.includes(gatewayKey))).toEqual([])
    const guilty = (await allFiles(home.home)).filter(({ text }) => text.includes(gatewayKey))
    expect(guilty.map(({ path }) => path)).toEqual([])
  } finally {
    quoting.close()
  }
})

it('a remembered password and the passphrase of its vault are in no frame, log, error or file', async () => {
  const passphrase = 'canary-7f3a passphrase of the vault'
  const remembered = 'canary-7f3a-remembered'
  await client.secrets.createVault({ passphrase })
  const options = { source, sinks: ['file' as const], posts: 1 }
  const input = { pipeline, options, password: remembered, remember: true } as never
  const { runId } = await client.emulation.start(input)
  await expect
    .poll(async () => (await client.emulation.get({ pipeline, runId })).state, { timeout: 60_000 })
    .toBe('failed')
  const status = await client.secrets.lock()
  expect(status.items).toMatchObject([{ name: 'mysql:root@127.0.0.1:1/pinterest_data', openable: false }])
  await expect(client.secrets.unlock({ passphrase: `${passphrase}!` })).rejects.toMatchObject({
    data: { code: 'VAULT_WRONG_PASSPHRASE' },
  })
  await client.secrets.unlock({ passphrase })
  await client.secrets.createVault({ passphrase: `${passphrase} short`.slice(0, 5) }).catch(() => {})
  await client.app.activity.list({ limit: 500 })
  for (const planted of [passphrase, remembered]) {
    expect(received.filter((frame) => frame.includes(planted))).toEqual([])
    const guilty = (await allFiles(home.home)).filter(({ text }) => text.includes(planted))
    expect(guilty.map(({ path }) => path)).toEqual([])
  }
})

it('neither the token of the address nor the session is in a file', async () => {
  const token = /#token=(\S+)/.exec((await web.line(/#token=\S+/)).input)?.[1] ?? ''
  expect(token.length).toBeGreaterThan(40)
  const guilty = (await allFiles(home.home)).filter(({ text }) => text.includes(token))
  expect(guilty).toEqual([])
})

it('a support bundle holds none of them, and says what there is', async () => {
  const files = await client.app.support()
  expect(files.map(({ name }) => name)).toEqual(
    expect.arrayContaining(['versions.json', 'settings.json', 'activity.json', 'app.log']),
  )
  for (const { name, text } of files) expect(text, name).not.toContain('canary-7f3a')
  expect(files.find(({ name }) => name === 'versions.json')?.text).toContain('"cores"')
  expect(files.find(({ name }) => name === 'app.log')?.text).toContain('started: version')
})
