/** Deleting the data of the stack, the map of a pipeline that runs elsewhere, and that a map is of one moment. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Overview } from '../../shared/contract/local.ts'
import { emulationOptionsSchema } from '../../shared/emulation.ts'
import { pipeline, plan, startOwner, type TestOwner } from '../helpers/owner.ts'

let owner: TestOwner
beforeAll(async () => {
  owner = await startOwner()
  await plan(owner.client, 'apply')
})
afterAll(async () => {
  await owner.stop()
  await owner.home.remove()
})

const wipe = { action: 'local.wipe' as const, pipeline }
const agree = async () => {
  const { typed } = await owner.client.app.consentQuestion(wipe)
  const { token } = await owner.client.app.consent({ request: wipe, typed })
  return token ?? ''
}

async function seen(id: string, good: (overview: Overview) => boolean): Promise<Overview> {
  for await (const overview of await owner.client.overview.watch({ pipeline: id }))
    if (good(overview)) return overview
  throw new Error('The map ended')
}

it('shows a pipeline elsewhere by its own addresses, without asking anybody to start it', async () => {
  const { client } = owner
  const bootstrap = (await client.local.status({ pipeline })).kafka.bootstrap
  const item = (await client.pipelines.list()).items[0]
  if (item === undefined) throw new Error('no pipeline')
  const at = (address: string) => ({
    ...item.settings,
    name: 'Elsewhere',
    kind: 'existing' as const,
    endpoints: { ...item.settings.endpoints, bootstrap: address },
  })
  const { id } = await client.pipelines.create(at(bootstrap))
  const map = await seen(id, (overview) => overview.nodes.some((node) => node.state === 'good'))
  expect(map.headline).toBe('This pipeline runs elsewhere and is watched from here.')
  expect(map.nodes.find((node) => node.id === 'kafka')).toMatchObject({ detail: bootstrap, total: 0 })

  const refused = { data: { code: 'PIPELINE_NOT_LOCAL' } }
  await expect(client.app.consentQuestion({ ...wipe, pipeline: id })).rejects.toMatchObject(refused)
  await expect(client.local.wipe({ pipeline: id, consent: await agree() })).rejects.toMatchObject(refused)

  await client.pipelines.update({ pipeline: id, settings: at('127.0.0.1:9') })
  const lost = await seen(id, (overview) => overview.nodes.some((node) => node.state === 'bad'))
  expect(lost.nodes.find((node) => node.id === 'kafka')?.problem?.code).toBe('KAFKA_UNREACHABLE')
})

it('is refused while the stack runs; afterwards nothing is left of the data, nor of it in the ledger', async () => {
  const { client, home } = owner
  const folder = join(home.home, 'pipelines', pipeline)
  const entries = async () => {
    const text = await readFile(join(folder, 'ledger.json'), 'utf8')
    return (JSON.parse(text) as { entries: { thing: string }[] }).entries.map(({ thing }) => thing)
  }
  expect(await entries()).toEqual(expect.arrayContaining(['learner.pin', 'streaming-learner-user']))
  await expect(client.local.wipe({ pipeline, consent: await agree() })).rejects.toMatchObject({
    data: { code: 'STACK_RUNNING' },
  })
  await plan(client, 'undo')
  await client.local.wipe({ pipeline, consent: await agree() })
  const left = await readdir(folder)
  expect(left.filter((name) => ['kafka', 'kinesis', 'lake'].includes(name))).toEqual([])
  expect(await entries()).toEqual([])
  await plan(client, 'apply')
  expect((await client.topics.get({ pipeline, topic: 'learner.pin' })).messages).toBe(0)
})

it('shows every part as it is at one moment, also while the pace changes', async () => {
  const { client } = owner
  const perSecond = 1_200
  const options = {
    rate: { kind: 'constant', postsPerSecond: perSecond / 6 },
    sinks: ['rest', 'streams'],
    forMs: 5_000,
  } as const
  const { runId } = await client.emulation.start({ pipeline, options: emulationOptionsSchema.parse(options) })
  const apart: number[] = []
  for await (const { nodes } of await client.overview.watch({ pipeline })) {
    const total = (id: string) => nodes.find((node) => node.id === id)?.total ?? 0
    apart.push(Math.abs(total('gateway') - total('kafka') - total('kinesis')))
    const { state } = await client.emulation.get({ pipeline, runId })
    if (state === 'done') break
  }
  expect(apart.length).toBeGreaterThanOrEqual(4)
  // A tenth of a second’s records at most (seen: 2); counters told once a second are up to a whole one behind.
  expect(Math.max(...apart), apart.join()).toBeLessThan(perSecond / 10)
})
