/** Kinesis from inside an office: by a name only the proxy knows, behind a certificate only the office's own CA signed. */
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { connectKinesis } from '../../electron/clients/kinesis/client.ts'
import type { Network } from '../../electron/lib/network.ts'
import { type TestKinesis, testKinesis } from '../helpers/kinesis.ts'
import { type Certificates, certificatesFor, officeProxy, tlsFront } from '../helpers/tls.ts'

/** Resolves nowhere: who reaches it went through the proxy. */
const host = 'kinesis.office.invalid'
const region = 'us-east-1'

let kinesis: TestKinesis
let certificates: Certificates
let front: Awaited<ReturnType<typeof tlsFront>>
let proxy: Awaited<ReturnType<typeof officeProxy>>

beforeAll(async () => {
  for (const name of ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY']) {
    vi.stubEnv(name, undefined)
  }
  kinesis = await testKinesis()
  certificates = await certificatesFor(`DNS:${host}`, 'DNS:localhost')
  const plain = Number(new URL(kinesis.server.endpoint).port)
  front = await tlsFront(certificates, plain)
  proxy = await officeProxy(
    new Map([
      [`${host}:${front.port}`, front.port],
      [`${host}:${plain}`, plain],
    ]),
  )
})
afterAll(async () => {
  await proxy?.close()
  await front?.close()
  await kinesis?.stop()
  vi.unstubAllEnvs()
})
afterEach(() => {
  proxy.asked.length = 0
  front.protocols.length = 0
  for (const name of ['HTTPS_PROXY', 'NO_PROXY']) vi.stubEnv(name, undefined)
})

async function list(endpoint: string, network: Network) {
  const client = connectKinesis({ endpoint, region }, network)
  try {
    return await client.listStreams()
  } finally {
    await client.close()
  }
}
const secure = () => `https://${host}:${front.port}`

it('goes through the proxy of the settings and trusts the CA of the settings', async () => {
  const network = { proxy: proxy.url, ca: certificates.ca }
  const client = connectKinesis({ endpoint: secure(), region }, network)
  await client.createStream('office', 1, new AbortController().signal)
  const records = Array.from({ length: 20 }, (_, i) => ({ data: Buffer.from(`${i}`), partitionKey: 'k' }))
  const results = await Promise.all([1, 2, 3].map(() => client.putRecords('office', records)))
  await client.close()
  expect(results.flat().filter(({ ok }) => ok)).toHaveLength(60)
  expect(new Set(proxy.asked)).toEqual(new Set([`CONNECT ${host}:${front.port}`]))
  expect(new Set(front.protocols)).toEqual(new Set(['1.1']))
})

it('the proxy of the environment counts where the settings name none, and NO_PROXY with either', async () => {
  vi.stubEnv('HTTPS_PROXY', proxy.url)
  expect(await list(secure(), { ca: certificates.ca })).toEqual(['office'])
  expect(proxy.asked).toEqual([`CONNECT ${host}:${front.port}`])

  vi.stubEnv('NO_PROXY', 'elsewhere.invalid,.office.invalid')
  for (const network of [{ ca: certificates.ca }, { ca: certificates.ca, proxy: proxy.url }]) {
    await expect(list(secure(), network)).rejects.toMatchObject({ code: 'KINESIS_UNREACHABLE' })
  }
  expect(proxy.asked).toHaveLength(1)
})

it('without the CA the tunnel is opened and the certificate refused', async () => {
  await expect(list(secure(), { proxy: proxy.url })).rejects.toMatchObject({ code: 'KINESIS_UNTRUSTED' })
  expect(proxy.asked).toContain(`CONNECT ${host}:${front.port}`)
})

it('an endpoint of plain HTTP goes through the proxy too', async () => {
  const port = new URL(kinesis.server.endpoint).port
  expect(await list(`http://${host}:${port}`, { proxy: proxy.url })).toEqual(['office'])
  expect(proxy.asked.length).toBeGreaterThan(0)
})

it('loopback never goes through a proxy; the CA counts there as well', async () => {
  vi.stubEnv('HTTPS_PROXY', proxy.url)
  const network = { proxy: proxy.url, ca: certificates.ca }
  expect(await list(kinesis.server.endpoint, network)).toEqual(['office'])
  expect(await list(`https://localhost:${front.port}`, network)).toEqual(['office'])
  expect(proxy.asked).toEqual([])
  expect(front.protocols).toEqual(['1.1'])
})
