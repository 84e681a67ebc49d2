/** Kafka on a machine: from bare to the first acknowledged record, and pressed again, beside an Ansible playbook. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { temurin } from '../electron/plans/kafkaHost/javaRuntime.ts'
import { brokerHeapMiB } from '../electron/plans/kafkaHost/wanted.ts'
import type { PlanState } from '../shared/contract/plan.ts'
import { makeCloud, terminalOf } from '../tests/helpers/cloudPipeline.ts'
import { root, testHome } from '../tests/helpers/home.ts'
import { bootHost, hostGateway, hostsMissing, type TestHost } from '../tests/helpers/host.ts'
import { makeKafkaArchive, serveFolder } from '../tests/helpers/kafkaArchive.ts'
import { makeNodeArchive } from '../tests/helpers/nodeArchive.ts'
import { type Bench, inTurn, median, row } from './bench.ts'
import { ansible } from './lib/ansible.ts'

const kafkaVersion = '4.3.1'
const wanted = {
  owner: 'learner',
  broker: 'machine',
  role: '',
  healthTopic: 'pipeline-health-learner',
  kafkaVersion,
  ports: { kafka: 9092, controller: 9093 },
  advertised: '',
  topics: ['learner.pin', 'learner.geo', 'learner.user'],
  partitions: 1,
  retentionMs: 604_800_000,
  proxy: 'gateway',
  proxyPort: 8082,
  region: 'us-east-1',
  mirrors: [],
  java: temurin,
  javaMirror: '',
  nodeMirror: '',
  confluentVersion: '8.3.1',
  confluentMirror: '',
  mskIamMirror: '',
} as const

export const bench: Bench = {
  name: 'host',
  title: 'Kafka on a machine with 1 GiB: set up, and pressed again',
  async run({ rounds, say }) {
    const missing = await hostsMissing()
    if (missing !== null) throw new Error(missing)
    const archives = await mkdtemp(join(tmpdir(), 'bench-host-'))
    await makeKafkaArchive(archives, kafkaVersion)
    await makeNodeArchive(archives)
    // The hosts' network is there once the first of them is.
    let served: ReturnType<typeof serveFolder> | undefined
    const again = { ours: [] as number[], ansible: [] as number[] }
    const steps = new Map<string, number[]>()
    let version = ''

    const onBareHost = async (work: (host: TestHost, folder: string, mirror: string) => Promise<number>) => {
      const folder = await mkdtemp(join(tmpdir(), 'bench-host-'))
      const host = await bootHost('bench', { memory: '1G' })
      try {
        served ??= serveFolder(archives, hostGateway)
        return await work(host, folder, (await served).url)
      } finally {
        await host.down()
        await rm(folder, { recursive: true, force: true })
      }
    }
    const cases = {
      ours: () =>
        onBareHost(async (host, _folder, mirror) => {
          const home = await testHome()
          const { must } = terminalOf(home)
          try {
            await makeCloud(home, host, mirror)
            let out = ''
            const took = await timed(async () => {
              out = await must('setup', '--json')
            })
            const state: PlanState = JSON.parse(out.trim().split('\n').at(-1) ?? '')
            for (const { title, startedAt, endedAt } of state.steps)
              steps.set(title, [...(steps.get(title) ?? []), (endedAt ?? 0) - (startedAt ?? 0)])
            again.ours.push(await timed(() => must('setup', '--json')))
            return took
          } finally {
            await home.remove()
          }
        }),
      ansible: () =>
        onBareHost(async (host, folder, mirror) => {
          // A machine of EC2 has them; Ansible works through them.
          await host.run(
            'sudo apt-get update -qq && sudo apt-get install -y -qq --no-install-recommends python3 python3-apt >/dev/null',
          )
          const playbook = await ansible({
            folder,
            host,
            archives,
            mirror,
            wanted,
            gateway: join(root, 'out', 'entries', 'hostGateway.mjs'),
            heapMiB: brokerHeapMiB(1_024),
          })
          version = playbook.version
          const took = await timed(() => playbook.run())
          again.ansible.push(
            await timed(async () => {
              const changed = await playbook.run()
              if (changed !== 0) throw new Error(`The playbook run again changed ${changed} tasks`)
            }),
          )
          return took
        }),
    }
    try {
      // The packages of the first host come from the network, those of the others from the cache.
      await cases.ours()
      again.ours.length = 0
      steps.clear()
      const times = await inTurn(rounds, cases, say)
      const name = `ansible-core ${version}`
      const byStep = [...steps].map(([title, values]) => `${title} ${Math.round(median(values))}`)
      return [
        row({
          what: 'from a bare host to the first acknowledged record',
          unit: 'ms',
          ours: times.ours,
          peer: { name, values: times.ansible },
          notes: [`by step, ms: ${byStep.join(', ')}`],
        }),
        row({
          what: 'pressed again, nothing to change',
          unit: 'ms',
          ours: again.ours,
          peer: { name, values: again.ansible },
          target: { atMost: 0.1 },
        }),
      ]
    } finally {
      ;(await served)?.close()
      await rm(archives, { recursive: true, force: true })
    }
  },
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
