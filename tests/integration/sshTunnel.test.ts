/** Kafka through a machine: the broker advertises a name that only the machine resolves. */
import { lookup } from 'node:dns/promises'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectKafka } from '../../electron/clients/kafka/client.ts'
import { throughHost } from '../../electron/clients/kafka/tunnel.ts'
import type { KafkaWorkbench } from '../../electron/clients/kafka/workbench.ts'
import { openSshHost } from '../../electron/clients/ssh/host.ts'
import { listenThrough } from '../../electron/clients/ssh/listen.ts'
import type { SshHost } from '../../electron/clients/ssh/types.ts'
import { secret } from '../../electron/lib/secret.ts'
import { brokerMissing, startBroker, type TestBroker } from '../helpers/broker.ts'
import { runProgram, testHome } from '../helpers/home.ts'
import { bootHost, hostGateway, hostsMissing, type TestHost } from '../helpers/host.ts'

const missing = (await hostsMissing()) ?? (await brokerMissing())
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const name = 'b-1.pipeline.internal'
/** Free on the bridge, which this machine alone has. */
const port = 21_092

describe.skipIf(missing !== null)(`Tunnel${missing === null ? '' : ` (${missing})`}`, () => {
  let machine: TestHost
  let broker: TestBroker
  let link: SshHost
  let kafka: KafkaWorkbench

  beforeAll(async () => {
    machine = await bootHost('sshtunnel')
    await machine.run(`echo '${hostGateway} ${name}' | sudo tee -a /etc/hosts`)
    broker = await startBroker({ outside: { address: hostGateway, port, advertised: name } })
    link = openSshHost({
      host: machine.ip,
      port: 22,
      user: machine.user,
      auth: {
        agent: null,
        key: { text: secret(await readFile(machine.key, 'utf8')), passphrase: null },
        password: null,
        ask: null,
      },
      hostKey: { pinned: { algorithm: 'ssh-ed25519', sha256: machine.hostKeys.ed25519 }, knownHosts: '' },
      jump: null,
    })
    kafka = await connectKafka({ bootstrap: [`${name}:${port}`], clientId: 'tunnel' }, throughHost(link))
  })
  afterAll(async () => {
    await kafka?.close()
    link?.close()
    await broker?.stop()
    await machine?.down()
  })

  it('reaches brokers whose names mean nothing here: topics, producing, reading, following', async () => {
    await expect(lookup(name)).rejects.toThrow()
    await kafka.createTopic({ topic: 't.pin', partitions: 3 })
    const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: true })
    const records = Array.from({ length: 3_000 }, (_, i) => ({
      partition: i % 3,
      key: Buffer.from(String(i)),
      value: Buffer.from(JSON.stringify({ i })),
    }))
    expect(await producer.send('t.pin', records)).toHaveLength(records.length)
    await producer.close()
    const seen = new Set<string>()
    const end = new AbortController()
    const from = [0, 1, 2].map((partition) => ({ partition, offset: 0n }))
    for await (const batch of kafka.read({ topic: 't.pin', from, signal: end.signal })) {
      for (const { value } of batch.records) seen.add(String(value))
      if (seen.size === records.length) end.abort()
    }
    expect(seen.size).toBe(records.length)
  })

  it('goes on after the connection was cut', async () => {
    await machine.run('sudo pkill -x sshd -u ec2-user').catch(() => '')
    await expect.poll(() => link.state()).not.toBe('connected')
    expect((await kafka.topics()).map((topic) => topic.name)).toContain('t.pin')
    expect(link.state()).toBe('connected')
  })

  it('is what a pipeline uses that says so', async () => {
    const home = await testHome()
    try {
      const cli = async (...args: string[]) => {
        const { code, out, err } = await runProgram('cli.js', args, home.env)
        expect(code, `${args.join(' ')}: ${err}`).toBe(0)
        return out
      }
      const id = 'this-computer'
      const at = ['kind=existing', `endpoints.bootstrap=${name}:${port}`, 'endpoints.through=machine']
      await cli('pipelines', 'set', id, ...at)
      const none = await runProgram('cli.js', ['topics', 'list'], home.env)
      expect(none.err).toContain('HOST_NONE')
      await cli('host', 'set', '--host', machine.ip, '--key-file', machine.key)
      await cli('host', 'test', '--accept', machine.hostKeys.ed25519)
      expect(await cli('topics', 'list')).toContain('t.pin')
      expect(await cli('topics', 'browse', 't.pin', '--from', 'oldest')).toContain('{"i":0}')
      // What works in threads has a connection of its own.
      expect(await cli('topics', 'search', 't.pin', '--expression', 'value.i == 2718')).toContain(
        '{"i":2718}',
      )
      const file = join(home.home, 'out.ndjson')
      await cli('topics', 'export', 't.pin', '--text', '99', '--from', 'oldest', '--out', file)
      const wanted = Array.from({ length: 3_000 }, (_, i) => String(i)).filter((i) => i.includes('99'))
      expect((await readFile(file, 'utf8')).trim().split('\n')).toHaveLength(wanted.length)
      for (const kind of ['geo', 'user']) await kafka.createTopic({ topic: `t.${kind}`, partitions: 2 })
      await cli('pipelines', 'set', id, 'userId=t')
      const report = JSON.parse(
        await cli('emulate', '--sink', 'kafka', '--posts', '200', '--rate', 'max', '--verify', '--json'),
      )
      expect(report.report).toMatchObject({
        acknowledged: { kafka: 600 },
        found: { kafka: 600 },
        unaccounted: 0,
      })
    } finally {
      await home.remove()
    }
  })

  it('a broker that the machine cannot reach is named as it looks from there', async () => {
    await expect(
      connectKafka({ bootstrap: ['nowhere.invalid:9092'], clientId: 'tunnel' }, throughHost(link)),
    ).rejects.toMatchObject({
      code: 'KAFKA_UNREACHABLE',
      message: expect.stringContaining(`seen from ${machine.ip}:22`),
    })
  })

  it('a port of the machine’s side has one here, as the proxy’s needs', async () => {
    const server = createServer((_request, response) => response.end('topics'))
    await new Promise<void>((done) => server.listen(0, hostGateway, done))
    const local = await listenThrough(link, name, (server.address() as AddressInfo).port)
    try {
      const answers = await Promise.all(
        Array.from({ length: 20 }, () =>
          fetch(`http://127.0.0.1:${local.port}/topics`).then((a) => a.text()),
        ),
      )
      expect(new Set(answers)).toEqual(new Set(['topics']))
    } finally {
      local.close()
      server.close()
    }
    await expect(fetch(`http://127.0.0.1:${local.port}/`)).rejects.toThrow()
  })
})
