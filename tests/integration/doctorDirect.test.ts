/** The doctor of a pipeline without a machine: this computer opens everything, against a real broker and a gateway that answers in every bad way. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../electron/app.ts'
import { kafkaReach } from '../../electron/clients/kafka/reach.ts'
import { nodePlatform } from '../../electron/host/nodePlatform.ts'
import type { Doctor, DoctorLink } from '../../shared/contract/doctor.ts'
import type { DoctorLinkId } from '../../shared/doctor.ts'
import type { PipelineSettings } from '../../shared/settings.ts'
import { brokerMissing, startBroker, type TestBroker } from '../helpers/broker.ts'
import { type TestHome, testHome } from '../helpers/home.ts'
import { kafkaTool } from '../helpers/kafkaTools.ts'
import { freePort } from '../helpers/kinesis.ts'
import { until } from '../helpers/until.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const apiKey = 'canary-doctor-key-7731'

describe.skipIf(missing !== null)(`The doctor from here${missing === null ? '' : ` (${missing})`}`, () => {
  let home: TestHome
  let app: App
  let broker: TestBroker
  let outside = 0
  const pipeline = 'away'
  /** What the gateway answers; null says nothing at all. */
  let answer: { readonly status: number; readonly body: unknown } | null = { status: 200, body: [] }
  let open = 0
  const gateway = createServer((request, response) => {
    open += 1
    response.once('close', () => {
      open -= 1
    })
    request.resume()
    if (answer === null) return
    response.writeHead(answer.status, { 'content-type': 'application/json' })
    const key = String(request.headers['x-api-key'])
    response.end(JSON.stringify(answer.body).replaceAll('KEY', key))
  })

  const set = async (endpoints: Partial<PipelineSettings['endpoints']>) => {
    const { items } = await app.client.pipelines.list()
    const now = items.find(({ id }) => id === pipeline)?.settings as PipelineSettings
    const next = { ...now, kind: 'existing' as const, endpoints: { ...now.endpoints, ...endpoints } }
    await app.client.pipelines.update({ pipeline, settings: next })
  }
  const examine = async () => {
    let found: Doctor | undefined
    for await (const now of await app.client.doctor.run({ pipeline })) found = now
    expect(found?.done).toBe(true)
    const links = found?.links ?? []
    return {
      of: (id: DoctorLinkId) => links.find((link) => link.id === id) as DoctorLink,
      states: Object.fromEntries(links.map(({ id, state }) => [id, state])),
    }
  }

  beforeAll(async () => {
    home = await testHome()
    outside = await freePort()
    broker = await startBroker({
      outside: { address: '127.0.0.1', port: outside, advertised: 'kafka.nowhere.invalid' },
      properties: {
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'allow.everyone.if.no.acl.found': 'true',
      },
    })
    await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done))
    const folders = { home: home.home, cache: home.home, resources: home.home, entries: home.home }
    app = await createApp(nodePlatform('terminal', '0', folders))
    await app.client.pipelines.create({ name: pipeline, kind: 'existing' })
  }, 120_000)
  afterAll(async () => {
    await app?.dispose()
    gateway.closeAllConnections()
    gateway.close()
    await broker?.stop()
    await home?.remove()
  })

  it('a pipeline without addresses has no way that could be bad', async () => {
    const { states } = await examine()
    expect(new Set(Object.values(states))).toEqual(new Set(['unused']))
  })

  it('a gateway that forbids (F-31), has no such path (F-32), fails (F-29) or gives no list', async () => {
    const { port } = gateway.address() as AddressInfo
    await set({ gateway: `http://127.0.0.1:${port}/test` })
    const cases = [
      [{ status: 200, body: ['a', 'b'] }, 'good', []],
      [{ status: 403, body: { message: 'Missing Authentication Token' } }, 'bad', ['F-31']],
      [{ status: 404, body: { error_code: 404, message: 'HTTP 404 Not Found' } }, 'bad', ['F-32']],
      [{ status: 500, body: { message: 'Internal server error' } }, 'bad', ['F-29']],
      [{ status: 504, body: { message: 'Endpoint request timed out' } }, 'bad', ['F-30']],
      [{ status: 200, body: { hello: 'I am another server' } }, 'bad', ['F-32']],
    ] as const
    for (const [said, state, faults] of cases) {
      answer = said
      expect((await examine()).of('proxy'), JSON.stringify(said)).toMatchObject({ state, faults })
    }
  })

  it('an API key that the gateway repeats is not shown', async () => {
    await app.client.pipelines.setGatewayKey({ pipeline, key: apiKey })
    await set({ gatewayAccess: 'apiKey' })
    answer = { status: 403, body: { message: 'Forbidden: KEY' } }
    const { of } = await examine()
    expect(of('proxy').problem?.message).toContain('[REDACTED]')
    expect(JSON.stringify(of('proxy'))).not.toContain(apiKey)
    await set({ gatewayAccess: 'none' })
  })

  it('ends at once when its reader leaves, and lets go of what it waits for', async () => {
    answer = null
    const control = new AbortController()
    const seen: string[] = []
    for await (const { links } of await app.client.doctor.run({ pipeline }, { signal: control.signal })) {
      const state = links.find(({ id }) => id === 'proxy')?.state ?? ''
      seen.push(state)
      if (state === 'working') {
        await until(async () => open > 0)
        control.abort()
      }
    }
    expect(seen.at(-1)).toBe('working')
    await until(async () => open === 0)
  })

  it('a gateway nobody listens at (F-30), a broker nobody listens at (F-09), a name nobody knows (F-19)', async () => {
    const nobody = await freePort()
    await set({ gateway: `http://127.0.0.1:${nobody}`, bootstrap: `127.0.0.1:${nobody}` })
    const closed = await examine()
    expect(closed.of('proxy')).toMatchObject({ state: 'bad', faults: ['F-30'], action: null })
    expect(closed.of('brokerPort')).toMatchObject({ state: 'bad', faults: ['F-09'], action: null })
    expect(closed.states.metadata).toBe('skipped')
    await set({ gateway: '', bootstrap: 'kafka.nowhere.invalid:9092' })
    const unknown = await examine()
    expect(unknown.of('brokerNames')).toMatchObject({ state: 'bad', faults: ['F-19'] })
    expect([unknown.states.proxy, unknown.states.brokerPort]).toEqual(['unused', 'skipped'])
  })

  it('a broker that advertises a private name (F-09, F-19), and its topics, made by nobody yet', async () => {
    await set({ bootstrap: `127.0.0.1:${outside}` })
    expect((await examine()).of('advertised')).toMatchObject({
      state: 'bad',
      faults: ['F-09', 'F-19'],
      problem: { code: 'DOCTOR_ADVERTISED_CLOSED' },
    })
    await set({ bootstrap: broker.bootstrap })
    const { of, states } = await examine()
    expect([states.advertised, states.groups]).toEqual(['good', 'good'])
    expect(of('topics')).toMatchObject({
      state: 'bad',
      faults: ['F-13', 'F-35'],
      action: { kind: 'open', page: '/topics' },
    })
    for (const kind of ['pin', 'geo', 'user'])
      await app.client.topics.create({ pipeline, topic: `learner.${kind}`, partitions: 1 })
    expect((await examine()).states.topics).toBe('good')
  })

  it('one dead bootstrap address among good ones needs a look, and no more', async () => {
    await set({ bootstrap: `127.0.0.1:${await freePort()},${broker.bootstrap}` })
    const { states } = await examine()
    expect([states.brokerPort, states.metadata, states.topics]).toEqual(['warn', 'good', 'good'])
  })

  it('a group that may be described (F-14), a topic that may not, and one that a rule forbids (F-13)', async () => {
    const tool = await kafkaReach(null)({ bootstrap: [broker.bootstrap], clientId: 'doctor-test' })
    await tool.commit('readers', 'learner.pin', [{ partition: 0, offset: 0n }])
    await tool.close()
    expect((await examine()).of('groups').text).toBe('1 group may be listed and described')
    const rule = (kind: 'allow' | 'deny', topic: string) =>
      kafkaTool('org.apache.kafka.tools.AclCommand', [
        ...['--bootstrap-server', broker.bootstrap, '--add', '--topic', topic],
        ...[`--${kind}-principal`, 'User:ANONYMOUS', '--operation', 'Describe'],
      ])
    // Where a topic has a rule, nothing is allowed that no rule allows: its settings may not be seen any more.
    await rule('allow', 'learner.geo')
    await until(async () => (await examine()).states.topics === 'warn', 30_000)
    expect((await examine()).of('topics')).toMatchObject({ state: 'warn', faults: ['F-13'] })
    await rule('deny', 'learner.pin')
    await until(async () => (await examine()).states.topics === 'bad', 30_000)
    expect((await examine()).of('topics')).toMatchObject({
      faults: ['F-13'],
      problem: { code: 'KAFKA_TOPIC_AUTHORIZATION', message: expect.stringContaining('learner.pin') },
    })
  }, 120_000)
})
