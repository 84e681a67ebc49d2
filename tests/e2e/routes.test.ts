/** Every route there is, with something to show: no violation of axe's rules in either theme, nothing wider than 900 px. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { root, runProgram } from '../helpers/home.ts'
import { expectAccessible, openPage, type TestPage } from '../helpers/page.ts'

const topic = 'learner.pin'
const stream = 'streaming-learner-pin'
let test: TestPage
const params: Record<string, string> = { topic, stream, partition: '0', group: 'pipeline-lake-this-computer' }

/** As they stand in the router: a new one is looked at without being named here. */
const routes = [
  ...(await readFile(join(root, 'renderer/routes.tsx'), 'utf8')).matchAll(/^ {2}path: '([^']+)',$/gm),
].map(([, path = '']) => path)

const json = async (...words: string[]) => {
  const { code, out, err } = await runProgram('cli.js', [...words, '--json'], test.home.env)
  expect(code, err).toBe(0)
  return JSON.parse(out.trim().split('\n')[0] ?? '')
}

beforeAll(async () => {
  test = await openPage({ width: 900 })
  await json('local', 'up')
  const run = await json('emulate', '--posts', '12', '--rate', 'max')
  const record = await json('streams', 'browse', stream, '--from', 'TRIM_HORIZON', '--limit', '1')
  const message = await json('topics', 'browse', topic, '--from', 'oldest', '--limit', '1')
  const { partition, offset } = message
  Object.assign(params, { run: run.runId, shard: record.shard, sequence: record.sequence })
  Object.assign(params, { partition: String(partition), offset })
})
afterAll(() => test?.close())

it('they were found', () => {
  expect(routes.length).toBeGreaterThan(17)
})

it.each(routes)('%s', async (path) => {
  const { page, complaints } = test
  const filled = path.replace(/\$(\w+)/g, (_, name: string) =>
    encodeURIComponent(params[name] ?? `no-${name}`),
  )
  expect(filled).not.toContain('no-')
  await page.evaluate((hash) => {
    location.hash = hash
  }, filled)
  await page.getByRole('heading', { level: 1 }).waitFor()
  // Until what is shown is no longer on its way.
  await expect
    .poll(() => page.locator('main [aria-busy="true"], main .bg-line.opacity-60').count(), {
      timeout: 60_000,
    })
    .toBe(0)
  expect(await page.getByText('There is no such page').count()).toBe(0)
  await expectAccessible(page)
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
  expect(complaints).toEqual([])
})
