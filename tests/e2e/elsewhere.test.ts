/** A pipeline that runs elsewhere, behind a gateway that wants a key: found, saved, used, in one real browser. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

const apiKey = 'canary-page-key-123456'
let keyWanted = apiKey
const seen: (string | undefined)[] = []
const gateway = createServer((request, response) => {
  request.resume()
  request.on('end', () => {
    const key = request.headers['x-api-key']
    seen.push(String(key))
    const ok = key === keyWanted
    response.writeHead(ok ? 200 : 403, { 'content-type': 'application/json' })
    if (!ok) return response.end(JSON.stringify({ message: `Forbidden: ${key}` }))
    const lists = { '/test/topics': ['learner.pin', 'learner.geo', 'learner.user'] }
    const list = lists[request.url as keyof typeof lists]
    const written = { offsets: [{ partition: 0, offset: seen.length, error_code: null }] }
    response.end(JSON.stringify(request.method === 'GET' ? (list ?? { StreamNames: [] }) : written))
  })
})
let test: TestPage
beforeAll(async () => {
  await new Promise<void>((done) => gateway.listen(0, '127.0.0.1', done))
  test = await openPage()
})
afterAll(async () => {
  await test.close()
  gateway.closeAllConnections()
  gateway.close()
})
const page = () => test.page
const go = async (name: string) => {
  await page().getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click()
  await page().getByRole('heading', { level: 1, name }).waitFor()
}

it('asks for the key together with the address, and looks with it', async () => {
  await page().getByRole('heading', { level: 1, name: 'Welcome' }).waitFor()
  await page().getByText('Look around first').first().click()
  await page().getByRole('button', { name: 'Pipeline: This computer' }).click()
  await page().getByRole('menuitem', { name: 'Use what I already have…' }).click()
  const dialog = page().getByRole('dialog', { name: 'Use what I already have' })
  await dialog.getByLabel('Name').first().fill('Keyed')
  await dialog
    .getByLabel('Gateway URL')
    .fill(`http://127.0.0.1:${(gateway.address() as AddressInfo).port}/test`)
  await dialog.getByLabel('Access to the gateway').selectOption('API key')
  await dialog.getByRole('button', { name: 'Look' }).click()
  await dialog.getByText('An API key has at least 8 characters.').waitFor()
  expect(seen).toEqual([])
  await dialog.getByLabel('API key of the gateway').fill('another-key')
  await dialog.getByRole('button', { name: 'Look' }).click()
  await dialog.getByText('[REDACTED]', { exact: false }).first().waitFor()
  await dialog.getByLabel('API key of the gateway').fill(apiKey)
  await expectAccessible(page())
  await dialog.getByRole('button', { name: 'Look' }).click()
  await dialog.getByRole('button', { name: 'Save' }).waitFor()
  await screenshot(page(), 'elsewhere-dialog')
  await dialog.getByRole('button', { name: 'Save' }).click()
  await page().getByRole('button', { name: 'Pipeline: Keyed' }).waitFor()
})

it('sends with the key that is held, and asks for it where it was forgotten', async () => {
  await go('Settings')
  await page().getByText('There is a key.').waitFor()
  await expectAccessible(page())
  await screenshot(page(), 'elsewhere-settings')
  await page().getByRole('button', { name: 'Forget' }).click()
  await page().getByText('There is no key', { exact: false }).waitFor()

  await go('Emulation')
  seen.length = 0
  keyWanted = 'a-key-after-rotation'
  await page().getByLabel('API key of the gateway').fill(keyWanted)
  await expectAccessible(page())
  await screenshot(page(), 'elsewhere-emulation')
  await page().getByRole('button', { name: 'Use this key' }).click()
  await page().getByLabel('API key of the gateway').waitFor({ state: 'detached' })
  await page().getByRole('radio', { name: 'As fast as possible' }).check()
  await page().getByLabel('Stop after posts').fill('2')
  await page()
    .getByRole('checkbox', { name: /Kinesis through the gateway|streams/i })
    .first()
    .uncheck()
  await page().getByRole('button', { name: 'Run', exact: true }).click()
  await expect.poll(() => seen.length, { timeout: 30_000 }).toBe(6)
  expect(new Set(seen)).toEqual(new Set([keyWanted]))
})

it('met no violation of the security policy and no error of the page', () => {
  expect(test.complaints).toEqual([])
})
