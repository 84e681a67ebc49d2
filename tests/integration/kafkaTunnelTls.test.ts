/** Three brokers behind a machine, over TLS with a sign-in: their names mean something only there, and one of them dies. */
import { lookup } from 'node:dns/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Doctor } from '../../shared/contract/doctor.ts'
import { brokerMissing, freePort, newClusterId, startBroker, type TestBroker } from '../helpers/broker.ts'
import { runProgram, type TestHome, testHome } from '../helpers/home.ts'
import { bootHost, hostGateway, hostsMissing, type TestHost } from '../helpers/host.ts'
import { makeAuthority } from '../helpers/secureBroker.ts'
import { until } from '../helpers/until.ts'
import { startWebClient, type WebClient } from '../helpers/webClient.ts'

const missing = (await hostsMissing()) ?? (await brokerMissing())
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const user = 'ann'
const password = 'canary-tunnel-sasl-password'
const ids = [1, 2, 3] as const
const nameOf = (id: number) => `b-${id}.secured.internal`
/** Free on the bridge, which this machine alone has. */
const portOf = (id: number) => 21_100 + id
const pipeline = 'this-computer'
const topic = 'learner.pin'

describe.skipIf(missing !== null)(`TLS through the tunnel${missing === null ? '' : ` (${missing})`}`, () => {
  let machine: TestHost
  let home: TestHome
  let made: TestHome
  let web: WebClient
  const brokers = new Map<number, TestBroker>()

  beforeAll(async () => {
    home = await testHome()
    made = await testHome()
    machine = await bootHost('kafkatls')
    const hosts = [...ids.map(nameOf), 'alias.secured.internal'].map((name) => `${hostGateway} ${name}`)
    await machine.run(`printf '%s\\n' ${hosts.map((line) => `'${line}'`).join(' ')} | sudo tee -a /etc/hosts`)
    const authority = await makeAuthority(made.home)
    const cluster = newClusterId()
    const controllers = new Map<number, number>()
    for (const id of ids) controllers.set(id, await freePort())
    const voters = ids.map((id) => `${id}@127.0.0.1:${controllers.get(id)}`).join()
    const started = ids.map(async (id) => {
      // Each certificate holds one broker's name, so that a handshake under another's fails.
      const store = await authority.sign(`b-${id}`, [`DNS:${nameOf(id)}`])
      const broker = await startBroker({
        home: `${made.home}/broker-${id}`,
        node: { id, cluster, voters, controllerPort: controllers.get(id) ?? 0 },
        listeners: [
          {
            name: 'TUNNEL',
            protocol: 'SASL_SSL',
            address: hostGateway,
            port: portOf(id),
            advertised: nameOf(id),
          },
        ],
        format: ['--add-scram', `SCRAM-SHA-512=[name=${user},password=${password}]`],
        properties: {
          'listener.name.tunnel.ssl.keystore.type': 'PEM',
          'listener.name.tunnel.ssl.keystore.location': store,
          'listener.name.tunnel.sasl.enabled.mechanisms': 'SCRAM-SHA-512',
          'listener.name.tunnel.scram-sha-512.sasl.jaas.config':
            'org.apache.kafka.common.security.scram.ScramLoginModule required;',
          'connections.max.reauth.ms': '5000',
          'default.replication.factor': '3',
          'min.insync.replicas': '2',
          'offsets.topic.replication.factor': '3',
          // A follower that is gone leaves the set soon; 30 s by default.
          'replica.lag.time.max.ms': '5000',
        },
      })
      brokers.set(id, broker)
    })
    await Promise.all(started)
    const cli = async (...args: string[]) => {
      const { code, err } = await runProgram('cli.js', args, home.env)
      expect(code, `${args.join(' ')}: ${err}`).toBe(0)
    }
    await cli(
      ...['pipelines', 'set', pipeline, 'kind=existing', 'endpoints.through=machine'],
      `endpoints.bootstrap=${nameOf(1)}:${portOf(1)},${nameOf(3)}:${portOf(3)}`,
      ...['endpoints.kafkaAccess=scram512', `endpoints.kafkaUser=${user}`],
      `endpoints.kafkaCaFile=${authority.ca}`,
    )
    await cli('host', 'set', '--host', machine.ip, '--key-file', machine.key)
    await cli('host', 'test', '--accept', machine.hostKeys.ed25519)
    web = await startWebClient(home)
    await web.client.pipelines.setKafkaPassword({ pipeline, password })
  }, 300_000)
  afterAll(async () => {
    await web?.stop()
    await Promise.all([...brokers.values()].map((broker) => broker.kill()))
    await machine?.down()
    await made?.remove()
    await home?.remove()
  })

  it('each broker is met under its own name, which nobody knows here', async () => {
    for (const id of ids) await expect(lookup(nameOf(id))).rejects.toThrow()
    await until(async () => (await web.client.cluster.get({ pipeline })).brokers.length === 3, 60_000)
    for (const kind of ['pin', 'geo', 'user'])
      await web.client.topics.create({ pipeline, topic: `learner.${kind}`, partitions: 6 })
    const { partitionList: partitions } = await web.client.topics.get({ pipeline, topic })
    expect(new Set(partitions.map(({ leader }) => leader))).toEqual(new Set(ids))
    expect(partitions.map(({ replicas }) => replicas.length)).toEqual(Array(6).fill(3))
    let found: Doctor | undefined
    for await (const now of await web.client.doctor.run({ pipeline })) found = now
    const states = Object.fromEntries(found?.links.map(({ id, state }) => [id, state]) ?? [])
    expect([states.tls, states.sasl, states.metadata, states.advertised]).toEqual(Array(4).fill('good'))
  })

  it('a name that the certificate does not hold is refused through the tunnel too', async () => {
    const { items } = await web.client.pipelines.list()
    const now = items.find(({ id }) => id === pipeline)?.settings
    if (now === undefined) throw new Error('no pipeline')
    const endpoints = { ...now.endpoints, bootstrap: `alias.secured.internal:${portOf(1)}` }
    await web.client.pipelines.update({ pipeline, settings: { ...now, endpoints } })
    await web.client.pipelines.setKafkaPassword({ pipeline, password })
    await expect(web.client.topics.list({ pipeline })).rejects.toMatchObject({
      message: expect.stringContaining('alias.secured.internal'),
      data: { code: 'KAFKA_TLS_NAME' },
    })
    await web.client.pipelines.update({ pipeline, settings: now })
    await web.client.pipelines.setKafkaPassword({ pipeline, password })
  })

  it('a broker dies during a tail and an emulation: the tail goes on, and nothing acknowledged is lost', async () => {
    const control = new AbortController()
    const seen = new Set<string>()
    let twice = 0
    const tail = (async () => {
      const batches = await web.client.topics.tail(
        { pipeline, topic, from: 'oldest' },
        { signal: control.signal },
      )
      for await (const { messages, dropped } of batches) {
        expect(dropped).toBe(0)
        for (const { partition, offset } of messages) {
          const place = `${partition}/${offset}`
          if (seen.has(place)) twice += 1
          seen.add(place)
        }
      }
    })().catch((thrown) => (control.signal.aborted ? null : Promise.reject(thrown)))
    const rate = { kind: 'constant' as const, postsPerSecond: 50 }
    const options = { sinks: ['kafka' as const], rate, inFlight: 8 }
    const { runId } = await web.client.emulation.start({ pipeline, options } as never)
    const get = () => web.client.emulation.get({ pipeline, runId })
    const acknowledged = async () => (await get()).counters.acknowledged
    await until(async () => (await acknowledged()) > 300 && seen.size > 100, 60_000)
    await brokers.get(2)?.kill()
    const before = { acknowledged: await acknowledged(), seen: seen.size }
    await until(
      async () => (await acknowledged()) > before.acknowledged + 1_500 && seen.size > before.seen + 500,
      100_000,
    )
    await web.client.emulation.stop({ pipeline, runId })
    await expect.poll(async () => (await get()).state).toBe('stopped')
    await web.client.emulation.verify({ pipeline, runId })
    await expect.poll(async () => (await get()).report?.unaccounted, { timeout: 60_000 }).toBe(0)
    const run = await get()
    expect(run.counters.failed).toBe(0)
    expect(run.report?.found.kafka).toBe(run.counters.acknowledged)
    const { partitionList: partitions } = await web.client.topics.get({ pipeline, topic })
    const written = partitions.reduce((sum, { low, high }) => sum + Number(high) - Number(low), 0)
    await until(async () => seen.size === written, 30_000)
    expect(twice).toBe(0)
    expect(new Set(partitions.map(({ leader }) => leader))).toEqual(new Set([1, 3]))
    control.abort()
    await tail
    expect(web.frames.filter((frame) => frame.includes(password))).toEqual([])
  }, 240_000)
})
