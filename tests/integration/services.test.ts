/** The services of a real machine: its systemd and its journal, seen, switched and followed over one SSH connection. */
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type App, createApp } from '../../electron/app.ts'
import { nodePlatform } from '../../electron/host/nodePlatform.ts'
import type { LogBatch, LogLine, ServicesNow, ServicesView } from '../../shared/contract/services.ts'
import type { ServiceId } from '../../shared/services.ts'
import { root, runProgram, startProgram, type TestHome, testHome } from '../helpers/home.ts'
import { bootHost, hostsMissing, type TestHost } from '../helpers/host.ts'
import { installUnits, readersLeft } from '../helpers/hostUnits.ts'
import { until } from '../helpers/until.ts'

const missing = await hostsMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const pipeline = 'cloud'
const password = 'canary-sudo-password-77ab'

describe.skipIf(missing !== null)(`services${missing === null ? '' : ` (${missing})`}`, () => {
  let host: TestHost
  let home: TestHome
  let app: App
  const ending: AbortController[] = []

  const open = async () => {
    const folders = {
      home: home.home,
      cache: home.home,
      entries: join(root, 'out'),
      resources: join(root, 'resources'),
    }
    app = await createApp(nodePlatform('terminal', '0', folders))
  }
  const machine = (over: object = {}) => ({
    host: host.ip,
    user: host.user,
    key: { kind: 'file' as const, path: host.key },
    hostKey: { algorithm: 'ssh-ed25519', sha256: host.hostKeys.ed25519 },
    ...over,
  })
  const get = () => app.client.services.get({ pipeline })
  const one = (view: ServicesView, id: ServiceId) => {
    const found = view.services.find((service) => service.id === id)
    if (found === undefined) throw new Error(`no ${id}`)
    return found
  }
  /** Reads a stream beside the test; `end` leaves it as a page does. */
  const reading = <T>(
    stream: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
    take: (value: T) => unknown,
  ) => {
    const control = new AbortController()
    ending.push(control)
    const over = (async () => {
      for await (const value of await stream(control.signal)) await take(value)
    })()
    over.catch(() => {})
    return {
      over,
      end: async () => {
        control.abort()
        await over.catch(() => {})
      },
    }
  }
  const follow = (services: ServiceId[] = ['kafka'], lines = 0) => {
    const batches: LogBatch[] = []
    const log = reading(
      (signal) => app.client.services.log({ pipeline, services, lines }, { signal }),
      (batch) => batches.push(batch),
    )
    const all = (): LogLine[] => batches.flatMap((batch) => batch.lines)
    return { ...log, batches, all, texts: () => all().map(({ text }) => text) }
  }
  /** The numbers that the stand-in for the broker counted, of those lines it says itself. */
  const numbers = (texts: readonly string[]) =>
    texts.flatMap((text) => /^INFO line (\d+) of \d+$/.exec(text)?.slice(1, 2).map(Number) ?? [])
  const cut = () => host.run('(sleep 0.2; sudo pkill -u ec2-user -x sshd) > /dev/null 2>&1 &').catch(() => '')

  beforeAll(async () => {
    host = await bootHost('services')
  })
  beforeEach(async () => {
    home = await testHome()
    await open()
    const { settings } = await app.client.pipelines.create({ name: pipeline })
    await app.client.pipelines.update({ pipeline, settings: { ...settings, kind: 'existing', host: null } })
    await app.client.hosts.set({ pipeline, settings: machine() })
  })
  afterEach(async () => {
    for (const control of ending.splice(0)) control.abort()
    await app.dispose()
    await home.remove()
  })
  afterAll(() => host?.down())

  it('says that nothing is installed, and refuses to start what is not there', async () => {
    const view = await get()
    expect(view.services.map(({ id, installed }) => [id, installed])).toEqual([
      ['kafka', false],
      ['gateway', false],
    ])
    expect(view.machine.memory.total).toBeGreaterThan(view.machine.memory.available)
    expect(view.machine.disks.map(({ path }) => path)).toEqual(['/'])
    expect(view.machine.load).toHaveLength(3)
    await expect(app.client.services.start({ pipeline, service: 'kafka' })).rejects.toMatchObject({
      data: { code: 'SERVICE_NOT_INSTALLED' },
    })
    expect((await app.client.services.files({ pipeline })).every(({ text }) => text === null)).toBe(true)
    expect(await readersLeft(host)).toBe('')
    await installUnits(host)
  })

  it('says that there is no machine', async () => {
    await app.client.hosts.set({ pipeline, settings: null })
    const { over } = reading(
      (signal) => app.client.services.log({ pipeline, services: ['kafka'] }, { signal }),
      () => {},
    )
    await expect(over).rejects.toMatchObject({ data: { code: 'HOST_NONE' } })
    await expect(get()).rejects.toMatchObject({ data: { code: 'HOST_NONE' } })
  })

  it('tells how each stands: running with its numbers, failed with its last words', async () => {
    const view = await get()
    expect(view.owner).toBe('cloud')
    const kafka = one(view, 'kafka')
    expect(kafka).toMatchObject({
      installed: true,
      state: 'active',
      subState: 'running',
      version: 'Apache Kafka 4.3.1 on Java 17.0.15',
      atBoot: 'enabled',
      restarts: 0,
      ended: null,
      changed: false,
      lastLines: [],
    })
    expect(kafka.pid).toBe(Number(await host.run('systemctl show -p MainPID --value pipeline-kafka')))
    expect(kafka.resident).toBeGreaterThan(500_000)
    expect(kafka.cpuMs).not.toBe(null)
    const started = await host.run(
      'date -d "$(systemctl show -p StateChangeTimestamp --value pipeline-kafka)" +%s',
    )
    expect(kafka.since).toBe(Number(started) * 1_000)
    expect(view.at).toBeGreaterThanOrEqual(kafka.since ?? Number.POSITIVE_INFINITY)
    const gateway = one(view, 'gateway')
    expect(gateway).toMatchObject({ state: 'failed', ended: 'exit code 3', pid: null })
    expect(gateway.lastLines).toContain('no such port: 8082')
    const messages = view.machine.folders.find(({ what }) => what === 'The messages')
    expect(messages?.bytes).toBeGreaterThan(2_000_000)
  })

  it('shows the files as they are there', async () => {
    await host.run('echo "log.dirs=/x" | sudo tee -a /etc/pipeline-control/server.properties')
    const files = await app.client.services.files({ pipeline })
    const text = (path: string) => files.find((file) => file.path === path)?.text
    expect(text('/etc/pipeline-control/server.properties')).toBe(
      'process.roles=broker,controller\nlog.dirs=/x\n',
    )
    expect(text('/etc/systemd/system/pipeline-kafka.service')).toContain(
      'ExecStart=/opt/pipeline-control/loop',
    )
    expect(text('/etc/pipeline-control/gateway.json')).toBe(null)
  })

  it('restarts, stops and starts for real, and tells of a unit changed behind systemd’s back', async () => {
    const before = one(await get(), 'kafka')
    const restarted = one(await app.client.services.restart({ pipeline, service: 'kafka' }), 'kafka')
    expect(restarted).toMatchObject({ state: 'active' })
    expect(restarted.pid).not.toBe(before.pid)
    const stopped = one(await app.client.services.stop({ pipeline, service: 'kafka' }), 'kafka')
    expect(stopped).toMatchObject({ state: 'inactive', pid: null, atBoot: 'enabled', resident: null })
    expect(await host.run('pgrep -x loop || true')).toBe('')
    await host.run('sudo touch /etc/systemd/system/pipeline-kafka.service')
    expect(one(await get(), 'kafka').changed).toBe(true)
    await host.run('sudo systemctl daemon-reload')
    const started = one(await app.client.services.start({ pipeline, service: 'kafka' }), 'kafka')
    expect(started).toMatchObject({ state: 'active', changed: false })
    const said = (await app.client.app.activity.list({})).filter(({ area }) => area === 'services')
    expect(said.map(({ text }) => text).sort()).toEqual([
      'Restarted the Kafka broker on the machine',
      'Started the Kafka broker on the machine',
      'Stopped the Kafka broker on the machine',
    ])
  })

  it('counts what systemd restarted by itself, and says why it cannot start something', async () => {
    const { restarts } = one(await get(), 'kafka')
    await host.run('sudo systemctl kill -s KILL pipeline-kafka')
    await until(async () => {
      const kafka = one(await get(), 'kafka')
      return kafka.state === 'active' && kafka.restarts === (restarts ?? 0) + 1
    })
    const file = '/etc/systemd/system/pipeline-gateway.service'
    await host.run(`sudo mv ${file} /tmp/gateway.service && sudo systemctl mask --quiet pipeline-gateway`)
    await expect(app.client.services.start({ pipeline, service: 'gateway' })).rejects.toMatchObject({
      data: { code: 'SERVICE_FAILED' },
      message: expect.stringContaining('masked'),
    })
    await host.run(
      `sudo systemctl unmask --quiet pipeline-gateway && sudo mv /tmp/gateway.service ${file} && sudo systemctl daemon-reload && sudo systemctl enable --now --quiet pipeline-gateway`,
    )
  })

  it('is refused while another computer sets the machine up', async () => {
    await host.run('sudo mkdir -p /run/pipeline-control')
    await host.run(
      `echo '{"computer":"another-laptop","user":"maria","since":0}' | sudo tee /run/pipeline-control/holder > /dev/null; (sudo flock /run/pipeline-control/lock sleep 613 > /dev/null 2>&1 &)`,
    )
    await until(async () => (await host.run('pgrep -x flock || true')) !== '')
    const { pid } = one(await get(), 'kafka')
    await expect(app.client.services.restart({ pipeline, service: 'kafka' })).rejects.toMatchObject({
      data: { code: 'HOST_HELD' },
      message: expect.stringContaining('maria on another-laptop'),
    })
    expect(one(await get(), 'kafka').pid).toBe(pid)
    await host.run('sudo pkill -f "sleep 61[3]"; sudo pkill -x flock || true')
  })

  it('follows the log from the last lines on, of one or both, and leaves no reader behind', async () => {
    const log = follow(['kafka', 'gateway'], 40)
    // The broker begins to count anew at each start, and the last one was a moment ago.
    await until(() => log.all().length >= 30 && (numbers(log.texts()).at(-1) ?? 0) >= 20)
    const at = Date.now()
    await until(() => log.all().some((line) => line.at > at))
    expect(await readersLeft(host)).toContain('journalctl')
    // The service itself, and systemd about it.
    expect(new Set(log.all().map(({ service }) => service))).toEqual(new Set(['kafka', 'gateway']))
    expect(log.all().find(({ system }) => system)?.text).toMatch(/pipeline-(kafka|gateway)\.service/)
    const seen = numbers(log.texts())
    expect(seen.slice(-20)).toEqual(Array.from({ length: 20 }, (_, nth) => (seen.at(-1) ?? 0) - 19 + nth))
    await log.end()
    // The shared connection stays, and no reader with it.
    await until(async () => (await readersLeft(host)) === '')
    expect((await app.client.hosts.get({ pipeline })).state).toBe('connected')
  })

  it('ends by itself where it is not followed', async () => {
    const lines: LogLine[] = []
    const log = reading(
      (signal) =>
        app.client.services.log({ pipeline, services: ['kafka'], lines: 5, follow: false }, { signal }),
      (batch) => lines.push(...batch.lines),
    )
    await log.over
    expect(lines).toHaveLength(5)
    expect(await readersLeft(host)).toBe('')
  })

  it('a cut connection is told of; the log then goes on without losing or repeating a line', async () => {
    const now: ServicesNow[] = []
    const watch = reading(
      (signal) => app.client.services.watch({ pipeline }, { signal }),
      (value) => now.push(value),
    )
    const log = follow()
    await until(() => numbers(log.texts()).length >= 5 && now.some(({ view }) => view !== null))
    await cut()
    await until(() => log.batches.some(({ problem }) => problem?.code === 'SSH_LOST'))
    await until(() => log.batches.at(-1)?.problem === null)
    const before = numbers(log.texts()).length
    await until(() => numbers(log.texts()).length > before + 5)
    const seen = numbers(log.texts())
    expect(seen).toEqual(seen.map((_, nth) => (seen[0] ?? 0) + nth))
    await until(() => now.at(-1)?.problem === null && now.at(-1)?.view !== null)
    await watch.end()
    await log.end()
    await until(async () => (await readersLeft(host)) === '')
  })

  it('what was said while nobody could connect is told afterwards', async () => {
    const now: ServicesNow[] = []
    reading(
      (signal) => app.client.services.watch({ pipeline }, { signal }),
      (value) => now.push(value),
    )
    const log = follow()
    await until(() => numbers(log.texts()).length >= 3 && now.some(({ view }) => view !== null))
    await host.fault('kill-sshd')
    try {
      await until(() => log.batches.at(-1)?.problem !== null && now.at(-1)?.problem !== null)
      // What was known stays in view.
      expect(now.at(-1)).toMatchObject({ retrying: true, view: { owner: 'cloud' } })
    } finally {
      await host.fault('heal')
    }
    const before = numbers(log.texts()).length
    await until(() => numbers(log.texts()).length > before + 5)
    const seen = numbers(log.texts())
    expect(seen).toEqual(seen.map((_, nth) => (seen[0] ?? 0) + nth))
    await until(() => now.at(-1)?.problem === null)
  })

  it('a network that swallows everything is noticed, and the reader there ends with it', async () => {
    const now: ServicesNow[] = []
    reading(
      (signal) => app.client.services.watch({ pipeline }, { signal }),
      (value) => now.push(value),
    )
    const log = follow()
    await until(() => numbers(log.texts()).length >= 3 && now.some(({ view }) => view !== null))
    await host.fault('drop')
    try {
      await until(() => now.at(-1)?.problem !== null)
      await until(() => log.batches.at(-1)?.problem !== null)
    } finally {
      await host.fault('heal')
    }
    const before = numbers(log.texts()).length
    await until(() => numbers(log.texts()).length > before + 5, 90_000)
    const seen = numbers(log.texts())
    expect(seen).toEqual(seen.map((_, nth) => (seen[0] ?? 0) + nth))
    await log.end()
    await until(async () => (await readersLeft(host)) === '', 90_000)
  }, 300_000)

  it('hostile lines come without control characters, cut, and in their order', async () => {
    const log = follow(['gateway'])
    await until(() => log.batches.length > 0)
    const script = `#!/bin/bash
printf 'one \\033[31mred\\033[0m \\007bell \\xff\\n'
printf 'forged\\r2026-11-29T00:00:00 host kafka[1]: not me\\n'
head -c 40000 /dev/zero | tr '\\0' x; echo
head -c 40000 /dev/zero | tr '\\0' '\\001'; echo
echo '{"__CURSOR":"s=0","MESSAGE":"json"}'
echo the end
exit 3
`
    await host.run(
      `echo '${Buffer.from(script).toString('base64')}' | base64 -d | sudo tee /opt/pipeline-control/fail > /dev/null; sudo systemctl restart pipeline-gateway`,
    )
    await until(() => log.texts().includes('the end'))
    const own = log.all().filter(({ system }) => !system)
    const texts = own.map(({ text }) => text)
    expect(texts[0]).toBe('one red bell \ufffd')
    expect(texts.find((text) => text.startsWith('xxx'))).toBe('x'.repeat(16 * 1024))
    expect(texts).toContain('{"__CURSOR":"s=0","MESSAGE":"json"}')
    for (const { at, service } of own) {
      expect(service).toBe('gateway')
      // None carries another time than the journal's own.
      expect(Math.abs(at - Date.now())).toBeLessThan(300_000)
    }
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(texts.join('')).not.toMatch(/[\u0000-\u0008\u000a-\u001f\u007f-\u009f]/)
  })

  it('whoever reads too slowly loses lines, which are counted, and nobody else waits for it', async () => {
    const script = '#!/bin/bash\nfor n in $(seq 8000); do echo "flood $n"; done; echo flooded; exit 3\n'
    await host.run(
      `echo '${Buffer.from(script).toString('base64')}' | base64 -d | sudo tee /opt/pipeline-control/fail > /dev/null`,
    )
    const batches: LogBatch[] = []
    const gate = Promise.withResolvers<void>()
    reading(
      (signal) => app.client.services.log({ pipeline, services: ['gateway'], lines: 0 }, { signal }),
      async (batch) => {
        batches.push(batch)
        await gate.promise
      },
    )
    await until(() => batches.length > 0)
    const quick = follow(['gateway'])
    await until(() => quick.batches.length > 0)
    await host.run('sudo systemctl restart pipeline-gateway')
    await until(() => quick.texts().includes('flooded'))
    gate.resolve()
    await until(() => batches.some(({ lines }) => lines.some(({ text }) => text === 'flooded')))
    const got = batches.flatMap(({ lines }) => lines)
    expect(batches.at(-1)?.dropped).toBeGreaterThan(5_000)
    expect(got.length + (batches.at(-1)?.dropped ?? 0)).toBe(batches.at(-1)?.seen)
    // What is left is the newest, without a hole.
    const left = got.flatMap(({ text }) => /^flood (\d+)$/.exec(text)?.slice(1).map(Number) ?? [])
    expect(left).toEqual(left.map((_, nth) => 8_000 - left.length + 1 + nth))
  })

  it('goes on after the machine was restarted, with what was said at its boot', async () => {
    const log = follow()
    await until(() => numbers(log.texts()).length >= 5)
    const { pid } = one(await get(), 'kafka')
    await host.fault('reboot')
    await until(() =>
      log.texts().some((text) => text.startsWith('INFO line 3 of') && !text.endsWith(` ${pid}`)),
    )
    const own = log.texts().filter((text) => text.startsWith('INFO line'))
    expect(new Set(own).size).toBe(own.length)
    // Those before and those after, each without a hole.
    const before = numbers(own.filter((text) => text.endsWith(` ${pid}`)))
    expect(before).toEqual(before.map((_, nth) => (before[0] ?? 0) + nth))
    const after = numbers(own.filter((text) => !text.endsWith(` ${pid}`)))
    expect(after).toEqual(after.map((_, nth) => nth + 1))
    expect(one(await get(), 'kafka')).toMatchObject({ state: 'active', restarts: 0 })
  }, 180_000)

  it('works by sudo with a password, which is in no process list, and says where it is missing', async () => {
    await host.run(
      `printf 'ec2-user:%s\\n' '${password}' | sudo chpasswd; echo 'ec2-user ALL=(ALL) PASSWD: ALL' | sudo tee /etc/sudoers.d/zz-test > /dev/null`,
    )
    try {
      // Looking needs no root.
      expect(one(await get(), 'kafka').state).toBe('active')
      const unread = follow()
      await unread.over
      expect(unread.batches.at(-1)).toMatchObject({
        problem: { code: 'SUDO_PASSWORD_NEEDED' },
        retrying: false,
      })
      await app.client.hosts.set({ pipeline, settings: machine(), secrets: { host: { password: 'wrong' } } })
      await expect(app.client.services.files({ pipeline })).rejects.toMatchObject({
        data: { code: 'SUDO_REFUSED' },
      })
      await app.client.hosts.set({ pipeline, settings: machine(), secrets: { host: { password } } })
      const log = follow()
      await until(() => numbers(log.texts()).length >= 3)
      expect(await host.run('ps -eo args')).not.toContain(password)
      const { pid } = one(await get(), 'kafka')
      expect(one(await app.client.services.restart({ pipeline, service: 'kafka' }), 'kafka').pid).not.toBe(
        pid,
      )
      await log.end()
      await until(async () => (await readersLeft(host)) === '')
    } finally {
      await host.run(`echo '${password}' | sudo -S -p '' rm /etc/sudoers.d/zz-test`)
    }
  }, 180_000)

  it('has the same in the terminal', async () => {
    await app.dispose()
    const cli = (...words: string[]) => runProgram('cli.js', ['services', ...words], { ...home.env })
    const select = await runProgram('cli.js', ['pipelines', 'select', pipeline], home.env)
    expect(select.code, select.err).toBe(0)
    const listed = await cli()
    expect(listed.code, listed.err).toBe(0)
    expect(listed.out).toMatch(/kafka +active \(running\).*Apache Kafka 4\.3\.1/)
    expect(listed.out).toMatch(/gateway ended \(exit code 3\)[\s\S]* {2}flooded/)
    const view = JSON.parse((await cli('list', '--json')).out) as ServicesView
    const refused = await cli('restart', 'kafka')
    expect([refused.code, refused.err]).toEqual([3, expect.stringContaining('CONSENT_NEEDED')])
    const restarted = await cli('restart', 'pipeline-kafka.service', '--yes', '--json')
    expect(one(JSON.parse(restarted.out) as ServicesView, 'kafka').pid).not.toBe(one(view, 'kafka').pid)
    expect((await cli('log', 'kafka', '--lines', '3')).out.trim().split('\n')).toHaveLength(3)
    expect((await cli('log', 'nothing')).code).toBe(2)
    const following = startProgram(
      'cli.js',
      ['services', 'log', '--follow', '--json', '--lines', '1'],
      home.env,
    )
    await following.line(/INFO line/)
    following.child.kill('SIGINT')
    expect((await following.finished).code).toBe(0)
    await until(async () => (await readersLeft(host)) === '')
    await open()
  }, 180_000)
})
