/** A post sent and followed on the page, and found again from its message and its record. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../helpers/home.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

let test: TestPage
const page = () => test.page
beforeAll(async () => {
  test = await openPage()
  await page()
    .getByRole('button', { name: 'Look around first' })
    .or(page().getByRole('link', { name: 'Look around first' }))
    .first()
    .click()
  const { code, err } = await runProgram('cli.js', ['local', 'up'], test.home.env)
  expect(code, err).toBe(0)
  await page().getByRole('link', { name: 'Trace', exact: true }).click()
})
afterAll(() => test.close())

it('is followed to the lake and the streams', async () => {
  await page().getByText('Where does a post go?').waitFor()
  await expectAccessible(page())
  await page().getByRole('button', { name: 'Send a post and follow it' }).click()
  await page().getByText('15 of 15 hops reached.', { exact: false }).waitFor({ timeout: 60_000 })
  await expectAccessible(page())
  await screenshot(page(), 'trace')
})

it('is found again from its message, and from its record, each at its own address', async () => {
  const pins = page().getByRole('table', { name: 'Hops of pin' })
  await pins.getByRole('link', { name: /^learner\.pin/ }).click()
  await page().getByRole('heading', { level: 1, name: 'Offset 0' }).waitFor()
  await page().getByText('unique_id:').waitFor()
  await expectAccessible(page())
  await page().getByRole('button', { name: 'Copy the link' }).click()
  const link = await page().evaluate(() => navigator.clipboard.readText())
  expect(link).toBe(`${new URL(test.address).origin}/#/topics/learner.pin/0/0`)
  await page().getByRole('button', { name: 'Offset after' }).click()
  await page().getByText('MESSAGE_GONE').waitFor({ timeout: 30_000 })
  await page().goto(link)
  await page().getByText('unique_id:').waitFor()
  await page().getByRole('link', { name: 'Trace', exact: true }).last().click()
  await page().getByText('3 of 3 hops reached.', { exact: false }).waitFor({ timeout: 60_000 })
  await pins.getByRole('link', { name: /^streaming-learner-pin/ }).click()
  await page().getByRole('heading', { level: 1, name: 'Record' }).waitFor()
  await page().getByText('unique_id:').waitFor()
  await expectAccessible(page())
  await page().getByRole('link', { name: 'Trace', exact: true }).last().click()
  await page().getByText('3 of 3 hops reached.', { exact: false }).waitFor({ timeout: 60_000 })
})

it('an address that names nothing says so, and one of a run opens it', async () => {
  const go = (path: string) =>
    page().evaluate((hash) => {
      location.hash = hash
    }, path)
  await go('/topics/learner.pin/zero/1')
  await page().getByText('This address names no message').waitFor()
  await go('/streams/streaming-learner-pin/shardId-000000000000/x')
  await page().getByText('There is no record at this address').waitFor()
  const { out } = await runProgram(
    'cli.js',
    ['emulate', '--posts', '2', '--rate', 'max', '--json'],
    test.home.env,
  )
  const { runId } = JSON.parse(out)
  await go(`/emulation/${runId}`)
  await page().getByText('2 posts', { exact: false }).first().waitFor()
  expect(page().url()).toContain(runId)
  expect(test.complaints).toEqual([])
})
