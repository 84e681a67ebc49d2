/** The first screen: how much a browser loads for it, and how soon it can be used. */
import { brotliCompressSync } from 'node:zlib'
import type { Page } from 'playwright-core'
import { type Bench, row } from './bench.ts'
import { openMeasured, startDoor } from './lib/page.ts'

const kib = 1_024

export const bench: Bench = {
  name: 'page',
  title: 'First screen in Chromium',
  async run({ rounds, say }) {
    const door = await startDoor({ name: 'Bench', ports: { kafka: 0, kinesis: 0, gateway: 0 } })
    try {
      const seen: FirstScreen[] = []
      const empty: number[] = []
      for (let round = 0; round < rounds; round += 1) {
        const { page, close } = await openMeasured(door.address)
        seen.push(await firstScreen(page))
        empty.push(await emptyPage(page))
        await close()
        say(JSON.stringify(seen.at(-1)))
      }
      const [{ sent, brotli, raw, files } = nothing] = seen
      return [
        row({
          what: 'first screen: JavaScript and CSS as the web door sends it',
          unit: 'KiB',
          ours: seen.map((each) => each.sent / kib),
          target: { atMost: 250 },
          notes: [
            `${files} files, ${Math.round(raw / kib)} KiB, with gzip ${Math.round(sent / kib)} KiB, with brotli they would be ${Math.round(brotli / kib)} KiB`,
          ],
        }),
        row({
          what: 'first screen: usable after the server answered',
          unit: 'ms',
          ours: seen.map(({ usableMs }) => usableMs),
          target: { atMost: 1_000 },
          notes: [
            `the same document without its scripts stands after ${empty.map(Math.round).join(', ')} ms`,
          ],
        }),
      ]
    } finally {
      await door.close()
    }
  },
}

interface FirstScreen {
  /** Bytes on the wire, bytes as they would be with brotli, bytes unpacked. */
  readonly sent: number
  readonly brotli: number
  readonly raw: number
  readonly files: number
  /** From the first byte of the document to the button that starts, ms. */
  readonly usableMs: number
}
const nothing: FirstScreen = { sent: 0, brotli: 0, raw: 0, files: 0, usableMs: 0 }

/** Loads it anew with an empty cache; the key to the door is already there. */
async function firstScreen(page: Page): Promise<FirstScreen> {
  // The very first one leads to the welcome.
  await page.getByRole('main').waitFor()
  // What is still coming of it must not be taken for a part of the next.
  await page.waitForLoadState('networkidle')
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.setCacheDisabled', { cacheDisabled: true })
  const answers: Promise<{ readonly sent: number; readonly body: Buffer }>[] = []
  page.on('response', (response) => {
    if (!/\.(js|css)$/.test(new URL(response.url()).pathname)) return
    answers.push(
      Promise.all([response.request().sizes(), response.body()]).then(([sizes, body]) => ({
        sent: sizes.responseBodySize,
        body,
      })),
    )
  })
  await page.addInitScript(() => {
    const look = () => {
      const button = [...document.querySelectorAll('main button')].find((each) =>
        /^(Start|Set)/.test(each.textContent ?? ''),
      )
      if (button !== undefined) Reflect.set(window, 'usableAt', performance.now())
      else setTimeout(look, 5)
    }
    look()
  })
  await page.reload()
  const usableAt = await page.waitForFunction(() => Reflect.get(window, 'usableAt') as number | undefined)
  const answeredAt = await page.evaluate(
    () => (performance.getEntriesByType('navigation')[0] as PerformanceNavigationTiming).responseStart,
  )
  const files = await Promise.all(answers)
  const sum = (pick: (file: (typeof files)[number]) => number) =>
    files.reduce((all, file) => all + pick(file), 0)
  return {
    sent: sum(({ sent }) => sent),
    brotli: sum(({ body }) => brotliCompressSync(body).length),
    raw: sum(({ body }) => body.length),
    files: files.length,
    usableMs: ((await usableAt.jsonValue()) ?? Number.NaN) - answeredAt,
  }
}

/** The peer, ms from the first byte to the end of loading. */
async function emptyPage(page: Page): Promise<number> {
  await page.route(/\.(js|css)$/, (route) => route.abort())
  await page.reload()
  return page.evaluate(() => {
    const [seen] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
    return (seen?.loadEventStart ?? 0) - (seen?.responseStart ?? 0)
  })
}
