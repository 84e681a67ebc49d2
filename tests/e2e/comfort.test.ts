/** Tables as a person likes them: sorted, resized, with chosen columns, remembered; and rows that can be copied. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../helpers/home.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

let test: TestPage
const page = () => test.page
const grid = (name: string) => page().getByRole('grid', { name, exact: true })
const header = (of: string, name: string) => grid(of).getByRole('columnheader', { name, exact: true })
const edge = (of: string, name: string) => grid(of).getByRole('separator', { name: `Width of ${name}` })
const row = (of: string, text: string) => grid(of).getByRole('row').filter({ hasText: text }).first()
const clipboard = () => page().evaluate(() => navigator.clipboard.readText())
/** The first words of the rows, from the top. */
const names = async (of: string) =>
  (await grid(of).locator('[data-index] > :first-child').allInnerTexts()).map(
    (text) => text.split(/\s/)[0] ?? '',
  )

async function run(...words: string[]): Promise<void> {
  const { code, err } = await runProgram('cli.js', words, test.home.env)
  expect(code, err).toBe(0)
}

async function openTopics(): Promise<void> {
  await page().reload()
  await page().getByRole('heading', { level: 1, name: 'Topics' }).waitFor()
  await row('Topics', 'part-10').waitFor()
}

beforeAll(async () => {
  test = await openPage()
  page().setDefaultTimeout(15_000)
  await run('local', 'up')
  await run('topics', 'create', 'part-10', '--partitions', '2')
  await run('topics', 'create', 'part-2', '--partitions', '10')
  await run('emulate', '--posts', '120', '--rate', 'max')
  await page().goto(test.address.replace(/#.*/, '#/topics'))
  await openTopics()
})
afterAll(() => test.close())

it('sorts by a header: up, down, as they come; numbers as numbers, names as a person counts', async () => {
  const asTheyCome = await names('Topics')
  const name = header('Topics', 'Topic')
  expect(await name.getAttribute('aria-sort')).toBe('none')
  await name.getByRole('button').click()
  expect(await name.getAttribute('aria-sort')).toBe('ascending')
  const order = ['learner.geo', 'learner.pin', 'learner.user', 'part-2', 'part-10']
  expect(await names('Topics')).toEqual(order)
  await page().keyboard.press('Enter')
  expect(await name.getAttribute('aria-sort')).toBe('descending')
  expect(await names('Topics')).toEqual(order.toReversed())
  await page().keyboard.press('Enter')
  expect(await name.getAttribute('aria-sort')).toBe('none')
  expect(await names('Topics')).toEqual(asTheyCome)
  await page().keyboard.press('ArrowRight')
  await page().keyboard.press('Enter')
  await page().keyboard.press('Enter')
  expect(await header('Topics', 'Partitions').getAttribute('aria-sort')).toBe('descending')
  expect((await names('Topics'))[0]).toBe('part-2')
})

it('moves the edge of a column by mouse and by arrows', async () => {
  const width = async (name: string) => Number(await edge('Topics', name).getAttribute('aria-valuenow'))
  const before = await width('Topic')
  const box = await edge('Topics', 'Topic').boundingBox()
  if (box === null) throw new Error('no edge')
  await page().mouse.move(box.x + 5, box.y + 8)
  await page().mouse.down()
  await page().mouse.move(box.x - 145, box.y + 8, { steps: 5 })
  await page().mouse.up()
  expect(await width('Topic')).toBe(before - 150)
  const drawn = await row('Topics', 'part-2').locator('> :first-child').boundingBox()
  expect(Math.round(drawn?.width ?? 0)).toBe(before - 150)
  await header('Topics', 'Messages').getByRole('button').focus()
  await page().keyboard.press('Tab')
  const messages = await width('Messages')
  for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'ArrowLeft'])
    await page().keyboard.press(key)
  expect(await width('Messages')).toBe(messages + 60)
  // What is left of it keeps its place.
  expect(await width('Topic')).toBe(before - 150)
})

it('shows the columns one chooses, and remembers everything', async () => {
  await page().getByRole('button', { name: 'Columns of Topics' }).click()
  await page().getByRole('menuitemcheckbox', { name: 'Rate' }).click()
  await page().getByRole('menuitemcheckbox', { name: 'Lake lag' }).click()
  await expectAccessible(page())
  await screenshot(page(), 'table-columns')
  await page().keyboard.press('Escape')
  const drawn = () => grid('Topics').getByRole('columnheader').allInnerTexts()
  expect(await drawn()).toEqual(['Topic', 'Partitions', 'Messages', 'Size'])
  const width = await edge('Topics', 'Messages').getAttribute('aria-valuenow')
  await openTopics()
  expect(await drawn()).toEqual(['Topic', 'Partitions', 'Messages', 'Size'])
  expect(await edge('Topics', 'Messages').getAttribute('aria-valuenow')).toBe(width)
  expect(await header('Topics', 'Partitions').getAttribute('aria-sort')).toBe('descending')
  expect((await names('Topics'))[0]).toBe('part-2')
})

it('is as before when asked, and where what was kept is damaged', async () => {
  const isAsBefore = async () => {
    expect(await grid('Topics').getByRole('columnheader').count()).toBe(6)
    expect(await header('Topics', 'Partitions').getAttribute('aria-sort')).toBe('none')
    expect(await page().evaluate(() => localStorage.getItem('pipeline.table.Topics'))).toBeNull()
  }
  await page().getByRole('button', { name: 'Columns of Topics' }).click()
  await page().getByRole('menuitem', { name: 'As before' }).click()
  await isAsBefore()
  for (const damaged of [
    '{',
    '{"version":99,"shown":{"name":false}}',
    '{"version":1,"widths":7,"sort":[]}',
  ]) {
    await page().evaluate((text) => localStorage.setItem('pipeline.table.Topics', text), damaged)
    await openTopics()
    expect(await grid('Topics').getByRole('columnheader').count()).toBe(6)
  }
  await page().evaluate(() => localStorage.clear())
})

it('copies the row that has the focus, and lets text in a row be selected', async () => {
  const pin = row('Topics', 'learner.pin')
  await pin.focus()
  await page().keyboard.press('Control+c')
  expect((await clipboard()).split('\t').slice(0, 3)).toEqual(['learner.pin', '1', '120'])
  const box = await pin.getByText('learner.pin').boundingBox()
  if (box === null) throw new Error('no name')
  await page().mouse.move(box.x + 1, box.y + box.height / 2)
  await page().mouse.down()
  await page().mouse.move(box.x + box.width + 6, box.y + box.height / 2, { steps: 4 })
  await page().mouse.up()
  await page().keyboard.press('Control+c')
  expect((await clipboard()).trim()).toMatch(/^learner\.pin/)
  expect(await clipboard()).not.toContain('\t')
  await page().getByRole('heading', { level: 1, name: 'Topics' }).waitFor()
  await pin.click({ position: { x: 300, y: 10 } })
  await page().getByRole('heading', { level: 1, name: 'learner.pin' }).waitFor()
})

it('sorts what was read, and leaves a tail in the order of its arrival', async () => {
  const offset = header('Messages', 'Offset')
  await row('Messages', 'unique_id').waitFor()
  await offset.getByRole('button').click()
  expect(await offset.getAttribute('aria-sort')).toBe('ascending')
  const first = grid('Messages').locator('[data-index="0"] > :nth-child(2)')
  expect(await first.innerText()).toBe('0')
  await page().getByRole('button', { name: 'Tail' }).click()
  await page().getByText('Waiting for messages').waitFor()
  expect(await offset.getAttribute('aria-sort')).toBeNull()
  expect(await offset.getByRole('button').count()).toBe(0)
  await expectAccessible(page())
})

it('met no violation of the security policy and no error of the page', () => {
  expect(test.complaints).toEqual([])
})
