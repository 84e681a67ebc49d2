/** Memory of the app and its children while a run goes on at full speed; `--long` for half an hour, else two minutes. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { pipeline, plan, startOwner, type TestOwner } from '../tests/helpers/owner.ts'
import { type Bench, type Context, median, type Row, row } from './bench.ts'

const exec = promisify(execFile)
const lookEveryMs = 1_000
/** Growth from the run's second quarter to its last that counts as flat: below what one garbage collection moves. */
const flat = 1.1
/** Enough for half an hour of records, of which the disk must have room. */
const maxDataGiB = 60

interface Look {
  readonly ms: number
  /** MiB by process. */
  readonly resident: Readonly<Record<string, number>>
}

export const bench: Bench = {
  name: 'memory',
  title: 'Memory at full speed',
  async run(context) {
    const owner = await startOwner()
    try {
      const { items } = await owner.client.pipelines.list()
      const [item] = items
      if (item === undefined) throw new Error('There is no pipeline')
      const streams = { ...item.settings.streams, enforceLimits: false }
      await owner.client.pipelines.update({ pipeline, settings: { ...item.settings, streams } })
      await owner.client.settings.set({ maxDataGiB })
      await plan(owner.client, 'apply')
      return await measure(owner, context)
    } finally {
      await owner.stop()
      await owner.home.remove()
    }
  },
}

async function measure(owner: TestOwner, { long, quick, say }: Context): Promise<Row[]> {
  const forMs = (long ? 30 * 60 : quick ? 30 : 120) * 1_000
  const { kinesis, gateway, kafka } = await owner.client.local.status({ pipeline })
  const pids = { app: owner.pid, gateway: gateway.pid, kinesis: kinesis.pid, broker: kafka.pid }
  const options = { forMs, rate: { kind: 'max' }, batch: 100, sinks: ['rest', 'streams'] }
  const began = performance.now()
  const { runId } = await owner.client.emulation.start({ pipeline, options: options as never })
  const looks: Look[] = []
  let told = 0
  for await (const { state, counters, problem } of await owner.client.emulation.watch({ pipeline, runId })) {
    if (problem !== null) throw new Error(problem.message)
    if (state !== 'starting' && state !== 'running') break
    const ms = performance.now() - began
    if (ms < (looks.at(-1)?.ms ?? 0) + lookEveryMs) continue
    looks.push({ ms, resident: await residentOf(pids) })
    if (ms < told + 30_000) continue
    told = ms
    say(
      `${Math.round(ms / 1_000)} s, ${counters.acknowledged} records: ${JSON.stringify(looks.at(-1)?.resident)}`,
    )
  }
  const run = await owner.client.emulation.get({ pipeline, runId })
  if (run.problem !== null || run.counters.failed > 0) throw new Error(`The run ended as ${run.state}`)
  const rate = Math.round((run.counters.acknowledged * 1_000) / run.activeMs)
  const mark = long ? '30 min' : `${forMs / 1_000} s instead of 30 min`
  return (['app', 'gateway', 'kinesis', 'broker'] as const).map((name) =>
    memoryRow(name, `memory of the ${titles[name]} at full speed, ${mark}`, looks, forMs, rate),
  )
}

const titles = {
  app: 'app',
  gateway: 'gateway and lake',
  kinesis: 'local Kinesis',
  broker: 'broker',
} as const

function memoryRow(
  name: keyof typeof titles,
  what: string,
  looks: readonly Look[],
  ms: number,
  rate: number,
): Row {
  const between = (from: number, to: number) =>
    looks
      .filter((look) => look.ms >= from * ms && look.ms < to * ms)
      .map(({ resident }) => resident[name] ?? 0)
  const later = looks.filter((look) => look.ms >= ms / 4)
  const slope = slopeOf(later.map((look) => [look.ms / 60_000, look.resident[name] ?? 0] as const))
  return row({
    what,
    unit: 'MiB in its last quarter',
    ours: [median(between(0.75, 1))],
    peer: { name: 'in its second quarter', values: [median(between(0.25, 0.5))] },
    // The broker's heap is the JVM's own business.
    target: name === 'broker' ? null : { atMost: flat },
    notes: [`${slope.toFixed(2)} MiB a minute after the first quarter, at ${rate} records/s`],
  })
}

/** Of the straight line with the least squares. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length
  const [x, y] = [mean(0), mean(1)]
  const above = points.reduce((sum, point) => sum + (point[0] - x) * (point[1] - y), 0)
  return above / points.reduce((sum, point) => sum + (point[0] - x) ** 2, 0)
}

async function residentOf(pids: Readonly<Record<string, number | null>>): Promise<Record<string, number>> {
  const resident: Record<string, number> = {}
  for (const [name, pid] of Object.entries(pids)) {
    if (pid === null) throw new Error(`${name} does not run`)
    const { stdout } = await exec('ps', ['-o', 'rss=', '-p', String(pid)])
    resident[name] = Math.round(Number(stdout) / 1_024)
  }
  return resident
}
