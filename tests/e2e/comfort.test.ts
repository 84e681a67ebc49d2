/** Comfort: tables as a person likes them, rows that can be copied, a search that goes on, and being told of an end. */
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

async function run(...words: string[]) {
  const { code, out, err } = await runProgram('cli.js', words, test.home.env)
  expect(code, err).toBe(0)
  return { out, err }
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
  await run('emulate', '--posts', '700', '--rate', 'max')
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
  await expect.poll(() => width('Topic')).toBe(before - 150)
  const drawn = await row('Topics', 'part-2').locator('> :first-child').boundingBox()
  expect(Math.round(drawn?.width ?? 0)).toBe(before - 150)
  await header('Topics', 'Messages').getByRole('button').focus()
  await page().keyboard.press('Tab')
  const messages = await width('Messages')
  for (const key of ['ArrowRight', 'ArrowRight', 'Shift+ArrowRight', 'ArrowLeft'])
    await page().keyboard.press(key)
  await expect.poll(() => width('Messages')).toBe(messages + 60)
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
  expect((await clipboard()).split('\t').slice(0, 3)).toEqual(['learner.pin', '1', '700'])
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
  // The oldest of the 200 that were read.
  expect(await first.innerText()).toBe('500')
  await page().getByRole('button', { name: 'Tail' }).click()
  await page().getByText('Waiting for messages').waitFor()
  expect(await offset.getAttribute('aria-sort')).toBeNull()
  expect(await offset.getByRole('button').count()).toBe(0)
  await expectAccessible(page())
})

it('goes on with a search that ended at its limit, and sums its numbers up', async () => {
  await page().getByRole('button', { name: 'Tail' }).click()
  const bar = page().getByRole('search', { name: 'Search the messages' })
  await bar.getByRole('button', { name: 'Search' }).click()
  await page().getByText('The first 500; there may be more').waitFor()
  const status = page().getByRole('status').filter({ hasText: 'found' })
  await status.getByRole('button', { name: 'Go on' }).click()
  await page().getByText('Everything was looked at').waitFor()
  expect(await status.innerText()).toMatch(/700 found[\s\S]*700 looked at/)
  expect(await status.getByRole('button', { name: 'Go on' }).count()).toBe(0)
  expect(await grid('Messages').getAttribute('aria-rowcount')).toBe('701')
  await expectAccessible(page())
})

it('goes on with a search of the terminal, from where it says', async () => {
  const words = ['topics', 'search', 'learner.pin', '--json']
  const offsets = (out: string) =>
    out
      .trim()
      .split('\n')
      .map((line) => Number(JSON.parse(line).offset))
  const first = await run(...words, '--limit', '300')
  const rest = /--continue (\S+)/.exec(first.err)?.[1] ?? ''
  expect(rest).toBe('0:400')
  const second = await run(...words, '--limit', '1000', '--continue', rest)
  expect(second.err).not.toContain('--continue')
  const all = [...offsets(first.out), ...offsets(second.out)]
  expect(all).toEqual(Array.from({ length: 700 }, (_, n) => 699 - n))
})

it('says where the browser refuses notifications, and tells of the end of a long run where it may', async () => {
  await page().getByRole('link', { name: 'Settings' }).click()
  const box = page().getByLabel('Notify me when a long run ends')
  await page().getByText('This browser refuses them for this address', { exact: false }).waitFor()
  expect(await box.isDisabled()).toBe(true)
  await expectAccessible(page())
  await page().evaluate(() => {
    const told: Notification[] = []
    const Real = window.Notification
    // This browser has no window and refuses whatever it is granted: what it would answer elsewhere is put in its place.
    class Recorded extends Real {
      static override get permission(): NotificationPermission {
        return 'granted'
      }
      constructor(title: string, options?: NotificationOptions) {
        super(title, options)
        told.push(this)
      }
    }
    Object.assign(window, { Notification: Recorded, told })
    document.hasFocus = () => false
    window.dispatchEvent(new Event('focus'))
  })
  await expect.poll(() => box.isEnabled()).toBe(true)
  expect(await box.isChecked()).toBe(true)
  const told = () =>
    page().evaluate(() =>
      (Reflect.get(window, 'told') as Notification[]).map(({ title, body }) => `${title}: ${body}`),
    )
  await run('emulate', '--sink', 'file', '--posts', '3', '--rate', 'max')
  await run('emulate', '--sink', 'file', '--for', '31s', '--rate', '5')
  await expect.poll(told).toHaveLength(1)
  expect((await told())[0]).toMatch(/^Done: Emulation \S+ done/)
  await page().evaluate(() =>
    (Reflect.get(window, 'told') as Notification[])[0]?.onclick?.(new Event('click')),
  )
  await page().getByRole('heading', { level: 1, name: 'Emulation' }).waitFor()
  const runId = /Emulation (\S+)/.exec((await told())[0] ?? '')?.[1]
  await page().getByText(`Run ${runId}`).waitFor()
})

it('met no violation of the security policy and no error of the page', () => {
  expect(test.complaints).toEqual([])
})
