/** Enhanced fan-out by hand on the page: a tail by push through a kill and a split, the consumer listed and taken away. */
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
const dialog = () => page().getByRole('dialog')
const stream = 'streaming-learner-pin'

beforeAll(async () => {
  test = await openPage()
  await page()
    .getByRole('button', { name: 'Look around first' })
    .or(page().getByRole('link', { name: 'Look around first' }))
    .first()
    .click()
  await cli('local', 'up')
  await cli('emulate', '--posts', '20', '--rate', 'max')
  await page().evaluate((hash) => {
    location.hash = hash
  }, `/streams/${stream}`)
  await page().getByRole('heading', { level: 1, name: stream }).waitFor()
})
afterAll(() => test.close())

it('a tail is pushed to, from the place that was chosen, and uses none of the shared reads', async () => {
  await page().getByRole('button', { name: 'Tail', exact: true }).click()
  await page().getByText('leaves the fifth read', { exact: false }).waitFor()
  await page().getByLabel('Tail from').selectOption({ label: 'The place chosen in “Read”' })
  await page().getByText('20 shown', { exact: false }).waitFor()
  await page()
    .getByLabel('Tail by')
    .selectOption({ label: 'Enhanced fan-out (own 2 MB/s, pushed; costs on AWS only)' })
  await page().getByText('stays registered until you deregister it', { exact: false }).waitFor()
  const states = page().getByRole('grid', { name: 'Shards being read' })
  await states.getByText('none, pushed').waitFor()
  await page().getByText('20 shown', { exact: false }).waitFor()
  await expectAccessible(page())
})

it('goes on through a kill and a split without a gap', async () => {
  const { kinesis } = JSON.parse(await cli('local', 'status', '--json'))
  process.kill(kinesis.pid, 'SIGKILL')
  await cli('emulate', '--posts', '4', '--rate', 'max')
  await page().getByText('24 shown', { exact: false }).waitFor({ timeout: 30_000 })
  await cli('streams', 'change', stream, '--shards', '2')
  await page().getByText('closed, read to its end', { exact: false }).first().waitFor({ timeout: 30_000 })
  await cli('emulate', '--posts', '6', '--rate', 'max')
  await page().getByText('30 shown', { exact: false }).waitFor({ timeout: 30_000 })
  await screenshot(page(), 'stream-fan-out')
})

it('its consumer is listed as ours, and taken away after its name was typed', async () => {
  await page().getByRole('button', { name: 'Tail', exact: true }).click()
  await page().getByRole('tab', { name: 'Consumers' }).click()
  const row = page().getByRole('grid', { name: 'Consumers' }).getByRole('row').filter({ hasText: 'this app' })
  await row.getByText('ACTIVE').waitFor()
  await expectAccessible(page())
  await screenshot(page(), 'consumers')
  const [, name = ''] =
    (await cli('streams', 'consumers', 'list', stream)).match(/(pipeline-control-\w+)/) ?? []
  await row.getByRole('button', { name: `Deregister ${name}` }).click()
  await dialog().getByText('registered by this app', { exact: false }).waitFor()
  await dialog().getByLabel(`Type “${name}” to agree`).fill(name)
  await dialog().getByRole('button', { name: 'Deregister' }).click()
  await page().getByText('No consumers').waitFor()
  await expectAccessible(page())
  expect(test.complaints).toEqual([])
})

it('the terminal names the price, registers, and deregisters', async () => {
  const registered = await runProgram('cli.js', ['streams', 'consumers', 'register', stream], test.home.env)
  expect(registered.code).toBe(0)
  expect(registered.err).toContain('it costs nothing; on AWS $0.030 an hour')
  const name = registered.out.split(' ')[0] ?? ''
  await page().getByRole('grid', { name: 'Consumers' }).getByText(name, { exact: true }).first().waitFor()
  await cli('streams', 'consumers', 'deregister', stream, name, '--yes')
  expect(JSON.parse(await cli('streams', 'consumers', 'list', stream, '--json')).consumers).toEqual([])
})
