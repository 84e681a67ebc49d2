/**
 * Set-up of machines of both kinds and sizes: from bare, the connection cut or the app killed in each step, again, restarted,
 * upgraded, with a full disk, taken back (issue 5, section 6). HOST_MACHINES="debian 1G,amzn 4G" chooses some.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { everywhere, makeCloud, statesIn, terminalOf } from '../helpers/cloudPipeline.ts'
import { seeded } from '../helpers/difficultTopic.ts'
import { startProgram, type TestHome, testHome } from '../helpers/home.ts'
import { bootHost, hostGateway, hostsMissing, type TestHost } from '../helpers/host.ts'
import { hostListing, hostSums } from '../helpers/hostListing.ts'
import { type Mirror, makeKafkaArchive, serveFolder } from '../helpers/kafkaArchive.ts'
import { makeNodeArchive } from '../helpers/nodeArchive.ts'
import { until } from '../helpers/until.ts'

const missing = await hostsMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

/** Of the steps that are told, in their order; a step is at work when the one before it has ended. */
const titles = [
  'Host',
  'User and folders',
  'Java',
  'Kafka',
  'Broker',
  'Topics',
  'Node.js for the gateway',
  'REST proxy',
  'One record through',
]
const machines = (process.env.HOST_MACHINES ?? 'debian 1G,debian 4G,amzn 1G,amzn 4G')
  .split(',')
  .map((machine) => machine.split(' ') as ['debian' | 'amzn', string])

describe.skipIf(missing !== null)(`Setting up machines${missing === null ? '' : ` (${missing})`}`, () => {
  let folder: string
  let mirror: Mirror | undefined

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'soak-host-'))
    await makeKafkaArchive(folder, '4.3.1')
    // The same jars under another number: what an upgrade moves is folders, links and units.
    await makeKafkaArchive(folder, '4.3.0')
    await makeNodeArchive(folder)
  }, 600_000)
  afterAll(async () => {
    mirror?.close()
    await rm(folder, { recursive: true, force: true })
  })

  describe.each(machines)('%s with %s', (os, memory) => {
    let host: TestHost
    let home: TestHome
    let bare = ''
    const random = seeded(memory.length + os.length)

    const cli = (...words: string[]) => terminalOf(home).cli(...words)
    const must = (...words: string[]) => terminalOf(home).must(...words)
    const setUp = async () => expect(statesIn(await must('setup', '--json'))).toEqual(everywhere('present'))
    const undo = async () => {
      await must('setup', '--undo', '--yes')
      const had = new Set(bare.split('\n'))
      expect((await host.run(hostListing)).split('\n').filter((line) => !had.has(line))).toEqual([])
    }
    /** One set-up from bare, disturbed in every step: the next press goes on from there. */
    const disturbed = async (disturb: (program: ReturnType<typeof startProgram>) => Promise<void>) => {
      for (const title of titles) {
        const program = startProgram('cli.js', ['setup'], home.env)
        const ended = await Promise.race([
          program.line(new RegExp(`^✓ ${title.replace('.', '\\.')}: `, 'm')).then(() => false),
          program.finished.then(() => true),
        ])
        expect(ended, (await Promise.race([program.finished, sleep(0)]))?.err).toBe(false)
        await sleep(random(2_000))
        await disturb(program)
        await program.finished
      }
      await setUp()
    }

    beforeAll(async () => {
      host = await bootHost(`s${os.slice(0, 2)}${memory.toLowerCase()}`, { os, memory })
      bare = await host.run(hostListing)
      home = await testHome()
      mirror ??= await serveFolder(folder, hostGateway)
      await makeCloud(home, host, mirror.url)
    }, 600_000)
    afterAll(async () => {
      await host?.down()
      await home?.remove()
    })

    it('from bare with the connection cut in each step; pressed again, nothing is written', async () => {
      await disturbed(async () => {
        await host.fault('kill-sshd')
        await sleep(1_000)
        await host.fault('heal')
      })
      const before = await host.run(hostSums)
      await setUp()
      expect(await host.run(hostSums)).toBe(before)
    })

    it('services are back after a restart and after a crash', async () => {
      for (const fault of ['reboot', 'crash'] as const) {
        await host.fault(fault)
        const looked = async () => statesIn(await must('setup', '--check', '--json'))
        await until(async () => isDeepStrictEqual(await looked(), everywhere('present')), 180_000)
      }
    })

    it('is upgraded by its number, and keeps its messages', async () => {
      await must('topics', 'produce', 'learner.geo', '--value', '{"ind":1}', '--any-value')
      await must('pipelines', 'set', 'cloud', 'kafkaHost.version=4.3.0')
      await setUp()
      expect(await host.run('systemctl status pipeline-kafka || true')).toContain('4.3.0')
      expect(await must('topics', 'browse', 'learner.geo', '--json')).toContain('ind')
      await must('pipelines', 'set', 'cloud', 'kafkaHost.version=4.3.1')
      await setUp()
    })

    it('is taken back without a rest', undo)

    it('from bare with the app killed in each step, and taken back', async () => {
      await disturbed(async ({ child }) => void child.kill('SIGKILL'))
      await undo()
    })

    it('says that the disk is full, and goes on when there is room', async () => {
      await must('setup', '--only', 'java')
      await host.fault('fill-disk', 60_000)
      const { code, err } = await cli('setup')
      expect(code).toBe(1)
      expect(err).toMatch(/disk|space/i)
      await host.fault('heal')
      await setUp()
      await undo()
    })

    it.runIf(os === 'debian')('leaves Java where something that was installed since needs it', async () => {
      await must('setup', '--only', 'java')
      const control =
        'Package: needs-java\\nVersion: 1\\nArchitecture: all\\nMaintainer: A <a@example.org>\\nDescription: a\\nDepends: openjdk-17-jre-headless\\n'
      await host.run(
        `mkdir -p /tmp/n/DEBIAN && printf '${control}' > /tmp/n/DEBIAN/control && dpkg-deb -b /tmp/n /tmp/n.deb && sudo dpkg -i /tmp/n.deb`,
      )
      await must('setup', '--undo', '--yes')
      expect(await host.run('dpkg -s openjdk-17-jre-headless needs-java')).not.toContain('deinstall')
      expect(await host.run('test -e /opt/pipeline-control || echo gone')).toContain('gone')
    })
  })
})
