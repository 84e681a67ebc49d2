/** A changing pace on the page: chosen, written wrong, drawn by hand, and run. */
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
  await page().getByRole('link', { name: 'Emulation', exact: true }).click()
  await page().getByRole('heading', { level: 1, name: 'Emulation' }).waitFor()
})
afterAll(() => test.close())

const words = () => page().getByLabel('How it changes')

it('is chosen as a shape, and refused with the way to write it', async () => {
  await page().getByRole('radio', { name: 'Changing' }).check({ force: true })
  await page().getByRole('button', { name: 'Bursts' }).click()
  expect(await words().inputValue()).toBe('burst:10+200/5s@30s')
  await page().getByText('At most 200 posts a second, 30 s long, then again', { exact: false }).waitFor()
  await words().fill('ramp:fast')
  await page().getByText('Not a pace: ramp:fast', { exact: false }).waitFor()
  await expectAccessible(page())
  await words().fill('curve:0s=0,2s=40,4s=0')
  await page().getByText('4 s long, then the run ends.', { exact: false }).waitFor()
})

it('is drawn by hand', async () => {
  const drawing = page().getByRole('img', { name: 'Posts a second over 4 s', exact: false })
  const box = await drawing.boundingBox()
  if (box === null) throw new Error('no drawing')
  const at = (x: number, y: number) => [box.x + box.width * x, box.y + box.height * y] as const
  await page().mouse.move(...at(0.01, 0.95))
  await page().mouse.down()
  await page().mouse.move(...at(0.5, 0.15), { steps: 12 })
  await page().mouse.move(...at(0.995, 0.97), { steps: 12 })
  await page().mouse.up()
  const text = await words().inputValue()
  expect(text).toMatch(/^curve:0s=.*,100ms=.*,4s=/)
  await expectAccessible(page())
  await screenshot(page(), 'pace')
})

it('goes on after it was stopped, with the posts counted on', async () => {
  await words().fill('curve:0s=30,600s=30')
  await page().getByLabel('Stop after posts').fill('100')
  await page().getByRole('button', { name: 'Run', exact: true }).click()
  await page().getByRole('button', { name: 'Stop run' }).click()
  await page().getByRole('button', { name: 'Continue' }).click()
  await page().getByText('Went on at', { exact: false }).waitFor()
  await page().getByText('Done after', { exact: false }).first().waitFor({ timeout: 60_000 })
  await page().getByText('100 posts', { exact: false }).first().waitFor()
  expect(await page().getByRole('button', { name: 'Continue' }).count()).toBe(0)
  await expectAccessible(page())
})

it('runs as it was drawn', async () => {
  await words().fill('curve:0s=0,2s=40,4s=0')
  await page().getByLabel('Stop after posts').fill('')
  await page().getByRole('button', { name: 'Run', exact: true }).click()
  // A triangle of 4 s with 40 at its top: 80 posts.
  await page().getByText('Done after', { exact: false }).first().waitFor({ timeout: 60_000 })
  await page().getByText('80 posts', { exact: false }).first().waitFor()
  await expectAccessible(page())
})

it('is kept as a preset, taken again, and let go', async () => {
  const dialog = page().getByRole('dialog')
  await page().getByRole('button', { name: 'Presets' }).click()
  await dialog.getByText('Find the limit').waitFor()
  await dialog.getByLabel('Keep these settings as').fill('As the original')
  await dialog.getByRole('button', { name: 'Keep', exact: true }).click()
  await dialog.getByText('PRESET_TAKEN').waitFor()
  await dialog.getByLabel('Keep these settings as').fill('Small hill')
  await dialog.getByRole('button', { name: 'Keep', exact: true }).click()
  await dialog
    .getByRole('list', { name: 'Your presets' })
    .getByRole('button', { name: 'Small hill', exact: true })
    .waitFor()
  await expectAccessible(page())
  await screenshot(page(), 'presets')
  await dialog.getByRole('button', { name: 'Steady 100 a second' }).click()
  expect(await page().getByLabel('Posts a second', { exact: true }).inputValue()).toBe('100')
  const words = ['emulate', '--preset', 'small hill', '--posts', '7', '--json']
  const { code, out, err } = await runProgram('cli.js', words, test.home.env)
  expect(code, err).toBe(0)
  expect(JSON.parse(out)).toMatchObject({ posts: 7, options: { rate: { kind: 'curve' } } })
  await page().getByRole('button', { name: 'Presets' }).click()
  await dialog.getByRole('button', { name: 'Forget the preset Small hill' }).click()
  await dialog.getByRole('button', { name: 'Small hill', exact: true }).waitFor({ state: 'hidden' })
  await dialog.getByRole('button', { name: 'Close' }).click()
})

it('two runs are compared', async () => {
  await page().getByRole('link', { name: 'Compare two runs' }).click()
  const differ = page().getByRole('table', { name: 'Settings that differ' })
  await differ.getByRole('row').filter({ hasText: 'posts' }).filter({ hasText: '7' }).waitFor()
  const came = page().getByRole('table', { name: 'What came of it' })
  await came.getByRole('row').filter({ hasText: 'Posts' }).filter({ hasText: '80' }).first().waitFor()
  await expectAccessible(page())
  await screenshot(page(), 'compare')
  expect(test.complaints).toEqual([])
})
