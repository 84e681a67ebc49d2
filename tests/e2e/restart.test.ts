/** A part is killed while every page that looks into it is open: each says so, keeps what it shows, and goes on by itself. */
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../helpers/home.ts'
import { openPage, type TestPage } from '../helpers/page.ts'

let test: TestPage
/** A broker that shares two cores with another test's browser takes its time; ms. */
const patienceMs = 90_000
const testMs = 300_000
const lakeGroup = 'pipeline-lake-this-computer'

const cli = async (...words: string[]) => {
  const { code, out, err } = await runProgram('cli.js', words, test.home.env)
  expect(code, err).toBe(0)
  return out
}
const row = (page: Page, grid: string, text: string) =>
  page.getByRole('grid', { name: grid }).getByRole('row').filter({ hasText: text }).first()
const restarting = (page: Page) => page.getByText('a restart is under way', { exact: false }).first()

/** Another tab of the same browser. */
async function tab(path: string, heading: string): Promise<Page> {
  const page = await test.page.context().newPage()
  page.on('pageerror', (error) => test.complaints.push(String(error)))
  await page.goto(`${new URL(test.address).origin}/#${path}`)
  await page.getByRole('heading', { level: 1, name: heading }).waitFor()
  return page
}

async function kill(part: 'kafka' | 'kinesis'): Promise<void> {
  const status = JSON.parse(await cli('local', 'status', '--json'))
  process.kill(status[part].pid, 'SIGKILL')
}

beforeAll(async () => {
  test = await openPage()
  await test.page
    .getByRole('button', { name: 'Look around first' })
    .or(test.page.getByRole('link', { name: 'Look around first' }))
    .first()
    .click()
  await cli('local', 'up')
  await cli('emulate', '--posts', '20', '--rate', 'max')
})
afterAll(() => test.close())

it(
  'the broker, under the map, the topics, a tail, the groups and one group',
  async () => {
    const [overview, topics, tail, groups, group] = await Promise.all([
      tab('/', 'Overview'),
      tab('/topics', 'Topics'),
      tab('/topics/learner.pin', 'learner.pin'),
      tab('/groups', 'Groups'),
      tab(`/groups/${lakeGroup}`, lakeGroup),
    ])
    await overview.getByText('Everything is up', { exact: false }).waitFor()
    await row(tail, 'Messages', 'unique_id').waitFor()
    await tail.getByRole('button', { name: 'Tail', exact: true }).click()
    await tail.getByText('Live', { exact: true }).waitFor()
    await row(topics, 'Topics', 'learner.pin').getByText('20').first().waitFor()
    await row(groups, 'Groups', lakeGroup).waitFor()
    await group.getByText('learner.pin').first().waitFor()
    const all = [overview, topics, tail, groups, group]

    const said = all.map(async (page) => {
      const text = restarting(page).waitFor({ timeout: patienceMs })
      await text.catch(async () =>
        expect.fail(`${page.url()} did not say it: ${await page.innerText('main')}`),
      )
    })
    await kill('kafka')
    await Promise.all(said)
    // What was there stays while nobody answers.
    expect(await row(groups, 'Groups', lakeGroup).isVisible()).toBe(true)
    expect(await row(topics, 'Topics', 'learner.pin').isVisible()).toBe(true)
    await Promise.all(all.map((page) => restarting(page).waitFor({ state: 'hidden', timeout: patienceMs })))

    await cli('emulate', '--posts', '5', '--rate', 'max')
    await overview.getByText('Everything is up', { exact: false }).waitFor({ timeout: patienceMs })
    await row(topics, 'Topics', 'learner.pin').getByText('25').first().waitFor({ timeout: patienceMs })
    await tail.getByText('5 shown', { exact: false }).waitFor({ timeout: patienceMs })
    await group.getByText('learner.pin').first().waitFor()
    await Promise.all(all.map((page) => page.close()))
  },
  testMs,
)

it(
  'the broker, under the cluster, a search, an analysis, settings, a trace and a run',
  async () => {
    const topic = '/topics/learner.geo'
    const [cluster, search, analysis, settings, trace, emulation] = await Promise.all([
      tab('/cluster', 'Cluster'),
      tab(topic, 'learner.geo'),
      tab(topic, 'learner.geo'),
      tab(topic, 'learner.geo'),
      tab('/trace', 'Trace'),
      tab('/emulation', 'Emulation'),
    ])
    const find = async () => {
      const bar = search.getByRole('search', { name: 'Search the messages' })
      await bar.getByRole('textbox').first().fill('country')
      await bar.getByRole('button', { name: 'Search' }).click()
      await search.getByText('Everything was looked at').waitFor({ timeout: patienceMs })
    }
    const analyse = async () => {
      await analysis.getByRole('button', { name: /^Analyse/ }).click()
      await analysis.getByRole('status').getByText('messages', { exact: false }).first().waitFor()
    }
    await find()
    await analysis.getByRole('tab', { name: 'Analysis' }).click()
    await analyse()
    await settings.getByRole('tab', { name: 'Configuration' }).click()
    await row(settings, 'Configuration', 'retention.ms').waitFor()
    await cluster.getByText('Every partition', { exact: false }).first().waitFor()
    const run = cli('emulate', '--posts', '300', '--rate', '20', '--verify', '--json')
    await emulation.getByRole('button', { name: 'Pause' }).waitFor({ timeout: patienceMs })

    const looking = [cluster, search, analysis, settings]
    const said = looking.map(async (page) => {
      const text = restarting(page).waitFor({ timeout: patienceMs })
      await text.catch(async () =>
        expect.fail(`${page.url()} did not say it: ${await page.innerText('main')}`),
      )
    })
    await kill('kafka')
    await Promise.all(said)
    expect(await row(settings, 'Configuration', 'retention.ms').isVisible()).toBe(true)
    await Promise.all(
      looking.map((page) => restarting(page).waitFor({ state: 'hidden', timeout: patienceMs })),
    )

    await find()
    await analyse()
    await trace.getByRole('button', { name: 'Send a post and follow it' }).click()
    await trace.getByText('15 of 15 hops reached.', { exact: false }).waitFor({ timeout: patienceMs })
    // What was sent while nobody answered was sent again, and all of it is there.
    expect(JSON.parse(await run).report).toMatchObject({ posts: 300, unaccounted: 0 })
    await Promise.all([...looking, trace, emulation].map((page) => page.close()))
  },
  testMs,
)

it(
  'Kinesis, under the map, the streams and a tail',
  async () => {
    const [overview, streams, tail] = await Promise.all([
      tab('/', 'Overview'),
      tab('/streams', 'Streams'),
      tab('/streams/streaming-learner-pin', 'streaming-learner-pin'),
    ])
    await tail.getByRole('button', { name: 'Tail', exact: true }).click()
    await tail.getByRole('grid', { name: 'Shards being read' }).getByText('at the tip').waitFor()
    await row(streams, 'Streams', 'streaming-learner-pin').getByText('326').first().waitFor()
    await kill('kinesis')
    // It is back within a second: the map's activity keeps what happened.
    await overview.getByText('Kinesis ended by itself', { exact: false }).waitFor({ timeout: patienceMs })
    await overview.getByText('Kinesis runs again', { exact: false }).waitFor({ timeout: patienceMs })
    await cli('emulate', '--posts', '4', '--rate', 'max')
    await row(streams, 'Streams', 'streaming-learner-pin')
      .getByText('330')
      .first()
      .waitFor({ timeout: patienceMs })
    await tail.getByText('4 shown', { exact: false }).waitFor({ timeout: patienceMs })
    expect(test.complaints).toEqual([])
  },
  testMs,
)
