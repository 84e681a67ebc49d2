/** Java for a machine whose package manager cannot bring it: fetched by the machine, or sent from this computer, and taken back. */
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSshHost } from '../../electron/clients/ssh/host.ts'
import { rootShell } from '../../electron/clients/ssh/sudo.ts'
import type { SshHost } from '../../electron/clients/ssh/types.ts'
import { secret } from '../../electron/lib/secret.ts'
import { type PlanRunner, planRunner } from '../../electron/plan/engine.ts'
import { accountStep } from '../../electron/plans/kafkaHost/account.ts'
import type { KafkaHostDeps } from '../../electron/plans/kafkaHost/deps.ts'
import { factsStep } from '../../electron/plans/kafkaHost/facts.ts'
import { type HostLedger, hostLedger } from '../../electron/plans/kafkaHost/hostLedger.ts'
import { javaStep } from '../../electron/plans/kafkaHost/java.ts'
import { type JavaRelease, temurin } from '../../electron/plans/kafkaHost/javaRuntime.ts'
import type { KafkaHostWanted } from '../../electron/plans/kafkaHost/wanted.ts'
import type { PlanAction } from '../../shared/contract/plan.ts'
import { bootHost, hostGateway, hostsMissing, type TestHost } from '../helpers/host.ts'
import { hostListing } from '../helpers/hostListing.ts'
import { linkerMissing, makeJavaArchive } from '../helpers/javaArchive.ts'
import { type Mirror, serveFolder } from '../helpers/kafkaArchive.ts'

const missing = (await hostsMissing()) ?? (await linkerMissing())
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const signal = AbortSignal.timeout(600_000)
const java = '/opt/pipeline-control/java/current/bin/java'
const folderOf = (version: string) => `/opt/pipeline-control/java/jdk-${version}-jre`
const never = () => {
  throw new Error('Java asks for none of it.')
}

describe.skipIf(missing !== null)(`Java on a machine${missing === null ? '' : ` (${missing})`}`, () => {
  let host: TestHost
  let ssh: SshHost
  let folder: string
  let ledger: HostLedger
  let runner: PlanRunner
  /** One that the machine reaches, and one that only this computer does. */
  let mirrors: { readonly there: Mirror; readonly here: Mirror }
  let release: JavaRelease
  let before = ''
  let wanted: Partial<KafkaHostWanted> = {}

  const run = async (action: PlanAction, only?: readonly string[]) => {
    await ledger.load(signal)
    runner.start(action, only)
    await runner.settled()
    const state = runner.get()
    const step = state.steps.find(({ id }) => id === 'java')
    return { outcome: state.outcome, finding: step?.finding, problem: step?.problem, log: step?.log ?? [] }
  }
  const want = (from: Mirror, of: JavaRelease) => {
    wanted = { broker: 'machine', proxy: 'gateway', kafkaVersion: '4.3.1', java: of, javaMirror: from.url }
  }
  const asked = () => [...mirrors.there.asked, ...mirrors.here.asked].length

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'host-java-'))
    release = await makeJavaArchive(folder, temurin.version)
    host = await bootHost('kjava', { memory: '1G' })
    mirrors = { there: await serveFolder(folder, hostGateway), here: await serveFolder(folder, '127.0.0.1') }
    const key = secret(await readFile(host.key, 'utf8'))
    const auth = { agent: null, key: { text: key, passphrase: null }, password: null, ask: null }
    const hostKey = { pinned: { algorithm: 'ssh-ed25519', sha256: host.hostKeys.ed25519 }, knownHosts: '' }
    ssh = openSshHost({ host: host.ip, port: 22, user: host.user, auth, hostKey, jump: null })
    ledger = hostLedger(() => rootShell(ssh, 'free', null), 'cloud')
    const deps: KafkaHostDeps = {
      host: () => ssh,
      sudoPassword: () => null,
      wanted: () => wanted as KafkaHostWanted,
      ledger,
      kafka: never,
      addresses: never,
      setAddresses: never,
      aws: { access: never, caller: never, instance: never },
      authorities: never,
      gatewayFile: '',
      sums: { of: never, record: never },
      cache: join(folder, 'cache'),
      network: async () => ({}),
    }
    const steps = [factsStep(deps), accountStep(deps), javaStep(deps)]
    runner = planRunner({ plan: 'kafkaHost', title: 'Java', steps, ledger })
    // Its package manager works and knows no Java.
    await host.run(
      'sudo rm -rf /etc/apt/sources.list /etc/apt/sources.list.d && sudo find /var/lib/apt/lists -type f -delete',
    )
    before = await host.run(hostListing)
  })
  afterAll(async () => {
    ssh?.close()
    mirrors?.there.close()
    mirrors?.here.close()
    await host?.down()
    await rm(folder, { recursive: true, force: true })
  })

  it('is fetched by the machine where its packages hold none, and pressing again changes nothing', async () => {
    want(mirrors.there, release)
    const made = await run('apply')
    expect(made.problem).toBeNull()
    expect(made.finding?.reason).toContain(`at ${folderOf(release.version)}/bin/java`)
    expect(made.log.join('\n')).toContain('apt-get cannot install Java there')
    expect(mirrors.there.asked).toHaveLength(1)
    expect(await host.run(`${java} -version 2>&1`)).toContain('version "17')
    const after = await host.run(hostListing)

    expect((await run('apply')).outcome).toBe('done')
    expect(await host.run(hostListing)).toBe(after)
    expect(asked()).toBe(1)
  }, 120_000)

  it('is seen to be damaged, and sent from this computer where the machine has no way out', async () => {
    const after = await host.run(hostListing)
    await host.run(`sudo rm ${folderOf(release.version)}/lib/modules`)
    // Whoever listens there ends the connection: apt has no way out now.
    await host.run(`echo 'Acquire::http::Proxy "http://127.0.0.1:9";' | sudo tee /etc/apt/apt.conf.d/99none`)
    want(mirrors.here, release)
    expect((await run('check')).finding?.state).not.toBe('present')
    expect((await run('apply')).problem).toBeNull()
    expect(mirrors.here.asked).toHaveLength(1)
    await host.run('sudo rm /etc/apt/apt.conf.d/99none')
    expect(await host.run(hostListing)).toBe(after)

    // The program itself still runs: only its files tell.
    await host.run(`sudo truncate -s 0 ${folderOf(release.version)}/release`)
    const { finding } = await run('check')
    expect(finding).toMatchObject({ state: 'drifted', reason: expect.stringContaining('were changed') })
    expect((await run('apply')).problem).toBeNull()
    expect(await host.run(hostListing)).toBe(after)
  }, 120_000)

  it('is not taken from an archive of another sum, and what was there stays', async () => {
    const after = await host.run(hostListing)
    const builds = { ...release.builds, x86_64: { ...release.builds.x86_64, sha256: '0'.repeat(64) } }
    for (const from of [mirrors.there, mirrors.here]) {
      want(from, { version: release.version, builds })
      await host.run(`sudo truncate -s 1 ${folderOf(release.version)}/release`)
      const { problem, log } = await run('apply')
      expect(problem?.code).toBe('HOST_ARCHIVE_NOWHERE')
      expect(log.join('\n')).toMatch(/another sum|sha256 differs/)
    }
    want(mirrors.here, release)
    expect((await run('apply')).problem).toBeNull()
    expect(await host.run(hostListing)).toBe(after)
  }, 120_000)

  it('is renewed by a later version of the app, beside the one that a broker may run on', async () => {
    const later = await makeJavaArchive(folder, '17.0.99+1')
    want(mirrors.there, later)
    expect((await run('check')).finding).toMatchObject({
      state: 'drifted',
      reason: expect.stringContaining('17.0.99+1 is the one now'),
    })
    expect((await run('apply')).problem).toBeNull()
    expect(await host.run(`readlink -f ${java}`)).toBe(`${folderOf('17.0.99+1')}/bin/java\n`)
    expect(await host.run(`ls -d ${folderOf(release.version)}`)).not.toBe('')
  }, 120_000)

  it('is removed with all that came with it', async () => {
    expect((await run('undo')).outcome).toBe('done')
    expect(await host.run(hostListing)).toBe(before)
  }, 120_000)

  it('is said to be missing where the C library is none that it was built for', async () => {
    const stub = '/usr/local/bin/getconf'
    await host.run(`printf '#!/bin/sh\\nexit 1\\n' | sudo install -m 755 /dev/stdin ${stub}`)
    await run('apply', ['account'])
    const musl = await run('check')
    expect(musl.finding).toMatchObject({ state: 'blocked', reason: expect.stringContaining('musl') })
    await host.run(`printf '#!/bin/sh\\necho glibc 2.12\\n' | sudo install -m 755 /dev/stdin ${stub}`)
    const { finding } = await run('check')
    expect(finding).toMatchObject({
      state: 'blocked',
      reason: expect.stringContaining('glibc 2.12, 2.17 is needed'),
      hint: expect.stringContaining('Install Java 17'),
    })
  }, 120_000)
})
