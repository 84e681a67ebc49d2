/** A real Chromium for the end-to-end tests: the one inside @sparticuz/chromium, unpacked once by the package itself. */
import chromium from '@sparticuz/chromium'
import { type Browser, chromium as driver } from 'playwright-core'

/** Starts a headless browser. The machine needs no browser of its own; `PIPELINE_CHROMIUM` names another one to use. */
export async function launchChromium(): Promise<Browser> {
  const own = process.env.PIPELINE_CHROMIUM
  return driver.launch({
    executablePath: own ?? (await chromium.executablePath()),
    args: [
      // Root in a container has no user namespace for the sandbox; the pages are our own, on loopback.
      '--no-sandbox',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      '--disable-gpu',
    ],
    headless: true,
  })
}
