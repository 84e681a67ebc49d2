/** The five incidents on a real broker, Kinesis and gateway: each happens, is counted, heals, and leaves nothing behind. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { EndedIncident, IncidentState, RunningIncident } from '../../shared/contract/incidents.ts'
import type { MapNode, NodeId } from '../../shared/contract/local.ts'
import { type EmulationInput, emulationOptionsSchema, type RunSnapshot } from '../../shared/emulation.ts'
import { badFilter, badKinds, type IncidentInput, incidentOptionsSchema } from '../../shared/incidents.ts'
import { runProgram } from '../helpers/home.ts'
import { followRun, pipeline, plan, startOwner, type TestOwner } from '../helpers/owner.ts'

let owner: TestOwner
const client = () => owner.client
const of = { pipeline }

beforeAll(async () => {
  owner = await startOwner()
  await plan(client(), 'apply')
})
afterAll(async () => {
  await owner.stop()
  await owner.home.remove()
})
afterEach(async () => {
  await client().incidents.end(of)
})

const start = (options: IncidentInput) =>
  client().incidents.start({ ...of, options: incidentOptionsSchema.parse(options) })

/** Follows the states until one fits. */
async function seen<T>(pick: (state: IncidentState) => T | null): Promise<T> {
  for await (const state of await client().incidents.watch(of)) {
    const found = pick(state)
    if (found !== null) return found
  }
  throw new Error('The stream ended')
}
const factOf = (incident: RunningIncident | EndedIncident, label: string) =>
  incident.facts.find((fact) => fact.label.startsWith(label))?.value ?? null
/** While it is on, so many at least. */
const counted = (label: string, least: number) =>
  seen(({ on }) => (on !== null && (factOf(on, label) ?? 0) >= least ? on : null))
const over = () => seen(({ on, last }) => (on === null ? last : null))

async function onMap(id: NodeId, pick: (node: MapNode) => boolean): Promise<MapNode> {
  for await (const { nodes } of await client().overview.watch(of)) {
    const node = nodes.find((each) => each.id === id)
    if (node !== undefined && pick(node)) return node
  }
  throw new Error('The map ended')
}

/** A broker that starts again takes seconds; on a machine that does ten things at once, a minute and more. */
const slow = { timeout: 600_000 } as const

/** Times are noisy on a busy machine: it is only waited for, never measured. */
const patience = { timeout: 60_000, interval: 50 } as const

/** An emulation beside the incident; every snapshot of it must add up. */
async function emulating(options: EmulationInput) {
  const { runId } = await client().emulation.start({ ...of, options: emulationOptionsSchema.parse(options) })
  let last: RunSnapshot | null = null
  const sums: number[] = []
  const ended = followRun(client(), runId, (snapshot) => {
    last = snapshot
    const { sent, acknowledged, failed, inFlight } = snapshot.counters
    sums.push(sent - acknowledged - failed - inFlight)
  })
  return {
    latest: () => last as RunSnapshot | null,
    /** Ends it and answers its last snapshot; all of them added up. */
    async end(): Promise<RunSnapshot> {
      await client()
        .emulation.stop({ ...of, runId })
        .catch(() => {})
      const snapshot = await ended
      expect(sums.length).toBeGreaterThan(0)
      expect(sums.filter((rest) => rest !== 0)).toEqual([])
      return snapshot
    },
  }
}
const steady: EmulationInput = { rate: { kind: 'constant', postsPerSecond: 40 }, batch: 5 }

describe('broker down', slow, () => {
  it('ends the broker and keeps it down, is no fault on the map, and starts it again when ended', async () => {
    const before = await client().local.status(of)
    const run = await emulating({ ...steady, sinks: ['kafka', 'streams'] })
    await expect.poll(() => run.latest()?.counters.acknowledged ?? 0, patience).toBeGreaterThan(50)
    await start({ id: 'broker-down', forMs: 300_000 })
    const during = await client().local.status(of)
    expect(during.kafka.running).toBe(false)
    expect(() => process.kill(before.kafka.pid ?? 0, 0)).toThrow()
    const node = await onMap('kafka', ({ incident }) => incident !== null)
    expect(node).toMatchObject({ state: 'off', problem: null, incident: { title: 'Broker down' } })
    await expect(client().topics.list(of)).rejects.toMatchObject({ data: { code: 'INCIDENT_BROKER_DOWN' } })
    await expect(start({ id: 'rebalance' })).rejects.toMatchObject({ data: { code: 'INCIDENT_ON' } })
    // Start does not bring it back: it says why not.
    await expect(plan(client(), 'apply')).rejects.toThrow('kept down by an incident')
    // Which of the two depends on what was under way: certain refusals are sent again, open ones have failed.
    await seen(({ on }) =>
      on !== null && (factOf(on, 'records sent again') ?? 0) + (factOf(on, 'records failed') ?? 0) > 0
        ? on
        : null,
    )

    const { last } = await client().incidents.end(of)
    expect(last).toMatchObject({ how: 'asked', problem: null })
    const after = await client().local.status(of)
    expect(after.running).toBe(true)
    expect(after.kafka.bootstrap).toBe(before.kafka.bootstrap)
    const acknowledged = run.latest()?.sinks.find(({ sink }) => sink === 'kafka')?.counters.acknowledged ?? 0
    await expect
      .poll(() => run.latest()?.sinks.find(({ sink }) => sink === 'kafka')?.counters.acknowledged ?? 0, {
        ...patience,
      })
      .toBeGreaterThan(acknowledged)
    const snapshot = await run.end()
    expect(snapshot.counters.retried + snapshot.counters.failed).toBeGreaterThan(0)
    expect((await onMap('kafka', ({ incident }) => incident === null)).problem).toBeNull()
  })

  it('heals by itself when its time is over', async () => {
    await start({ id: 'broker-down', forMs: 10_000 })
    expect(await over()).toMatchObject({ how: 'time', problem: null })
    expect((await client().local.status(of)).running).toBe(true)
  })

  it('ends with a stop of the stack, and a start is then as usual', async () => {
    await start({ id: 'broker-down', forMs: 300_000 })
    await plan(client(), 'undo')
    expect(await over()).toMatchObject({ how: 'stopped' })
    await expect(start({ id: 'broker-down' })).rejects.toMatchObject({ data: { code: 'STACK_STOPPED' } })
    await plan(client(), 'apply')
    expect((await client().local.status(of)).running).toBe(true)
  })
})

describe('throttled shard', slow, () => {
  it('refuses what is above what is left, and takes everything again at its end', async () => {
    const run = await emulating({ ...steady, sinks: ['streams'] })
    await start({ id: 'throttled-shard', forMs: 300_000, recordsPerSecond: 2 })
    await counted('records refused', 20)
    await expect
      .poll(() => run.latest()?.errors.find(({ code }) => code === 'KINESIS_THROTTLED') ?? null, {
        ...patience,
      })
      .not.toBeNull()
    const node = await onMap('kinesis', ({ incident }) => incident !== null)
    expect(node).toMatchObject({ state: 'good', problem: null, incident: { title: 'Throttled shard' } })
    const { last } = await client().incidents.end(of)
    expect(last?.problem).toBeNull()
    const snapshot = await run.end()
    expect(snapshot.counters.retried).toBeGreaterThan(0)
    // What waited has arrived: the shard takes its thousand again.
    expect(snapshot.counters.failed).toBe(0)
    await expect(start({ id: 'throttled-shard', shard: 'shardId-000000000099' })).rejects.toMatchObject({
      data: { code: 'STREAM_NOT_FOUND' },
    })
  })

  it('is put on again where Kinesis was killed meanwhile', async () => {
    const { kinesis } = await client().local.status(of)
    await start({ id: 'throttled-shard', forMs: 300_000, recordsPerSecond: 0 })
    process.kill(kinesis.pid ?? 0, 'SIGKILL')
    const run = await emulating({ ...steady, sinks: ['kinesis'] })
    await counted('records refused', 20)
    await client().incidents.end(of)
    expect((await run.end()).counters.failed).toBe(0)
  })
})

describe('slow gateway', slow, () => {
  it('holds back each answer, and lets go of all at once', async () => {
    const run = await emulating({ ...steady, sinks: ['rest'], inFlight: 4 })
    await start({ id: 'slow-gateway', forMs: 300_000, delayMs: 3_000 })
    const on = await counted('p99 of the gateway', 3_000)
    expect(factOf(on, 'answers held back')).toBeGreaterThan(0)
    expect((await onMap('gateway', ({ incident }) => incident !== null)).problem).toBeNull()
    const { last } = await client().incidents.end(of)
    expect(last?.problem).toBeNull()
    const acknowledged = run.latest()?.counters.acknowledged ?? 0
    await expect
      .poll(() => run.latest()?.counters.acknowledged ?? 0, patience)
      .toBeGreaterThan(acknowledged + 60)
    expect((await run.end()).counters.failed).toBe(0)
  })

  it('is no reason to start the gateway anew: Set-up finds it as it should be', async () => {
    await start({ id: 'slow-gateway', forMs: 300_000, delayMs: 20_000 })
    const { pid } = (await client().local.status(of)).gateway
    await plan(client(), 'apply')
    expect((await client().local.status(of)).gateway.pid).toBe(pid)
  })
})

describe('bad records', slow, () => {
  it('stand in the three topics at the places that are named, found by the filter that is offered', async () => {
    await start({ id: 'bad-records', forMs: 10_000, count: 12 })
    const last = await over()
    expect(last).toMatchObject({ how: 'time', problem: null })
    expect(last?.places).toHaveLength(12)
    expect(new Set(last?.places.map(({ kind }) => kind))).toEqual(new Set(badKinds))
    const topics = [...new Set(last?.places.map(({ topic }) => topic))].sort()
    expect(topics).toEqual(['learner.geo', 'learner.pin', 'learner.user'])
    for (const topic of topics) {
      const found: string[] = []
      const filter = { kind: 'expression' as const, text: badFilter }
      for await (const { messages } of await client().search.run({ ...of, topic, filter }))
        found.push(...messages.map(({ partition, offset }) => `${partition}/${offset}`))
      const named = last?.places.filter((place) => place.topic === topic)
      expect(found.sort()).toEqual(named?.map(({ partition, offset }) => `${partition}/${offset}`).sort())
    }
    // The lake goes on over all of them.
    await expect.poll(async () => (await client().local.status(of)).lakeProblems, patience).toEqual([])
  })
})

describe('rebalance', slow, () => {
  it('has members that come and go in a group of its own, which is gone afterwards', async () => {
    const { on } = await start({ id: 'rebalance', forMs: 300_000, everyMs: 1_000, members: 2 })
    const group = on?.group ?? ''
    expect(group).toMatch(/^incident-rebalance-\d+$/)
    const states = new Set<string>()
    const members = new Set<number>()
    for (let look = 0; look < 600 && !(states.size > 1 && members.has(3)); look++) {
      const detail = await client()
        .groups.get({ ...of, group })
        .catch(() => null)
      if (detail !== null) {
        states.add(detail.state)
        members.add(detail.members)
      }
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect([...states]).toContain('Stable')
    expect([...states].some((state) => state.endsWith('Rebalance'))).toBe(true)
    await counted('rebalances seen', 1)
    const { last } = await client().incidents.end(of)
    expect(last).toMatchObject({ how: 'asked', problem: null })
    expect((await client().groups.list(of)).map(({ id }) => id)).not.toContain(group)
  })
})

describe('afterwards', slow, () => {
  it('a pipeline that runs elsewhere is refused with the reason', async () => {
    const [item] = (await client().pipelines.list()).items
    if (item === undefined) throw new Error('no pipeline')
    const settings = { ...item.settings, name: 'Elsewhere', kind: 'existing' as const }
    const { id } = await client().pipelines.create(settings)
    expect((await client().incidents.list({ pipeline: id })).unusable?.code).toBe('PIPELINE_NOT_LOCAL')
    const options = incidentOptionsSchema.parse({ id: 'rebalance' })
    await expect(client().incidents.start({ pipeline: id, options })).rejects.toMatchObject({
      data: { code: 'PIPELINE_NOT_LOCAL' },
    })
  })

  it('is driven from the terminal', async () => {
    const cli = (...words: string[]) => runProgram('cli.js', ['incidents', ...words], owner.home.env)
    const started = await cli('start', 'slow-gateway', '--for', '300s', '--delay', '400ms', '--json')
    expect(started.code, started.err).toBe(0)
    expect(JSON.parse(started.out).on.options).toEqual({ id: 'slow-gateway', forMs: 300_000, delayMs: 400 })
    expect((await cli('start', 'slow-gateway')).err).toContain('INCIDENT_ON')
    const ended = await cli('end')
    expect(ended.code, ended.err).toBe(0)
    expect(ended.out).toContain('The last: Slow gateway')
    expect((await cli('watch')).out).toContain('The last: Slow gateway')
    const wrong = await cli('start', 'slow-gateway', '--left', '3')
    expect(wrong.code).toBe(2)
    expect(wrong.err).toContain('slow-gateway has no option --left')
    expect((await cli('start', 'earthquake')).code).toBe(2)
    expect((await cli('start', 'broker-down', '--for', '2s')).err).toContain('lasts 10 s at least')
    expect((await cli('list')).out).toContain('look for (Groups)')
  })

  it('kill -9 of the app leaves nothing broken: neither a broker that is kept down nor a group', {
    timeout: 900_000,
  }, async () => {
    await start({ id: 'broker-down', forMs: 300_000 })
    await owner.kill()
    owner = await startOwner(owner.home)
    await plan(client(), 'apply')
    expect((await client().local.status(of)).running).toBe(true)
    expect((await seen((state) => state)).on).toBeNull()

    const { on } = await start({ id: 'rebalance', forMs: 300_000 })
    const group = on?.group ?? ''
    await owner.kill()
    owner = await startOwner(owner.home)
    await plan(client(), 'apply')
    // Kafka forgets the dead members after their session's 15 s.
    await expect
      .poll(async () => (await client().groups.list(of)).map(({ id }) => id), {
        timeout: 60_000,
        interval: 500,
      })
      .not.toContain(group)
    const file = join(owner.home.home, 'pipelines', pipeline, 'incident.json')
    await expect.poll(() => readFile(file, 'utf8').catch(() => 'gone'), { timeout: 10_000 }).toBe('gone')
    const texts = (await client().app.activity.list({ limit: 500 })).map(({ text }) => text)
    expect(texts).toContain('The app ended during an incident, and the incident with it: Rebalance')
  })
})
