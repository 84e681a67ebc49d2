/** The local stack: how soon it is up from warm caches, step by step, and what the app costs while nothing happens. */
import { setTimeout as sleep } from 'node:timers/promises'
import { attach } from '../electron/host/attach.ts'
import { socketPath } from '../electron/lib/backendLock.ts'
import { startBroker } from '../tests/helpers/broker.ts'
import { type Client, plan } from '../tests/helpers/owner.ts'
import { type Bench, type Context, inTurn, median, type Row, row } from './bench.ts'
import { cpuMs, openMeasured, residentMiB, startDoor } from './lib/page.ts'

const settings = { name: 'Bench', ports: { kafka: 0, kinesis: 0, gateway: 0 } }
const ofPlan = { pipeline: 'this-computer', plan: 'local' } as const

export const bench: Bench = {
  name: 'stack',
  title: 'Local stack: start and idle',
  async run(context) {
    return [...(await startUp(context)), ...(await idle(context))]
  },
}

async function startUp({ rounds, say }: Context): Promise<Row[]> {
  const steps = new Map<string, number[]>()
  const again: number[] = []
  const used = new Map<string, number[]>()
  /** In a new folder; the class data and the jars are there already. */
  const up = async () => {
    const { client, pid, end } = await door()
    try {
      const before = await cpuMs(pid)
      const first = await timed(() => plan(client, 'apply'))
      const { kafka, kinesis, gateway } = await client.local.status({ pipeline: ofPlan.pipeline })
      note(used, 'app', (await cpuMs(pid)) - before)
      for (const [name, part] of Object.entries({
        broker: kafka,
        Kinesis: kinesis,
        'gateway and lake': gateway,
      }))
        note(used, name, await cpuMs(part.pid ?? 0))
      for (const { title, startedAt, endedAt } of (await client.plan.get(ofPlan)).steps)
        note(steps, title, (endedAt ?? 0) - (startedAt ?? 0))
      await plan(client, 'undo')
      again.push(await timed(() => plan(client, 'apply')))
      return first
    } finally {
      await end()
    }
  }
  const alone = async () => {
    let broker: Awaited<ReturnType<typeof startBroker>> | undefined
    const took = await timed(async () => {
      broker = await startBroker()
    })
    await broker?.stop()
    return took
  }
  // Brings the jars and writes the class data, where a run before has not.
  await up()
  steps.clear()
  used.clear()
  again.length = 0
  const times = await inTurn(rounds, { up, alone }, say)
  const medians = (of: typeof steps) =>
    [...of].map(([name, values]) => `${name} ${Math.round(median(values))}`).join(', ')
  return [
    row({
      what: 'stack up in a new folder, from warm caches',
      unit: 'ms',
      ours: times.up,
      target: { atMost: 8_000 },
      notes: [
        `by step, ms: ${medians(steps)}`,
        `processor time until then, ms: ${medians(used)}`,
        `Kafka’s broker alone, formatted and started by its own classes, until it answers: ${times.alone.map(Math.round).join(', ')} ms`,
      ],
    }),
    row({ what: 'stack up again after a stop', unit: 'ms', ours: again, target: { atMost: 8_000 } }),
  ]
}

async function idle({ quick, say }: Context): Promise<Row[]> {
  const forMs = quick ? 20_000 : 60_000
  const { client, address, pid, end } = await door()
  try {
    await plan(client, 'apply')
    const cost = async () => {
      // What the start left to do is done.
      await sleep(forMs / 4)
      const used = await cpuMs(pid)
      const began = performance.now()
      await sleep(forMs)
      return {
        percent: (100 * ((await cpuMs(pid)) - used)) / (performance.now() - began),
        resident: await residentMiB(pid),
      }
    }
    const alone = await cost()
    say(`no page: ${JSON.stringify(alone)}`)
    const { page, close } = await openMeasured(address)
    await page.getByRole('heading', { name: 'Overview' }).waitFor()
    const watched = await cost()
    say(`with the Overview: ${JSON.stringify(watched)}`)
    await close()
    const line = (what: string, unit: string, value: number, atMost: number) =>
      row({ what: `idle with the stack up: ${what}`, unit, ours: [value], target: { atMost } })
    return [
      line('app, no page open', '% of a core', alone.percent, 1),
      line('app, the Overview open', '% of a core', watched.percent, 1),
      line('app, no page open', 'MiB resident', alone.resident, 250),
      line('app, the Overview open', 'MiB resident', watched.resident, 250),
    ]
  } finally {
    await end()
  }
}

function note(all: Map<string, number[]>, name: string, value: number): void {
  all.set(name, [...(all.get(name) ?? []), value])
}

/** The web door on a new folder, and a client of its back end. */
async function door(): Promise<{
  readonly client: Client
  readonly address: string
  readonly pid: number
  end(): Promise<void>
}> {
  const { home, address, pid, close } = await startDoor(settings, ofPlan.pipeline)
  const { client, close: leave } = await attach(socketPath(home.home))
  return {
    client,
    address,
    pid,
    end: async () => {
      leave()
      await close()
    },
  }
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now()
  await work()
  return performance.now() - began
}
