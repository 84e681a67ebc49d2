/** From an emulation to cells that ran: the notebook of the eight questions, run here by one button. */
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

  beforeAll(async () => {
    test = await openPage()
    await cli('local', 'up')
    await cli('emulate', '--posts', '200', '--rate', 'max', '--batch', '50')
    await page().goto(`${test.address.split('#')[0]}#/notebooks`)
    await page().reload()
  })
  afterAll(() => test?.close())

  it('one button runs it: cells as they end, then the way to the answers', async () => {
    await page().getByRole('button', { name: 'Run Batch: eight questions' }).click()
    await page().getByRole('progressbar', { name: 'Batch: eight questions' }).waitFor({ timeout: 60_000 })
    await page().getByRole('link', { name: 'Show the answers' }).waitFor({ timeout: 1_500_000 })
    await page().getByRole('button', { name: 'Run Streaming: three tables' }).isEnabled()
    for (const width of [900, 1280, 1680]) {
      await page().setViewportSize({ width, height: 1100 })
      await screenshot(page(), `notebooks-${width}`)
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
    await expectAccessible(page())
  }, 1_800_000)

  it('a cell shows what it is and what it gave', async () => {
    const cells = page().getByRole('list', { name: 'Cells' })
    await cells.getByText('Three clean tables', { exact: true }).waitFor()
    const cell = cells.getByRole('listitem').filter({ hasText: 'pins = clean_pin' })
    await cell.locator('summary').click()
    await cell.getByRole('columnheader', { name: 'save_location' }).waitFor()
  })

  it('the map of the overview shows how the last run ended, and leads to it', async () => {
    await page().getByRole('link', { name: 'Overview' }).click()
    const node = page().locator('[data-node="notebooks"]')
    await node.getByText('Batch: eight questions: done').waitFor()
    expect(await node.getAttribute('data-state')).toBe('good')
    await node.click()
    await page().getByRole('heading', { name: 'Notebooks', level: 1 }).waitFor()
  })

  it('met no violation of the security policy and no error of the page', () => {
    expect(test.complaints).toEqual([])
  })
})
