/** Inside a stream, by hand on the page: put one and a file, tail over a restart, hot keys, a change, the family tree. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
const valuesFile = async (name: string, values: readonly string[]) => {
  const file = join(test.home.home, name)
  await writeFile(file, values.join('\n'))
  return file
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
  await page().evaluate((hash) => {
    location.hash = hash
  }, `/streams/${stream}`)
  await page().getByRole('heading', { level: 1, name: stream }).waitFor()
})
afterAll(() => test.close())

it('one record is put, refused by its type first', async () => {
  await page().getByRole('button', { name: 'Put records' }).click()
  await page().getByRole('menuitem', { name: 'One record…' }).click()
  await dialog().getByLabel('Partition key').fill('7')
  await dialog().getByLabel('Data').fill('{"hello": "world"}')
  await expectAccessible(page())
  await dialog().getByRole('button', { name: 'Put', exact: true }).click()
  await dialog().getByText('VALUE_NOT_OF_TYPE').waitFor()
  await dialog().getByLabel('Put it all the same').check()
  await dialog().getByRole('button', { name: 'Put', exact: true }).click()
  await dialog().getByText('Put into shardId-000000000000', { exact: false }).waitFor()
  await dialog().getByRole('button', { name: 'Close' }).first().click()
})

it('a file is put while a tail shows what arrives, also over a restart', async () => {
  await page().getByRole('button', { name: 'Tail', exact: true }).click()
  await page().getByRole('grid', { name: 'Shards being read' }).getByText('at the tip').waitFor()
  await expectAccessible(page())
  const { kinesis } = JSON.parse(await cli('local', 'status', '--json'))
  process.kill(kinesis.pid, 'SIGKILL')
  await cli('emulate', '--posts', '4', '--rate', 'max')
  await page().getByText('4 shown', { exact: false }).waitFor({ timeout: 30_000 })
  const values = Array.from({ length: 1_200 }, (_, n) => JSON.stringify({ index: n % 10 }))
  await page().getByRole('button', { name: 'Put records' }).click()
  await page().getByRole('menuitem', { name: 'A file…' }).click()
  await dialog()
    .getByLabel('File of values')
    .setInputFiles(await valuesFile('values.ndjson', values))
  await dialog().getByText('{"index":2}').waitFor()
  await dialog().getByLabel('Put values that do not fit', { exact: false }).check()
  await expectAccessible(page())
  await dialog().getByRole('button', { name: 'Send' }).click()
  await dialog().getByText(`1,200 values sent to ${stream}`, { exact: false }).waitFor({ timeout: 30_000 })
  await screenshot(page(), 'put-file')
  await dialog().getByRole('button', { name: 'Close' }).first().click()
  await page().getByText('1,204 shown', { exact: false }).waitFor({ timeout: 30_000 })
  await screenshot(page(), 'stream-tail')
  await page().getByRole('button', { name: 'Tail', exact: true }).click()
})

it('its hot keys are counted', async () => {
  await page().getByRole('tab', { name: 'Keys' }).click()
  await page().getByRole('button', { name: 'Count the keys' }).click()
  await page().getByRole('status').getByText('1,265 records', { exact: false }).waitFor()
  await page()
    .getByRole('grid', { name: 'Hot keys' })
    .getByRole('row')
    .filter({ hasText: '120' })
    .first()
    .waitFor()
  await expectAccessible(page())
  await screenshot(page(), 'keys')
})

it('its shards are changed as planned, and drawn as a family', async () => {
  await page().getByRole('button', { name: 'Change…' }).click()
  await dialog().getByText('Nothing would change.').waitFor()
  await dialog().getByLabel('Open shards').fill('3')
  await dialog().getByText('Open shards: 1 → 3').waitFor()
  await dialog().getByText('$10.80').waitFor()
  await expectAccessible(page())
  await screenshot(page(), 'stream-change')
  await dialog().getByRole('button', { name: 'Change', exact: true }).click()
  await page().getByText('3 open shards', { exact: false }).waitFor({ timeout: 60_000 })
  await page().getByRole('tab', { name: 'Shards' }).click()
  await page()
    .getByRole('img', { name: /Family tree: \d+ shards in \d+ generations, 3 open/ })
    .waitFor()
  await expectAccessible(page())
  await screenshot(page(), 'shards')
})

it('its records are shown side by side, a lane for each shard, and `streams show` names the shards', async () => {
  const shards = JSON.parse(await cli('streams', 'show', stream, '--json')).shards as { id: string }[]
  expect(shards.length).toBeGreaterThan(1)
  await page().getByRole('tab', { name: 'Records' }).click()
  await page().getByRole('button', { name: 'Split by shard' }).click()
  for (const { id } of shards) await page().getByRole('region', { name: id }).waitFor()
  await page()
    .getByRole('grid', { name: `Records of ${shards[0]?.id}` })
    .getByRole('row')
    .nth(1)
    .click()
  await page().getByRole('region', { name: 'Record', exact: true }).waitFor()
  await expectAccessible(page())
  await screenshot(page(), 'stream-lanes')
  await page().getByRole('button', { name: 'Split by shard' }).click()
  await page().getByRole('grid', { name: 'Records', exact: true }).waitFor()
})

it('a file goes into a topic, too, and what does not fit is named by its line', async () => {
  await page().evaluate(() => {
    location.hash = '/topics/learner.pin'
  })
  await page().getByRole('heading', { level: 1, name: 'learner.pin' }).waitFor()
  await page().getByRole('button', { name: 'Produce', exact: true }).click()
  await page().getByRole('menuitem', { name: 'A file…' }).click()
  await dialog()
    .getByLabel('File of values')
    .setInputFiles(await valuesFile('bad.json', ['[1, 2']))
  await dialog().getByText('The file is no JSON', { exact: false }).waitFor()
  await dialog()
    .getByLabel('File of values')
    .setInputFiles(await valuesFile('good.json', ['[{"index": 1}, {"index": 2}]']))
  await dialog().getByRole('button', { name: 'Send' }).click()
  await dialog().getByText('VALUE_NOT_OF_TYPE').waitFor()
  await dialog().getByLabel('Send values that do not fit', { exact: false }).check()
  await dialog().getByRole('button', { name: 'Send' }).click()
  await dialog().getByText('2 values sent to learner.pin', { exact: false }).waitFor()
  expect(test.complaints).toEqual([])
})
