/** The real page in a real Chromium, on a throw-away folder; every violation of its security policy fails the test. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { expect } from 'vitest'
import { launchChromium } from './chromium.ts'
import { root, startProgram, type TestHome, testHome } from './home.ts'

export interface TestPage {
  readonly page: Page
  readonly home: TestHome
  /** With its token. */
  readonly address: string
  /** Everything the browser complained about: scripts, styles, connections, errors. */
  readonly complaints: string[]
  close(): Promise<void>
}

/** Ports of the system's choice, so that a test never meets a stack that runs on this computer. */
const pipelines = {
  version: 1,
  active: 'this-computer',
  items: [
    {
      id: 'this-computer',
      createdAt: 1,
      settings: {
        name: 'This computer',
        ports: { kafka: 0, kinesis: 0, gateway: 0 },
        lake: { 'rotate.schedule.interval.ms': 1_000 },
      },
    },
  ],
}

/**
 * Hosts of other tests come and go, and the computer's networks with them: Chromium then drops whatever it is fetching and says
 * so itself. The page fetches again; where it did not, the test that looks for it would fail.
 */
const droppedByNetwork = /^Failed to load resource: net::ERR_NETWORK_CHANGED$/

export async function openPage(
  options: { readonly width?: number; readonly height?: number; readonly env?: NodeJS.ProcessEnv } = {},
): Promise<TestPage> {
  const home = await testHome()
  await writeFile(join(home.home, 'pipelines.json'), JSON.stringify(pipelines))
  Object.assign(home.env, options.env)
  const web = startProgram('web.js', [], home.env)
  const address = (await web.line(/http:\/\/127\.0\.0\.1:\d+\/#token=\S+/))[0]
  const browser: Browser = await launchChromium()
  const context: BrowserContext = await browser.newContext({
    viewport: { width: options.width ?? 1280, height: options.height ?? 860 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (droppedByNetwork.test(message.text())) return
    if (message.type() === 'error' || /Content Security Policy|Trusted ?Type/i.test(message.text()))
      complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  await page.exposeFunction('reportViolation', (text: string) => complaints.push(text))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const report = Reflect.get(window, 'reportViolation') as (text: string) => void
      report(
        `securitypolicyviolation ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`,
      )
    })
  })
  await page.goto(address)
  return {
    page,
    home,
    address,
    complaints,
    close: async () => {
      await browser.close()
      web.child.kill('SIGTERM')
      await web.finished
      await home.remove()
    },
  }
}

/** Switches the theme without leaving the page. */
export async function inTheme(page: Page, theme: 'light' | 'dark'): Promise<void> {
  await page.evaluate((wanted) => {
    document.documentElement.dataset.theme = wanted
  }, theme)
}

/** Rules that look at colours: all that another theme can break. */
const colourRules = ['color-contrast', 'link-in-text-block']

/** No violation of the accessibility rules axe knows: all of them in the light theme, those about colours in the dark one. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    await inTheme(page, theme)
    // The second page that its results are put together in takes as long as the look itself; only frames need it.
    const alone = page.frames().length === 1
    // axe is read twice for each look, as long as the look takes; a page that has it from the look before needs no more of it.
    const there = alone && (await page.evaluate(() => 'axe' in window))
    const axe = new AxeBuilder({ page, ...(there && { axeSource: ';' }) }).setLegacyMode(alone)
    // Of what passes nothing is told.
    axe.options({ resultTypes: ['violations'] })
    const { violations } = await (theme === 'light' ? axe : axe.withRules(colourRules)).analyze()
    const words = violations.map(
      ({ id, help, nodes }) =>
        `${theme}: ${id}: ${help}: ${nodes.map((node) => node.html.slice(0, 160)).join(' | ')}`,
    )
    expect(words).toEqual([])
  }
  await inTheme(page, 'light')
}

/** Pictures go to `out/screenshots`; with `PIPELINE_SCREENSHOTS=docs` into the README's folder. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder =
    process.env.PIPELINE_SCREENSHOTS === 'docs'
      ? join(root, 'docs', 'images')
      : join(root, 'out', 'screenshots')
  await mkdir(folder, { recursive: true })
  for (const theme of ['light', 'dark'] as const) {
    await inTheme(page, theme)
    await page.screenshot({ path: join(folder, `${name}-${theme}.png`) })
  }
  await inTheme(page, 'light')
}
