/** A person connects a workspace, puts the pipeline there, runs its job and opens its page: against a fake workspace at the wire. */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canaryToken, type DatabricksFake, databricksFake } from '../helpers/databricks/server.ts'
import { someAnswers } from '../helpers/databricks/someAnswers.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

describe('Databricks on the page', () => {
  let test: TestPage
  let fake: DatabricksFake
  const frames: string[] = []
  const page = () => test.page
  const button = (name: string | RegExp) => page().getByRole('button', { name })
  const field = (label: string) => page().getByLabel(label, { exact: true })
  const go = async (path: string) => {
    await page().evaluate((hash) => {
      location.hash = hash
    }, path)
    await page().getByRole('heading', { level: 1 }).waitFor()
  }

  beforeAll(async () => {
    fake = await databricksFake()
    test = await openPage({ width: 1280, height: 1000 })
    page().on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => frames.push(String(payload))),
    )
    const folder = join(test.home.home, 'pipelines', 'this-computer', 'lake', 'topics')
    for (const kind of ['pin', 'geo', 'user']) {
      const partition = join(folder, `learner.${kind}`, 'partition=0')
      await mkdir(partition, { recursive: true })
      await writeFile(
        join(partition, `learner.${kind}+0+0000000000.json`),
        `{"${kind === 'pin' ? 'index' : 'ind'}":1}\n`,
      )
    }
    await page().reload()
    await page().getByRole('heading', { level: 1 }).waitFor()
  })
  afterAll(async () => {
    await test?.close()
    await fake?.close()
  })

  it('says what it is for while there is none, on both pages', async () => {
    await go('/jobs')
    await page().getByText('No workspace yet').waitFor()
    await page().getByRole('link', { name: 'Connect to Databricks' }).click()
    await page().getByText('the Free Edition is enough').waitFor()
    await expectAccessible(page())
  })

  it('an address that is none is refused at its field; a token signs in', async () => {
    await field('Way').selectOption('token')
    await field('Address of the workspace').fill('http://example.com')
    await button('Use and test').click()
    await page().getByText('The address of a workspace begins with https://').waitFor()
    await field('Address of the workspace').fill(`${fake.url}/?o=1`)
    await button('Use and test').click()
    await page().getByText('There is no token for this workspace yet').waitFor()
    await screenshot(page(), 'databricks-token')
    await expectAccessible(page())
    await field('Personal access token').fill('dapi-wrong-token')
    await button('Use and test').last().click()
    await page().getByText('The workspace does not accept this sign-in').waitFor()
    await field('Personal access token').fill(canaryToken)
    await button('Replace and test').click()
    await page().getByText('Signed in as Ada').waitFor()
  })

  it('one button puts notebooks, lake and job there', async () => {
    await page().getByText('Notebooks', { exact: true }).last().waitFor()
    await button('Apply and run').click()
    // It goes to the run by itself.
    await page()
      .getByRole('region', { name: /^Run \d+$/ })
      .getByText('TERMINATED: SUCCESS')
      .waitFor({ timeout: 60_000 })
    await go('/databricks')
    await page().getByText('Everything is in place.').waitFor({ timeout: 60_000 })
    expect(fake.jobs.size).toBe(1)
    expect(fake.files.size).toBe(3)
    for (const width of [900, 1280]) {
      await page().setViewportSize({ width, height: 1200 })
      await screenshot(page(), `databricks-${width}`)
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
    await expectAccessible(page())
  })

  it('runs the job: states as they change, then what failed and why; repaired it is done', async () => {
    let broken = true
    fake.outcome = ({ key }) =>
      key === 'batch' && broken
        ? { error: "NameError: name 'IntegerType' is not defined", trace: 'Traceback\n  line 5\nNameError' }
        : { result: key === 'batch' ? someAnswers : '' }
    fake.held = true
    await go('/jobs')
    await button('Run Cleaning and the eight questions').click()
    const run = page().getByRole('region', { name: /^Run \d+$/ })
    await run.getByText('running').first().waitFor()
    await screenshot(page(), 'jobs-running')
    fake.held = false
    await run.getByText("NameError: name 'IntegerType' is not defined").waitFor({ timeout: 30_000 })
    await expectAccessible(page())
    await screenshot(page(), 'jobs-failed')
    broken = false
    await button('Repair').click()
    await run.getByText('TERMINATED: SUCCESS').waitFor({ timeout: 30_000 })
    await expectAccessible(page())
  })

  it('leads to its answers, and back', async () => {
    await page().getByRole('link', { name: 'Answers', exact: true }).last().click()
    const joined = page().getByRole('region', { name: 'How many users joined in each year, 2015 to 2020' })
    await joined.getByText('2017').first().waitFor()
    await page()
      .getByText(/^Run \d+ in Databricks\./)
      .waitFor()
    await page().getByRole('link', { name: 'Open the run' }).click()
    await page()
      .getByRole('region', { name: /^Run \d+$/ })
      .waitFor()
  })

  it('its page is opened at the address that the workspace named, and nowhere else', async () => {
    // Recorded, not followed.
    await page()
      .context()
      .route(`${fake.url}/**`, (route) => route.fulfill({ body: 'the run' }))
    const opened = page().context().waitForEvent('page')
    await button('Open the run').click()
    const other = await opened
    await other.waitForURL(/\/run\/\d+$/)
    expect(other.url()).toMatch(new RegExp(`^${fake.url}/\\?o=1#job/\\d+/run/\\d+$`))
    await other.close()
  })

  it('a run is cancelled', async () => {
    fake.held = true
    await button('Run Cleaning and the eight questions').click()
    const run = page().getByRole('region', { name: /^Run \d+$/ })
    await run.getByText('running').first().waitFor()
    await run.getByRole('button', { name: 'Cancel' }).click()
    await run.getByText('TERMINATED: USER_CANCELED').waitFor({ timeout: 30_000 })
    fake.held = false
  })

  it('no token came to the page, and nothing broke its policy', () => {
    expect(frames.length).toBeGreaterThan(20)
    expect(frames.join('\n')).not.toContain(canaryToken)
    expect(test.complaints).toEqual([])
  })
})
