/** Settings, partitions, copies and emptying of a topic, and the cluster behind it, by hand on the page. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { runProgram } from '../helpers/home.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

let test: TestPage
const page = () => test.page
const cli = async (...words: string[]) => {
  const { code, out, err } = await runProgram('cli.js', words, test.home.env)
  expect(code, err).toBe(0)
  return out
}
const row = (grid: string, text: string) =>
  page().getByRole('grid', { name: grid }).getByRole('row').filter({ hasText: text }).first()
const dialog = () => page().getByRole('dialog')
const more = async (name: string) => {
  await page().getByRole('button', { name: 'More actions' }).click()
  await page().getByRole('menuitem', { name }).click()
}
const agree = async (typed: string, button: string) => {
  await dialog().getByLabel(`Type “${typed}” to agree`).fill(typed)
  await dialog().getByRole('button', { name: button, exact: true }).click()
}

beforeAll(async () => {
  test = await openPage()
  await page()
    .getByRole('button', { name: 'Look around first' })
    .or(page().getByRole('link', { name: 'Look around first' }))
    .first()
    .click()
  await cli('local', 'up')
  await cli('emulate', '--posts', '60', '--rate', 'max')
  await page().getByRole('link', { name: 'Topics', exact: true }).click()
  await row('Topics', 'learner.pin').click()
  await page().getByRole('heading', { level: 1, name: 'learner.pin' }).waitFor()
})
afterAll(() => test.close())

it('a setting is explained, changed, refused, and taken back', async () => {
  await page().getByRole('tab', { name: 'Configuration' }).click()
  await page().getByLabel('Find a setting').fill('retention.ms')
  await row('Configuration', 'retention.ms').click()
  await dialog().getByText('Without a value of its own').waitFor()
  await expectAccessible(page())
  await dialog().getByLabel('New value').fill('soon')
  await dialog().getByRole('button', { name: 'Save' }).click()
  await dialog().getByText('KAFKA_CONFIG_INVALID').waitFor()
  await dialog().getByLabel('New value').fill('86400000')
  await dialog().getByText('1 d 0 h', { exact: false }).waitFor()
  await screenshot(page(), 'setting')
  await dialog().getByRole('button', { name: 'Save' }).click()
  await row('Configuration', '86400000').getByText('this topic').waitFor()
  await row('Configuration', 'retention.ms').click()
  await dialog()
    .getByRole('button', { name: /^Back to / })
    .click()
  await dialog().waitFor({ state: 'hidden' })
  expect(await cli('topics', 'config', 'learner.pin')).not.toContain('86400000')
})

it('partitions are added', async () => {
  await more('Add partitions…')
  await dialog().getByLabel('Partitions in all').fill('1')
  await dialog().getByText('A whole number from 2', { exact: false }).waitFor()
  await dialog().getByLabel('Partitions in all').fill('3')
  await expectAccessible(page())
  await dialog().getByRole('button', { name: 'Add', exact: true }).click()
  await page().getByText('in 3 partitions', { exact: false }).waitFor()
})

it('a copy is made with its messages, and opened', async () => {
  await more('Clone…')
  await dialog().getByLabel('Name of the copy').fill('pins copied')
  await dialog().getByText('letters, digits', { exact: false }).waitFor()
  await dialog().getByLabel('Name of the copy').fill('pins.copied')
  await expectAccessible(page())
  await dialog().getByRole('button', { name: 'Clone', exact: true }).click()
  await dialog().getByText('pins.copied is there.').waitFor()
  await dialog().getByRole('link', { name: 'Open it' }).click()
  await page().getByRole('heading', { level: 1, name: 'pins.copied' }).waitFor()
  await page().getByText('60 messages in 3 partitions', { exact: false }).waitFor()
})

it('it is emptied, and made anew, each only as agreed', async () => {
  await more('Empty…')
  await dialog().getByText('60 messages, below offset 60', { exact: false }).waitFor()
  await expectAccessible(page())
  await agree('pins.copied', 'Empty')
  await page().getByText('0 messages in 3 partitions', { exact: false }).waitFor()
  await more('Recreate…')
  await dialog().getByText('It comes back empty', { exact: false }).waitFor()
  await dialog().getByRole('button', { name: 'Cancel' }).click()
  await more('Recreate…')
  await agree('pins.copied', 'Recreate')
  await dialog().waitFor({ state: 'hidden' })
  await expect
    .poll(async () => JSON.parse(await cli('topics', 'list', '--json')))
    .toContainEqual(expect.objectContaining({ name: 'pins.copied', partitions: 3, messages: 0 }))
})

it('the cluster shows its broker and what it can do', async () => {
  await page().getByRole('link', { name: 'Cluster', exact: true }).click()
  await page().getByText('Every partition has a leader', { exact: false }).waitFor()
  await row('Brokers', 'controller').waitFor()
  await page().getByText('Kafka 4.3, 1 broker', { exact: false }).waitFor()
  await expectAccessible(page())
  await screenshot(page(), 'cluster')
  expect(test.complaints).toEqual([])
})
