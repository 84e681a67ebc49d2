/** Kafka set up on a real machine over SSH: its systemd, its package manager, a broker behind the tunnel, by the app's own doors. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSshHost } from '../../electron/clients/ssh/host.ts'
import { rootShell } from '../../electron/clients/ssh/sudo.ts'
import { secret } from '../../electron/lib/secret.ts'
import type { HostFacts } from '../../electron/plans/kafkaHost/factsCommands.ts'
import { hold } from '../../electron/plans/kafkaHost/hold.ts'
import { javaArchive, temurin } from '../../electron/plans/kafkaHost/javaRuntime.ts'
import { everywhere, makeCloud, statesIn, terminalOf } from '../helpers/cloudPipeline.ts'
import { type TestHome, testHome } from '../helpers/home.ts'
import { bootHost, hostGateway, hostsMissing, type TestHost } from '../helpers/host.ts'
import { hostListing } from '../helpers/hostListing.ts'
import { type Mirror, makeKafkaArchive, serveFolder } from '../helpers/kafkaArchive.ts'
import { makeNodeArchive } from '../helpers/nodeArchive.ts'
import { until } from '../helpers/until.ts'
import { doctorCases } from '../parts/doctorCases.ts'

const missing = await hostsMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

type Terminal = ReturnType<typeof terminalOf>

describe.skipIf(missing !== null)(`Kafka on a machine${missing === null ? '' : ` (${missing})`}`, () => {
  let host: TestHost
  let home: TestHome
  let terminal: Terminal
  let folder: string
  let mirror: Mirror
  let before = ''

  const cli: Terminal['cli'] = (...words) => terminal.cli(...words)
  const must: Terminal['must'] = (...words) => terminal.must(...words)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'kafka-host-'))
    home = await testHome()
    terminal = terminalOf(home)
    host = await bootHost('khost', { memory: '1G' })
    before = await host.run(hostListing)
    await makeKafkaArchive(folder, '4.3.1')
    await makeNodeArchive(folder)
    mirror = await serveFolder(folder, hostGateway)
    await makeCloud(home, host, mirror.url)
  })
  afterAll(async () => {
    mirror?.close()
    await host?.down()
    await home?.remove()
    await rm(folder, { recursive: true, force: true })
  })

  it('says what would be changed, and changes nothing', async () => {
    const out = await must('setup', '--check', '--json')
    expect(statesIn(out)).toEqual({
      ...everywhere('absent'),
      facts: 'present',
      confluent: 'present',
      // Of brokers elsewhere.
      iam: 'present',
      cluster: 'present',
      ports: 'present',
    })
    expect(await host.run(hostListing)).toBe(before)
  })

  it('is set up from bare, and pressing again changes nothing', async () => {
    expect(statesIn(await must('setup', '--json'))).toEqual(everywhere('present'))
    const after = await host.run(hostListing)
    expect(await host.run('systemctl is-enabled pipeline-kafka')).toContain('enabled')
    const asked = mirror.asked.length

    expect(statesIn(await must('setup', '--json'))).toEqual(everywhere('present'))
    expect(await host.run(hostListing)).toBe(after)
    expect(mirror.asked.length).toBe(asked)
  }, 600_000)

  doctorCases(() => ({ host, mirror: mirror.url }))

  it('is then used like any other Kafka, though its address is the machine’s own', async () => {
    await must('topics', 'produce', 'learner.geo', '--value', '{"ind":1,"country":"Albania"}', '--any-value')
    expect(await must('topics', 'browse', 'learner.geo', '--json')).toContain('Albania')
    expect(await must('cluster')).toContain(host.ip)
    // The proxy has an address that only the machine sees; each record is acknowledged, and found at its place.
    const emulated = await must(
      'emulate',
      '--posts',
      '100',
      '--rate',
      'max',
      '--batch',
      '20',
      '--verify',
      '--json',
    )
    expect(JSON.parse(emulated).report).toMatchObject({
      acknowledged: { kafka: 300 },
      found: { kafka: 300 },
      unaccounted: 0,
    })
  })

  it('answers as a REST proxy on the machine’s loopback address only', async () => {
    expect(JSON.parse(await host.run('curl -s http://127.0.0.1:8082/topics'))).toContain('learner.geo')
    expect(
      await host.run(`curl -s -o /dev/null -w '%{http_code}' http://${host.ip}:8082/topics || true`),
    ).toBe('000')
    await host.run('sudo systemctl kill -s KILL pipeline-gateway')
    await until(async () => (await host.run('curl -s http://127.0.0.1:8082/topics || true')) !== '', 30_000)
  }, 60_000)

  it('puts back what somebody changed by hand, and shows it before', async () => {
    await host.run("sudo sed -i '$ a log.retention.hours=1' /etc/pipeline-control/server.properties")
    const looked = await must('setup', '--check')
    expect(looked).toContain('/etc/pipeline-control/server.properties')
    expect(looked).toContain('- log.retention.hours=1')
    expect(statesIn(await must('setup', '--json')).broker).toBe('present')
    expect(await host.run('cat /etc/pipeline-control/server.properties')).not.toContain('log.retention.hours')
  }, 300_000)

  it('comes back by itself after a restart of the machine, with its messages', async () => {
    await host.fault('reboot')
    // Kafka itself needs some seconds from the boot on.
    await until(async () => statesIn(await must('setup', '--check', '--json')).address === 'present', 120_000)
    expect(statesIn(await must('setup', '--check', '--json'))).toEqual(everywhere('present'))
    expect(await must('topics', 'browse', 'learner.geo', '--json')).toContain('Albania')
  }, 300_000)

  it('tells a second computer who holds the machine', async () => {
    const key = secret(await readFile(host.key, 'utf8'))
    const auth = { agent: null, key: { text: key, passphrase: null }, password: null, ask: null }
    const hostKey = { pinned: { algorithm: 'ssh-ed25519', sha256: host.hostKeys.ed25519 }, knownHosts: '' }
    const other = openSshHost({ host: host.ip, port: 22, user: host.user, auth, hostKey, jump: null })
    try {
      const signal = AbortSignal.timeout(60_000)
      const root = rootShell(other, 'free', null)
      const held = await hold(root, { computer: 'another-laptop', user: 'maria', since: Date.now() }, signal)
      const { code, err } = await cli('setup')
      expect(code).not.toBe(0)
      expect(err).toContain('maria on another-laptop')
      await held.release()
      await must('setup')
      // A hold goes with its connection, whatever ends that.
      await hold(root, { computer: 'another-laptop', user: 'maria', since: Date.now() }, signal)
    } finally {
      other.close()
    }
    await must('setup')
  }, 300_000)

  it('removes nothing without consent, then all that it installed', async () => {
    const refused = await cli('setup', '--undo')
    expect(refused.code).not.toBe(0)
    expect(await host.run('systemctl is-active pipeline-kafka')).toContain('active')

    const { err } = await cli('setup', '--undo', '--yes')
    expect(err).toContain('learner.geo: 101 messages')
    const left = (await host.run(hostListing)).split('\n')
    const had = new Set(before.split('\n'))
    expect(left.filter((line) => !had.has(line))).toEqual([])
    expect(await host.run('id pipeline-control 2>&1 || true')).toContain('no such user')
  }, 300_000)

  it('looks for Java on its mirror where the packages cannot be had, and says what it could not find', async () => {
    // Nobody listens there: apt has no way out, and nothing in store.
    await host.run('sudo apt-get clean')
    await host.run(`echo 'Acquire::http::Proxy "http://127.0.0.1:9";' | sudo tee /etc/apt/apt.conf.d/99none`)
    const { code, err } = await cli('setup', '--only', 'java')
    await host.run('sudo rm /etc/apt/apt.conf.d/99none')
    expect(code).toBe(1)
    expect(err).toContain(`Neither the host nor this computer could fetch Java ${temurin.version}`)
    const { name, sources } = javaArchive(temurin, '', { arch: 'x86_64' } as HostFacts)
    expect(sources[0]?.url).toContain(name)
    expect(mirror.asked).toContain(decodeURIComponent(sources[0]?.url ?? ''))
  }, 300_000)

  it('is sent from this computer where the host has no way out', async () => {
    const here = await serveFolder(folder, '127.0.0.1')
    // Whoever was here before may have left the same archive in the shared cache.
    home.env.PIPELINE_CACHE = join(home.home, 'cache')
    try {
      await must('settings', 'set', `mirrors.kafka=${here.url}`, `mirrors.kafkaArchive=${here.url}`)
      expect(statesIn(await must('setup', '--only', 'kafka', '--json')).kafka).toBe('present')
      expect(here.asked.some((path) => path.endsWith('.tgz'))).toBe(true)
    } finally {
      here.close()
    }
  }, 300_000)
})
