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

it('is found again from its message, and from its record', async () => {
  const pins = page().getByRole('table', { name: 'Hops of pin' })
  await pins.getByRole('link', { name: /^learner\.pin/ }).click()
  await page()
    .getByRole('grid', { name: 'Messages' })
    .getByRole('row')
    .filter({ hasText: 'unique_id' })
    .first()
    .click()
  await page().getByRole('link', { name: 'Trace', exact: true }).last().click()
  await page().getByText('3 of 3 hops reached.', { exact: false }).waitFor({ timeout: 60_000 })
  await pins.getByRole('link', { name: /^streaming-learner-pin/ }).click()
  await page()
    .getByRole('grid', { name: 'Records' })
    .getByRole('row')
    .filter({ hasText: 'unique_id' })
    .first()
    .click()
  await page().getByRole('link', { name: 'Trace', exact: true }).last().click()
  await page().getByText('3 of 3 hops reached.', { exact: false }).waitFor({ timeout: 60_000 })
  await expectAccessible(page())
  expect(test.complaints).toEqual([])
})
