/** The two ways on for a lake that stopped, asked through the contract: what is refused is told to whoever asked. */
import { afterAll, beforeAll, expect, it } from 'vitest'
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

const topic = 'learner.pin'
const status = () => owner.client.local.status({ pipeline })
const choose = (choice: 'newGeneration' | 'continueFromEarliest') =>
  owner.client.local.lake({ pipeline, topic, partition: 0, choice })
const said = async () =>
  (await owner.client.app.activity.list({ limit: 500 })).filter(({ text }) => text.startsWith('The lake'))

it('is refused where nothing stopped', async () => {
  await expect(choose('newGeneration')).rejects.toMatchObject({ data: { code: 'LAKE_NOT_STOPPED' } })
  expect(await said()).toEqual([])
})

it('refuses to continue where offsets would stand twice, names the other way, and takes it', async () => {
  const { client } = owner
  const options = emulationOptionsSchema.parse({ posts: 20, rate: { kind: 'max' }, sinks: ['rest'] })
  await client.emulation.start({ pipeline, options })
  await expect.poll(async () => (await status()).lake.records, { timeout: 30_000 }).toBe(60)

  const request = { action: 'topics.remove' as const, pipeline, names: [topic] }
  const { typed } = await client.app.consentQuestion(request)
  const { token } = await client.app.consent({ request, typed })
  await client.topics.remove({ pipeline, topic, consent: token ?? '' })
  await client.topics.create({ pipeline, topic, partitions: 1 })
  await expect
    .poll(async () => (await status()).lakeProblems.map(({ code }) => code), { timeout: 30_000 })
    .toEqual(['LAKE_TOPIC_RECREATED'])

  await expect(choose('continueFromEarliest')).rejects.toMatchObject({
    message: expect.stringContaining('already holds the offsets up to 19'),
    data: { code: 'LAKE_CHOICE_IMPOSSIBLE', hint: expect.stringContaining('new generation') },
  })
  expect(await said()).toEqual([])
  expect((await choose('newGeneration')).lakeProblems).toEqual([])
  expect(await said()).toHaveLength(1)
})
