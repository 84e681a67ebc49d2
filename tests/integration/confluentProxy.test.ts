/**
 * Confluent's REST proxy as the proxy of a machine: set up, used, exchanged for our own gateway and back, upgraded, taken away.
 * The archive is a stand-in of the same layout, start command and environment (tests/testbed/confluent).
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectRestProxy } from '../../electron/clients/restProxy.ts'
import { openSshHost } from '../../electron/clients/ssh/host.ts'
import { secret } from '../../electron/lib/secret.ts'
import { everywhere, makeCloud, statesIn, terminalOf } from '../helpers/cloudPipeline.ts'
import { compilerMissing, makeConfluentArchive } from '../helpers/confluentArchive.ts'
import { startProgram, type TestHome, testHome } from '../helpers/home.ts'
import { bootHost, hostGateway, hostsMissing, type TestHost } from '../helpers/host.ts'
import { hostListing } from '../helpers/hostListing.ts'
import { type Mirror, makeKafkaArchive, serveFolder } from '../helpers/kafkaArchive.ts'
import { makeNodeArchive } from '../helpers/nodeArchive.ts'
import { until } from '../helpers/until.ts'

const missing = (await hostsMissing()) ?? (await compilerMissing())
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

type Terminal = ReturnType<typeof terminalOf>

const address = 'http://127.0.0.1:8082'

describe.skipIf(missing !== null)(`Confluent’s proxy${missing === null ? '' : ` (${missing})`}`, () => {
  let host: TestHost
  let home: TestHome
  let terminal: Terminal
  /** Every call attaches to it, so that all share one connection and one plan. */
  let owner: ReturnType<typeof startProgram>
  let folder: string
  let mirror: Mirror
  let before = ''
  /** As it is with the proxy, the list of what was made left out: it grows with each version that was proven. */
  let standing = ''

  const cli: Terminal['cli'] = (...words) => terminal.cli(...words)
  const must: Terminal['must'] = (...words) => terminal.must(...words)
  const list = () => host.run(`${hostListing} | grep -v /var/lib/pipeline-control/ledger.json`)
  const setUp = async () => statesIn(await must('setup', '--json'))
  /** What a look tells a person. */
  const looked = async () => (await cli('setup', '--check')).err
  const set = (...pairs: string[]) => must('pipelines', 'set', 'cloud', ...pairs)
  const emulate = async () => {
    const words = ['--posts', '100', '--rate', 'max', '--batch', '20', '--verify', '--json']
    return JSON.parse(await must('emulate', '--sink', 'rest', ...words)).report
  }
  const whole = { acknowledged: { kafka: 300 }, found: { kafka: 300 }, unaccounted: 0 }
  const answering = () =>
    until(async () => (await host.run(`curl -s ${address}/topics || true`)).includes('learner.geo'), 60_000)
  const asked = () => mirror.asked.filter((path) => path.includes('confluent')).length

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'confluent-host-'))
    home = await testHome()
    terminal = terminalOf(home)
    owner = startProgram('web.js', [], home.env)
    await owner.line(/http:\/\/127\.0\.0\.1:\d+/)
    host = await bootHost('kproxy', { memory: '2G' })
    before = await host.run(hostListing)
    await makeKafkaArchive(folder, '4.3.1')
    await makeNodeArchive(folder)
    await makeConfluentArchive(folder, '8.3.1')
    mirror = await serveFolder(folder, hostGateway)
    await makeCloud(home, host, mirror.url)
    await set('kafkaHost.proxy=confluent')
  })
  afterAll(async () => {
    owner?.child.kill('SIGTERM')
    await owner?.finished
    mirror?.close()
    await host?.down()
    await home?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  it('is set up from bare, and pressing again changes nothing', async () => {
    expect(await setUp()).toEqual(everywhere('present'))
    standing = await list()
    const fetched = asked()
    expect(await setUp()).toEqual(everywhere('present'))
    expect(await list()).toBe(standing)
    expect(asked()).toBe(fetched)
    expect(standing).not.toContain('/opt/pipeline-control/node')
    const { archives } = JSON.parse(await readFile(join(home.home, 'sums.json'), 'utf8'))
    expect(Object.keys(archives)).toEqual(['confluent-community-8.3.1.tar.gz'])
  }, 600_000)

  it('takes every record of an emulation, and each is found', async () => {
    expect(await emulate()).toMatchObject(whole)
  })

  it('runs on loopback only, with the heap, class path and Java of its unit, and comes back when it is killed', async () => {
    expect(JSON.parse(await host.run(`curl -s ${address}/topics`))).toContain('learner.geo')
    const outside = `curl -s -o /dev/null -w '%{http_code}' http://${host.ip}:8082/topics || true`
    expect(await host.run(outside)).toBe('000')
    const pid = async () => (await host.run('systemctl show -p MainPID --value pipeline-confluent')).trim()
    const first = await pid()
    const words = await host.run(`tr '\\0' ' ' < /proc/${first}/cmdline`)
    expect(words).toContain('-Xmx256m')
    expect(words).toContain('-XX:+ExitOnOutOfMemoryError')
    expect(words).toContain('/opt/pipeline-control/confluent/current/share/java/kafka-rest/*')
    expect(words).toContain(
      'io.confluent.kafkarest.KafkaRestMain /etc/pipeline-control/kafka-rest.properties',
    )
    expect(await host.run('systemctl is-enabled pipeline-confluent')).toContain('enabled')
    await host.run('sudo systemctl kill -s KILL pipeline-confluent')
    await answering()
    expect(await pid()).not.toBe(first)
  }, 300_000)

  it('tells of each record on its own which was refused, before API Gateway would answer for it', async () => {
    const key = secret(await readFile(host.key, 'utf8'))
    const auth = { agent: null, key: { text: key, passphrase: null }, password: null, ask: null }
    const hostKey = { pinned: { algorithm: 'ssh-ed25519', sha256: host.hostKeys.ed25519 }, knownHosts: '' }
    const via = openSshHost({ host: host.ip, port: 22, user: host.user, auth, hostKey, jump: null })
    const proxy = connectRestProxy({ base: address, connections: 1, via })
    try {
      const signal = AbortSignal.timeout(29_000)
      // Kafka's own client takes no record of more than 1 MiB.
      const records = [{ n: 1 }, { n: 2, long: 'x'.repeat(1_200_000) }, { n: 3 }]
      const values = records.map((record) => ({ key: null, value: JSON.stringify(record) }))
      const refused = (code: string) => ({
        ok: false,
        refusal: { code: 'KAFKA_RECORD_FAILED', message: expect.stringContaining(code) },
      })
      const results = await proxy.produce('learner.user', values, signal)
      expect(results).toMatchObject([{ ok: true }, refused('50002'), { ok: true }])
      expect(await proxy.produce('no.such.topic', values.slice(0, 1), signal)).toMatchObject([
        refused('50003'),
      ])
    } finally {
      await proxy.close()
      via.close()
    }
    // What it says goes to the journal, in the form that we gave it.
    expect(await must('services', 'log', 'confluent')).toMatch(
      /WARN KafkaRestMain A record of learner\.user was refused/,
    )
  }, 300_000)

  it('is one of the services, and links of the doctor', async () => {
    const { services } = JSON.parse(await must('services', '--json'))
    expect(services).toMatchObject([
      { id: 'kafka', state: 'active' },
      {
        id: 'confluent',
        state: 'active',
        version: expect.stringMatching(/^Confluent REST Proxy 8\.3\.1 on Java 17/),
      },
    ])
    const { links } = JSON.parse((await cli('doctor', '--json')).out.trim().split('\n').at(-1) ?? '{}')
    const of = (id: string) => links.find((link: { id: string }) => link.id === id)
    expect(of('proxyUnit')).toMatchObject({
      state: 'good',
      text: expect.stringContaining('pipeline-confluent.service'),
    })
    expect(of('proxy')).toMatchObject({ state: 'good' })
    const { at } = JSON.parse(await must('services', 'restart', 'confluent', '--json'))
    expect(at).toBeGreaterThan(0)
    await answering()
  }, 300_000)

  it('gives way to our own gateway, and leaves nothing', async () => {
    await set('kafkaHost.proxy=gateway')
    expect(await setUp()).toEqual(everywhere('present'))
    const left = await list()
    expect(left.split('\n').filter((line) => /confluent|kafka-rest/.test(line))).toEqual([])
    expect(left).toContain('/opt/pipeline-control/node/bin/node')
    await answering()
  }, 300_000)

  it('takes its place again, sent from this computer where the host has no way out, and leaves nothing of the gateway', async () => {
    await set('kafkaHost.proxy=confluent')
    const here = await serveFolder(folder, '127.0.0.1')
    try {
      await must('settings', 'set', `mirrors.confluent=${here.url}`)
      expect(await setUp()).toEqual(everywhere('present'))
      expect(here.asked).toContain('/8.3/confluent-community-8.3.1.tar.gz')
    } finally {
      here.close()
      await must('settings', 'set', `mirrors.confluent=${mirror.url}`)
    }
    expect(await list()).toBe(standing)
  }, 300_000)

  it('is upgraded by its number', async () => {
    await makeConfluentArchive(folder, '8.3.2')
    await set('kafkaHost.confluentVersion=8.3.2')
    expect(await setUp()).toEqual(everywhere('present'))
    expect(await host.run('readlink /opt/pipeline-control/confluent/current')).toContain('confluent-8.3.2')
    expect((await host.run('ls /opt/pipeline-control/confluent')).split(/\s+/)).toEqual([
      'confluent-8.3.2',
      'current',
      '',
    ])
    expect(await host.run('systemctl show -p Description --value pipeline-confluent')).toContain('8.3.2')
    expect(JSON.parse(await host.run(`curl -s ${address}/topics`))).toContain('learner.geo')
  }, 300_000)

  it('is not taken from an archive that is another than it was, by either way', async () => {
    await makeConfluentArchive(folder, '8.3.2', 'changed')
    const file = '/opt/pipeline-control/confluent/confluent-8.3.2/etc/kafka-rest/kafka-rest.properties'
    await host.run(`sudo rm ${file}`)
    expect(await looked()).toContain('Files of Confluent were changed or are missing')
    for (const at of [hostGateway, '127.0.0.1']) {
      const other = await serveFolder(folder, at)
      try {
        await must('settings', 'set', `mirrors.confluent=${other.url}`)
        const { code, err } = await cli('setup')
        expect(code).toBe(1)
        expect(err).toContain('Confluent 8.3.2 is not the archive that it was when it first came here')
      } finally {
        other.close()
      }
    }
    expect(await host.run('systemctl is-active pipeline-confluent')).toContain('active')
    expect(await host.run(`ls ${file} 2>&1 || true`)).toContain('No such file')
  }, 300_000)

  it('is said to need another Java before anything of it is fetched, where its version does', async () => {
    const fetched = asked()
    await set('kafkaHost.confluentVersion=7.0.15')
    const { code, err } = await cli('setup', '--only', 'confluent')
    expect(code).toBe(1)
    expect(err).toMatch(/Confluent 7\.0\.15 runs on Java 8 or 11; there is 17/)
    expect(asked()).toBe(fetched)
    await set('kafkaHost.confluentVersion=')
  }, 300_000)

  it('is removed with all the rest', async () => {
    await must('setup', '--undo', '--yes')
    const had = new Set(before.split('\n'))
    expect((await host.run(hostListing)).split('\n').filter((line) => !had.has(line))).toEqual([])
    expect(await host.run('systemctl list-unit-files "pipeline-*" --no-legend || true')).toBe('')
  }, 300_000)
})
