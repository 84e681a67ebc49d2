/** The first moments of the page: its way in, and the welcome. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openPage, type TestPage } from '../helpers/page.ts'

let test: TestPage

beforeAll(async () => {
  test = await openPage()
})
afterAll(() => test?.close())

/** A page of a browser that was never here. */
async function strangerPage() {
  const context = await test.page.context().browser()?.newContext()
  if (context === undefined) throw new Error('no browser')
  return context.newPage()
}

it('the sign-in is dropped by the browser, as when a network comes or goes: it is tried again', async () => {
  const page = await strangerPage()
  let tries = 0
  await page.route('**/session', (route) => {
    tries += 1
    return tries < 3 ? route.abort('internetdisconnected') : route.continue()
  })
  await page.goto(test.address)
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(tries).toBe(3)
  await page.context().close()
})

it('a page that is loaded again before it was signed in has its way in still, and shows it no longer once it is', async () => {
  const page = await strangerPage()
  let asked = 0
  await page.route('**/session', (route) => {
    asked += 1
    if (asked > 1) return route.continue()
  })
  await page.goto(test.address)
  await expect.poll(() => asked).toBe(1)
  await page.reload()
  await page.getByRole('heading', { level: 1 }).waitFor()
  expect(asked).toBe(2)
  expect(page.url()).not.toContain('token')
  await page.context().close()
})

it('the welcome calls nobody back who is on the way to another page', async () => {
  const page = await strangerPage()
  const [left, arrived] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
  // What decides about the welcome comes when the person has gone, and before the other page is there.
  await page.routeWebSocket('**/rpc', (socket) => {
    const server = socket.connectToServer()
    server.onMessage(async (message) => {
      if (message.includes('Nothing runs yet')) await left.promise
      socket.send(message)
    })
  })
  await page.route('**/JobsPage-*.js', (route) => arrived.promise.then(() => route.continue()))
  await page.goto(test.address)
  await page.getByRole('heading', { name: 'Overview' }).waitFor()
  await page.evaluate(() => {
    location.hash = '/jobs'
  })
  left.resolve()
  await page.getByText('Nothing runs yet').waitFor()
  arrived.resolve()
  await page.getByText('No workspace yet').waitFor()
  await page.context().close()
})
