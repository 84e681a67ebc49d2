/** The parts of a running stack: looked at for real, started anew where they must be, given up where they keep ending. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listProcesses } from '../../electron/lib/processes.ts'
import { isAlive, processStart } from '../../electron/lib/processStart.ts'
import type { PipelineSettings } from '../../shared/settings.ts'
import { pipeline, plan, startOwner, type TestOwner } from '../helpers/owner.ts'

const of = { pipeline, plan: 'local' as const }
let owner: TestOwner

beforeAll(async () => {
  owner = await startOwner()
  await plan(owner.client, 'apply')
})
afterAll(async () => {
  await owner.stop()
  await owner.home.remove()
})

const status = () => owner.client.local.status({ pipeline })
const pids = async () => {
  const { kafka, kinesis, gateway } = await status()
  return { kafka: kafka.pid, kinesis: kinesis.pid, gateway: gateway.pid }
}

async function change(what: (settings: PipelineSettings) => PipelineSettings): Promise<void> {
  const item = (await owner.client.pipelines.list()).items[0]
  if (item === undefined) throw new Error('no pipeline')
  await owner.client.pipelines.update({ pipeline, settings: what(item.settings) })
}

async function findings() {
  await plan(owner.client, 'check')
  const { steps } = await owner.client.plan.get(of)
  return Object.fromEntries(steps.map((step) => [step.id, step.finding]))
}

describe('a change of the settings', () => {
  it('is seen as drift of just that part, and applying starts only that part anew', async () => {
    const before = await pids()
    await change((settings) => ({ ...settings, gateway: { ...settings.gateway, stage: 'test' } }))
    const found = await findings()
    expect(found.gateway).toMatchObject({
      state: 'drifted',
      changes: [{ target: 'stage', before: '', after: 'test' }],
    })
    expect([found.broker?.state, found.kinesis?.state]).toEqual(['present', 'present'])

    await plan(owner.client, 'apply')
    const after = await pids()
    expect(after.gateway).not.toBe(before.gateway)
    expect({ ...after, gateway: 0 }).toEqual({ ...before, gateway: 0 })
    const { gateway } = await status()
    expect(gateway.url).toMatch(/\/test$/)
    expect((await fetch(`${gateway.url}/topics`)).status).toBe(200)
  })

  it('reaches topics and streams that exist, and takes nothing away from them', async () => {
    await change((settings) => ({
      ...settings,
      topics: { ...settings.topics, partitions: 3, retentionMs: 3_600_000 },
      streams: { ...settings.streams, shards: 2, retentionHours: 48 },
    }))
    const found = await findings()
    expect(found.topics?.changes).toContainEqual({
      target: 'learner.pin retention.ms',
      before: '604800000',
      after: '3600000',
    })
    expect(found.topics?.changes).toContainEqual({
      target: 'learner.geo partitions',
      before: '1',
      after: '3',
    })
    expect(found.streams?.changes).toContainEqual({
      target: 'streaming-learner-user shards',
      before: '1',
      after: '2',
    })
    await plan(owner.client, 'apply')
    const topic = await owner.client.topics.get({ pipeline, topic: 'learner.pin' })
    expect(topic.partitions).toBe(3)
    const settings = await owner.client.topicOps.settings({ pipeline, topic: 'learner.pin' })
    expect(settings.find(({ name }) => name === 'retention.ms')?.value).toBe('3600000')
    const stream = await owner.client.streams.get({ pipeline, stream: 'streaming-learner-pin' })
    expect([stream.openShards, stream.retentionHours]).toEqual([2, 48])

    await change((settings) => ({
      ...settings,
      topics: { ...settings.topics, partitions: 1 },
      streams: { ...settings.streams, shards: 1 },
    }))
    const smaller = await findings()
    expect([smaller.topics?.state, smaller.streams?.state]).toEqual(['present', 'present'])
  })
})

describe.skipIf(process.platform === 'win32')('a part that runs but does not answer', () => {
  it('is drifted, and is started anew', async () => {
    const before = await pids()
    process.kill(before.kinesis ?? 0, 'SIGSTOP')
    const found = await findings()
    expect(found.kinesis).toMatchObject({ state: 'drifted' })
    expect(found.kinesis?.reason).toContain(`process ${before.kinesis} runs but does not answer`)
    await plan(owner.client, 'apply')
    const after = await pids()
    expect(after.kinesis).not.toBe(before.kinesis)
    expect((await status()).running).toBe(true)
  })
})

describe('a part that keeps ending', () => {
  it('is given up with the reason after five times, shown where it is, and started again by a person', async () => {
    let killed = 0
    await expect
      .poll(
        async () => {
          const { gateway, problems } = await status()
          if (problems.some(({ code }) => code === 'CHILD_GIVEN_UP')) return 'given up'
          if (gateway.pid !== null) {
            process.kill(gateway.pid, 'SIGKILL')
            killed += 1
          }
          return killed
        },
        { timeout: 60_000, interval: 100 },
      )
      .toBe('given up')
    const { problems, running } = await status()
    expect(running).toBe(false)
    expect(problems[0]?.message).toContain('Gateway and lake ended 5 times in ten minutes')
    expect((await findings()).gateway).toMatchObject({ state: 'drifted' })
    for await (const overview of await owner.client.overview.watch({ pipeline })) {
      const node = overview.nodes.find(({ id }) => id === 'gateway')
      expect(node).toMatchObject({ state: 'bad', problem: { code: 'CHILD_GIVEN_UP' } })
      break
    }
    await plan(owner.client, 'apply')
    expect((await status()).problems).toEqual([])
    expect((await status()).running).toBe(true)
  })
})

describe.skipIf(process.platform === 'win32')('what a killed app left behind', () => {
  it('is found, recorded or not, and ended before anything is started', async () => {
    const { kafka, kinesis } = await pids()
    const frozen = await Promise.all(
      [kafka, kinesis].map(async (pid) => ({
        pid: pid ?? 0,
        start: (await processStart(pid ?? 0)) ?? '',
      })),
    )
    // Frozen, neither can notice that the app is gone.
    for (const { pid } of frozen) process.kill(pid, 'SIGSTOP')
    await owner.kill()
    for (const each of frozen) expect(await isAlive(each)).toBe(true)
    const command = (await listProcesses()).find(({ pid }) => pid === kafka)?.command
    expect(command).toContain('kafka.Kafka')
    expect(command).toContain(owner.home.home)

    // Kinesis is found by its record; the broker, whose record is lost here, by its command line.
    const { home } = owner
    const file = join(home.home, 'pipelines', pipeline, 'children.json')
    const record = JSON.parse(await readFile(file, 'utf8')) as { children: { pid: number }[] }
    const children = record.children.filter(({ pid }) => pid !== kafka)
    expect(children.map(({ pid }) => pid)).toContain(kinesis)
    await writeFile(file, JSON.stringify({ ...record, children }))

    owner = await startOwner(home)
    await plan(owner.client, 'apply')
    for (const each of frozen) expect(await isAlive(each)).toBe(false)
    expect((await status()).running).toBe(true)
  })
})
