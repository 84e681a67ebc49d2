/** Incidents on the page: begun, seen on the map, on every page and in the records, and ended. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram, startProgram } from '../helpers/home.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

let test: TestPage
const page = () => test.page
/** A machine under load needs its time: nothing here is measured. */
const patience = { timeout: 100_000 } as const
const long = { timeout: 400_000 }

beforeAll(async () => {
  test = await openPage()
  await page()
    .getByRole('button', { name: 'Look around first' })
    .or(page().getByRole('link', { name: 'Look around first' }))
    .first()
    .click()
  await page().getByRole('heading', { level: 1, name: 'Overview' }).waitFor()
})
afterAll(() => test.close())

const banner = () => page().getByRole('region', { name: 'Incident', exact: true })
const card = (title: string) => page().getByRole('region', { name: title, exact: true })
const begin = (title: string) => card(title).getByRole('button', { name: `Start: ${title}` })
const open = async (name: string) => {
  await page().getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click()
  await page().getByRole('heading', { level: 1, name }).waitFor()
}

it('says what there is before anything runs, and what to do first', async () => {
  await open('Incidents')
  await card('Broker down').waitFor()
  await page().getByText('The pipeline is not running').waitFor(patience)
  expect(await begin('Broker down').isDisabled()).toBe(true)
  await expectAccessible(page())
})

it('refuses a time at its field, and offers the command', long, async () => {
  const { code, err } = await runProgram('cli.js', ['local', 'up'], test.home.env)
  expect(code, err).toBe(0)
  startProgram('cli.js', ['emulate', '--rate', '20', '--posts', '100000'], test.home.env)
  await open('Overview')
  await page().getByRole('link', { name: 'Practise an incident' }).click()
  await page().getByRole('heading', { level: 1, name: 'Incidents' }).waitFor()
  const seconds = card('Throttled shard').getByLabel('Lasts, seconds')
  await seconds.fill('2')
  await begin('Throttled shard').click(patience)
  await card('Throttled shard').getByText('An incident lasts 10 s at least.').waitFor()
  await expectAccessible(page())
  await seconds.fill('240')
  await card('Throttled shard').getByRole('button', { name: 'Copy the command' }).click()
  expect(await page().evaluate(() => navigator.clipboard.readText())).toBe(
    'pipeline incidents start throttled-shard --for 240s --left 1',
  )
})

it(
  'is counted on its page, in a banner on every page, marked on the map, and ended from there',
  long,
  async () => {
    await page().keyboard.press('Tab')
    await begin('Throttled shard').focus()
    await page().keyboard.press('Enter')
    const now = card('Now: Throttled shard')
    await now.waitFor(patience)
    const refused = now.getByText('records refused in', { exact: false }).locator('..').locator('dd')
    await expect
      .poll(async () => Number((await refused.innerText()).replace(',', '')), patience)
      .toBeGreaterThan(20)
    await banner().getByText('Incident: Throttled shard.', { exact: false }).waitFor()
    expect(await begin('Broker down').isDisabled()).toBe(true)
    await expectAccessible(page())
    await page().evaluate(() => document.querySelector('main')?.scrollTo(0, 0))
    await screenshot(page(), 'incidents')

    await open('Topics')
    await banner().getByText('s left').waitFor()
    await open('Overview')
    const map = page().getByRole('region', { name: 'Pipeline map' })
    await map.locator('[data-node="kinesis"][data-incident]').waitFor(patience)
    await map.getByText('incident, Throttled shard').waitFor()
    // It is no fault: nothing "needs a look".
    expect(await page().getByText('needs a look').count()).toBe(0)
    await expectAccessible(page())
    await screenshot(page(), 'incident-map')
    await banner().getByRole('button', { name: 'End now' }).click()
    await banner().waitFor({ state: 'hidden', ...patience })
    await map
      .locator('[data-incident]')
      .first()
      .waitFor({ state: 'hidden', ...patience })
    await page()
      .getByText('The incident is over: Throttled shard', { exact: false })
      .first()
      .waitFor(patience)
    await open('Incidents')
    await card('Last: Throttled shard').getByText('It is healed.', { exact: false }).waitFor()
  },
)

it('names each bad record, and finds them all in their topic', long, async () => {
  await card('Bad records').getByLabel('Lasts, seconds').fill('10')
  await begin('Bad records').click()
  const last = card('Last: Bad records')
  await last.waitFor(patience)
  expect(await last.getByRole('list', { name: 'Bad records' }).getByRole('link').count()).toBe(12)
  await expectAccessible(page())
  await last.getByRole('link', { name: 'Search learner.user' }).click()
  await page().getByRole('heading', { level: 1, name: 'learner.user' }).waitFor()
  const rows = page().getByRole('grid', { name: 'Messages' }).getByRole('row')
  const found = async () => {
    // A thread that says nothing for 3 s is ended; on a machine that does ten things at once it is asked again.
    if (await page().getByText('The filter took longer', { exact: false }).isVisible())
      await page().getByRole('button', { name: 'Search', exact: true }).click()
    return rows.filter({ hasText: 'incident-' }).count()
  }
  await expect.poll(found, patience).toBe(4)
  expect(await rows.filter({ hasText: 'incident-tombstone' }).count()).toBe(1)
})

it('a broker that is kept down is no stopped pipeline, and comes back', long, async () => {
  await open('Incidents')
  await card('Broker down').getByLabel('Lasts, seconds').fill('300')
  await begin('Broker down').click()
  await card('Now: Broker down').waitFor(patience)
  await page().getByText('sent again').first().waitFor(patience)
  await open('Topics')
  await page().getByText('INCIDENT_BROKER_DOWN').first().waitFor(patience)
  await open('Overview')
  await page()
    .getByText('kept down by an incident')
    .or(page().getByText('incident, Broker down'))
    .first()
    .waitFor()
  await page().getByRole('button', { name: 'Stop', exact: true }).waitFor()
  await expectAccessible(page())
  await banner().getByRole('button', { name: 'End now' }).click()
  await banner().waitFor({ state: 'hidden', ...patience })
  await page().getByText('Posts flow at', { exact: false }).waitFor(patience)
  expect(test.complaints).toEqual([])
})
