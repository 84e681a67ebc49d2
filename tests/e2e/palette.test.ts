/** The command palette and the shortcuts, by keyboard alone. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

let test: TestPage
const page = () => test.page
const palette = () => page().getByRole('dialog', { name: 'Command palette' })
const heading = (name: string) => page().getByRole('heading', { level: 1, name, exact: true })

beforeAll(async () => {
  test = await openPage()
  await page()
    .getByRole('button', { name: 'Look around first' })
    .or(page().getByRole('link', { name: 'Look around first' }))
    .first()
    .click()
  await page().getByRole('navigation', { name: 'Main' }).waitFor()
})
afterAll(() => test.close())

it('finds a page and goes there', async () => {
  await page().keyboard.press('Control+k')
  await palette().getByRole('combobox').waitFor()
  await page().keyboard.type('activ')
  await palette().getByRole('option', { name: 'Activity', selected: true }).waitFor()
  await expectAccessible(page())
  await page().keyboard.press('Enter')
  await heading('Activity').waitFor()
})

it('shows what was used before first, and gives the focus back', async () => {
  await page().keyboard.press('Control+k')
  await palette().getByRole('option').first().getByText('Activity').waitFor()
  await screenshot(page(), 'palette')
  await page().keyboard.press('Escape')
  await palette().waitFor({ state: 'hidden' })
})

it('copies an action as its command', async () => {
  await page().keyboard.press('Control+k')
  await page().keyboard.type('start pipeline')
  await palette().getByText('pipeline local up').waitFor()
  await page().keyboard.press('Control+Enter')
  await palette().getByText('on the clipboard').waitFor()
  expect(await page().evaluate(() => navigator.clipboard.readText())).toBe('pipeline local up')
  await page().keyboard.press('Escape')
})

it('goes by letters, and rests while something is typed', async () => {
  await page().keyboard.press('g')
  await page().keyboard.press('t')
  await heading('Topics').waitFor()
  await page().keyboard.press('g')
  await page().keyboard.press('a')
  await heading('Activity').waitFor()
  await page().keyboard.press('/')
  await page().keyboard.type('gt?')
  expect(await page().getByLabel('Search').inputValue()).toBe('gt?')
  expect(await page().getByRole('dialog').count()).toBe(0)
})

it('lists the shortcuts', async () => {
  await heading('Activity').focus()
  await page().keyboard.press('?')
  await page().getByRole('dialog', { name: 'Shortcuts' }).getByText('g t').waitFor()
  await expectAccessible(page())
  await screenshot(page(), 'shortcuts')
  await page().keyboard.press('Escape')
  expect(test.complaints).toEqual([])
})
