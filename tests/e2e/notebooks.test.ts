/** From an emulation to the answers on screen: the notebook of the eight questions, run here by one button. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokerMissing } from '../helpers/broker.ts'
import { runProgram } from '../helpers/home.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

describe.skipIf(missing !== null)(`Notebooks on the page${missing === null ? '' : ` (${missing})`}`, () => {
  let test: TestPage
  const page = () => test.page
  const cli = async (...words: string[]) => {
    const { code, out, err } = await runProgram('cli.js', words, test.home.env)
    expect(code, err).toBe(0)
    return out
  }
  const answer = (title: string) => page().getByRole('region', { name: title, exact: true }).first()

  beforeAll(async () => {
    test = await openPage()
    await cli('local', 'up')
    await cli('emulate', '--posts', '200', '--rate', 'max', '--batch', '50')
    await page().goto(`${test.address.split('#')[0]}#/notebooks`)
    await page().reload()
  })
  afterAll(() => test?.close())

  it('one button runs it: cells as they end, then nine answers', async () => {
    await page().getByRole('button', { name: 'Run Batch: eight questions' }).click()
    await page().getByRole('progressbar', { name: 'Batch: eight questions' }).waitFor({ timeout: 60_000 })
    await answer('How many users joined in each year, 2015 to 2020').waitFor({ timeout: 1_500_000 })
    const joined = answer('How many users joined in each year, 2015 to 2020')
    expect(await joined.getByRole('row').count()).toBeGreaterThan(2)
    expect(
      await page()
        .getByRole('button', { name: /^Save as CSV/ })
        .count(),
    ).toBe(9)
    await page().getByRole('button', { name: 'Run Streaming: three tables' }).isEnabled()
    for (const width of [900, 1280, 1680]) {
      await page().setViewportSize({ width, height: 1100 })
      await screenshot(page(), `notebooks-${width}`)
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
    await expectAccessible(page())
  }, 1_800_000)

  it('a cell shows what it is and what it gave; an answer is saved as CSV', async () => {
    const cells = page().getByRole('list', { name: 'Cells' })
    await cells.getByText('Three clean tables', { exact: true }).waitFor()
    const cell = cells.getByRole('listitem').filter({ hasText: 'pins = clean_pin' })
    await cell.locator('summary').click()
    await cell.getByRole('columnheader', { name: 'save_location' }).waitFor()
    const [download] = await Promise.all([
      page().waitForEvent('download'),
      page()
        .getByRole('button', { name: /^Save as CSV: How many users joined/ })
        .click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^joined_by_year-.*\.csv$/)
    expect(await readFile(await download.path(), 'utf8')).toMatch(
      /^post_year,number_users_joined\r\n2015,\d+\r\n/,
    )
  })

  it('met no violation of the security policy and no error of the page', () => {
    expect(test.complaints).toEqual([])
  })
})
