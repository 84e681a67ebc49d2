/** The page Answers: from nothing over one run to two compared, and what it says where a run fails. */
import { readFile } from 'node:fs/promises'
import type { Download } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { answerIds } from '../../shared/notebooks.ts'
import { brokerMissing } from '../helpers/broker.ts'
import { runProgram } from '../helpers/home.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

/** The first run makes the Python environment. */
const firstRunMs = 1_500_000
const joined = 'How many users joined in each year, 2015 to 2020'

describe.skipIf(missing !== null)(`Answers on the page${missing === null ? '' : ` (${missing})`}`, () => {
  let test: TestPage
  const page = () => test.page
  const cli = async (...words: string[]) => {
    const { code, out, err } = await runProgram('cli.js', words, test.home.env)
    expect(code, err).toBe(0)
    return out
  }
  const answer = (title: string) => page().getByRole('region', { name: title, exact: true })
  const select = (label: string) => page().getByRole('combobox', { name: label, exact: true })
  const atWidths = async (name: string) => {
    for (const width of [800, 1280]) {
      await page().setViewportSize({ width, height: 1000 })
      await screenshot(page(), `${name}-${width}`)
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
  }

  beforeAll(async () => {
    test = await openPage()
    await cli('local', 'up')
    await cli('emulate', '--posts', '300', '--rate', 'max', '--batch', '50')
    await page().goto(`${test.address.split('#')[0]}#/answers`)
    await page().reload()
  })
  afterAll(() => test?.close())

  it('before there are any, says what they are and has the one button that gives them', async () => {
    await page().getByRole('heading', { name: 'No answers yet' }).waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'answers-none')
    await page().getByRole('button', { name: 'Answer the questions' }).click()
    await page().getByRole('progressbar', { name: 'Batch: eight questions' }).waitFor({ timeout: 60_000 })
    await page().getByRole('button', { name: 'Cancel' }).waitFor()
    await answer(joined).waitFor({ timeout: firstRunMs })
  }, 1_800_000)

  it('nine answers, each as a picture in words and as a table that sorts and filters', async () => {
    expect(
      await page()
        .getByRole('button', { name: /^Save as CSV/ })
        .count(),
    ).toBe(9)
    const words = await answer(joined).getByRole('img').getAttribute('aria-label')
    expect(words).toMatch(/^Line of number users joined: 2015 \d+, 2016 \d+, 2017 \d+\.$/)
    const table = page().getByRole('grid', { name: joined })
    expect(await table.getByRole('row').count()).toBeGreaterThan(2)
    const countries = page().getByRole('grid', { name: 'The most popular category in each country' })
    await countries.getByRole('button', { name: 'category_count' }).click()
    await countries.getByRole('button', { name: 'category_count' }).click()
    const first = () => countries.getByRole('row').nth(1).innerText()
    const largest = Number((await first()).split('\n').at(-1))
    expect(largest).toBeGreaterThan(1)
    const region = answer('The most popular category in each country')
    await region.getByRole('textbox', { name: /^Filter \d+ rows$/ }).fill('  TRAVEL ')
    await expect.poll(first).toContain('travel')
    await region.getByRole('textbox').fill('no such')
    await countries.getByText('No row has this in it.').waitFor()
    await region.getByRole('textbox').fill('')
    await expectAccessible(page())
    await atWidths('answers')
  })

  it('one is saved as CSV, and all nine are', async () => {
    const [download] = await Promise.all([
      page().waitForEvent('download'),
      page()
        .getByRole('button', { name: `Save as CSV: ${joined}` })
        .click(),
    ])
    expect(download.suggestedFilename()).toMatch(/^joined_by_year-here-.*\.csv$/)
    expect(await readFile(await download.path(), 'utf8')).toMatch(
      /^post_year,number_users_joined\r\n2015,\d+\r\n/,
    )
    const all: Download[] = []
    page().on('download', (one) => all.push(one))
    await page().getByRole('button', { name: 'Save all as CSV' }).click()
    await expect.poll(() => all.length).toBe(9)
    expect(all.map((one) => one.suggestedFilename().split('-')[0]).sort()).toEqual([...answerIds].sort())
  })

  it('the run they come from is a press away, and leads back', async () => {
    await page().getByRole('link', { name: 'Open the run' }).click()
    await page().getByRole('list', { name: 'Cells' }).waitFor()
    await page().getByRole('link', { name: 'Show the answers' }).click()
    await answer(joined).waitFor()
  })

  it('two runs are compared: side by side with the difference, rows of one only marked', async () => {
    const before = JSON.parse(await cli('answers', 'list', '--json'))[0]
    await cli('emulate', '--posts', '200', '--rate', 'max', '--batch', '50', '--seed', '7')
    await page().getByRole('button', { name: 'Answer anew' }).click()
    await page().getByRole('progressbar', { name: 'Batch: eight questions' }).waitFor()
    await page().getByRole('progressbar').waitFor({ state: 'detached', timeout: 300_000 })
    const [after, ...older] = JSON.parse(await cli('answers', 'list', '--json'))
    expect(older).toHaveLength(1)
    expect(await select('Answers of the run').inputValue()).toBe(after.id)
    await select('Compare with').selectOption(before.id)
    const table = page().getByRole('grid', { name: `${joined}, compared` })
    await table.waitFor()
    expect(
      await page()
        .getByText(/^\d of the nine answers differs?\.$/)
        .count(),
    ).toBe(1)
    const numbers = async (run: string) =>
      Object.fromEntries(
        JSON.parse(await cli('answers', 'show', 'joined_by_year', '--of', run, '--json')).joined_by_year.rows,
      )
    const [first, second] = [await numbers(after.id), await numbers(before.id)]
    const row = (await table.getByRole('row').filter({ hasText: '2015' }).innerText()).split('\n')
    expect(row).toEqual([
      '2015',
      'differs',
      String(first[2015]),
      String(second[2015]),
      `−${first[2015] - second[2015]}`,
    ])
    const countries = page().getByRole('grid', {
      name: 'The user with the most followers in each country, compared',
    })
    await countries.getByText('only in the first').first().waitFor()
    await page().getByRole('checkbox', { name: 'Only what differs' }).check()
    await expect.poll(() => countries.getByText('the same', { exact: true }).count()).toBe(0)
    await expectAccessible(page())
    await atWidths('answers-compared')
    await select('Second').selectOption('')
    await answer(joined).getByRole('img').waitFor()
  }, 600_000)

  it('where a run fails, says why and what to do; the answers there were stay', async () => {
    await cli('pipelines', 'set', 'this-computer', 'userId=somebody')
    await page().getByRole('button', { name: 'Answer anew' }).click()
    const notice = page().getByText(/Path does not exist|PATH_NOT_FOUND/)
    await notice.waitFor({ timeout: 300_000 })
    await page()
      .getByText(/compare user_id with the topics’ names.*\(F-60\)/)
      .waitFor()
    await answer(joined).waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'answers-failed')
    await page().getByRole('link', { name: 'Open the failed run' }).click()
    await page().getByRole('list', { name: 'Cells' }).waitFor()
  }, 600_000)

  it('met no violation of the security policy and no error of the page', () => {
    expect(test.complaints).toEqual([])
  })
})
