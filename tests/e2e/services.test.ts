/** The Services page against a real host: nothing there, services that run and fail, switches, files, and the log live. */
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../helpers/home.ts'
import { bootHost, hostsMissing, type TestHost } from '../helpers/host.ts'
import { installUnits, readersLeft } from '../helpers/hostUnits.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

const missing = await hostsMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

describe.skipIf(missing !== null)(`Services${missing === null ? '' : ` (${missing})`}`, () => {
  let test: TestPage
  let host: TestHost
  const page = () => test.page
  const cli = async (...words: string[]) => {
    const { code, err } = await runProgram('cli.js', words, test.home.env)
    expect(code, err).toBe(0)
  }
  const log = () => page().getByRole('log')
  const card = (name: string) => page().getByRole('region', { name })
  const shown = async (name: string) => {
    for (const width of [900, 1280, 1680]) {
      await page().setViewportSize({ width, height: 1000 })
      await screenshot(page(), `${name}-${width}`)
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
    await page().setViewportSize({ width: 1280, height: 1000 })
  }
  beforeAll(async () => {
    host = await bootHost('svcpage')
    test = await openPage()
    await cli('pipelines', 'create', 'cloud')
    await cli('pipelines', 'set', 'cloud', 'kind=existing')
    await cli('pipelines', 'select', 'cloud')
    await page().goto(`${test.address.split('#')[0]}#/services`)
    await page().reload()
  })
  afterAll(async () => {
    await test?.close()
    await host?.down()
  })

  it('begins with a way to a machine, then with a way to the set-up', async () => {
    await page().getByText('No machine yet').waitFor({ timeout: 60_000 })
    await expectAccessible(page())
    await cli('host', 'set', '--host', host.ip, '--key-file', host.key)
    await cli('host', 'test', '--accept', host.hostKeys.ed25519)
    await page().getByText('Nothing installed yet').waitFor({ timeout: 60_000 })
    await page().getByRole('link', { name: 'Go to Set-up' }).waitFor()
    await page().getByText('over 1, 5 and 15 minutes').waitFor()
    await expectAccessible(page())
    await shown('services-none')
  })

  it('shows what runs and what failed by itself, and follows the log', async () => {
    await installUnits(host)
    await card('Kafka broker').getByText('active (running)').waitFor({ timeout: 60_000 })
    await card('Kafka broker').getByText('Apache Kafka 4.3.1 on Java 17.0.15').waitFor()
    await card('REST gateway').getByText('It ended: exit code 3.').waitFor({ timeout: 60_000 })
    await card('REST gateway').getByText('no such port: 8082').waitFor()
    await log()
      .getByText(/INFO line \d+ of \d+/)
      .first()
      .waitFor({ timeout: 60_000 })
    await page().getByText('/var/lib/pipeline-control/kafka', { exact: true }).waitFor({ timeout: 60_000 })
    await expectAccessible(page())
    await shown('services')
  })

  it('holds the log still, filters it, copies and saves it', async () => {
    await page().getByRole('button', { name: 'Pause' }).click()
    const held = await log().innerText()
    await page()
      .getByText(/[1-9]\d* new since/)
      .waitFor()
    expect(await log().innerText()).toBe(held)
    await page().getByRole('button', { name: 'Resume' }).click()
    await expect.poll(() => log().innerText()).not.toBe(held)
    await page().keyboard.press('/')
    await page().keyboard.type('SUCH port')
    await expect.poll(() => log().innerText()).toMatch(/no such port: 8082/)
    expect(await log().innerText()).not.toContain('INFO line')
    const saving = page().waitForEvent('download')
    await page().getByRole('button', { name: 'Save' }).click()
    const saved = await saving
    expect(saved.suggestedFilename()).toBe('kafka-gateway.log')
    expect(await readFile(await saved.path(), 'utf8')).toMatch(/^\S+Z gateway no such port: 8082$/m)
    await page().getByRole('button', { name: 'Copy the lines shown' }).click()
    expect(await page().evaluate(() => navigator.clipboard.readText())).toContain('no such port: 8082')
    await page().getByRole('button', { name: 'Copy the command for this log' }).click()
    expect(await page().evaluate(() => navigator.clipboard.readText())).toBe('pipeline services log --follow')
    await page().getByLabel('Show lines with').fill('')
    await page().getByText('REST gateway', { exact: true }).last().click()
    await expect.poll(() => log().innerText()).not.toContain('INFO line')
    await page().getByText('Both', { exact: true }).click()
    // Enough that there is something to scroll: a line comes five times a second.
    const newest = async () => {
      const numbers = [...(await log().innerText()).matchAll(/INFO line (\d+)/g)].map(([, text]) =>
        Number(text),
      )
      return Math.max(0, ...numbers)
    }
    await expect.poll(newest).toBeGreaterThan(100)
    // Whoever scrolls up is left there.
    await log().hover()
    await page().mouse.wheel(0, -2_000)
    await page().getByRole('button', { name: 'To the newest' }).click()
    await expect.poll(() => page().getByRole('button', { name: 'To the newest' }).count()).toBe(0)
  })

  it('asks before the broker is interrupted, then does it', async () => {
    const pid = () => host.run('systemctl show -p MainPID --value pipeline-kafka')
    const before = await pid()
    await page().getByRole('button', { name: 'Restart the Kafka broker' }).click()
    await page().getByRole('dialog', { name: 'Restart the broker?' }).waitFor()
    await expectAccessible(page())
    await page().getByRole('button', { name: 'Cancel' }).click()
    expect(await pid()).toBe(before)
    await page().getByRole('button', { name: 'Stop the Kafka broker' }).click()
    await page().getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click()
    await card('Kafka broker').getByText('inactive (dead)').waitFor({ timeout: 60_000 })
    expect((await pid()).trim()).toBe('0')
    await page().getByRole('button', { name: 'Start the Kafka broker' }).click()
    await card('Kafka broker').getByText('active (running)').waitFor({ timeout: 60_000 })
    expect((await pid()).trim()).not.toBe('0')
  })

  it('shows the files as installed', async () => {
    await page().getByRole('button', { name: 'Show the files' }).click()
    await page().getByText('/etc/pipeline-control/server.properties').click()
    await page().getByText('process.roles=broker,controller').waitFor()
    await page().getByText('is not there').first().waitFor()
    await expectAccessible(page())
  })

  it('says that the connection is lost, and goes on by itself', async () => {
    await host.fault('kill-sshd')
    await page().getByText('It is tried again by itself.').waitFor({ timeout: 60_000 })
    await page().getByText('Connecting again').waitFor({ timeout: 60_000 })
    await card('Kafka broker').getByText('active (running)').waitFor()
    expect(await page().getByRole('button', { name: 'Restart the Kafka broker' }).isDisabled()).toBe(true)
    await expectAccessible(page())
    await shown('services-lost')
    await host.fault('heal')
    await expect
      .poll(() => page().getByText('It is tried again by itself.').count(), { timeout: 90_000 })
      .toBe(0)
    await expect
      .poll(() => page().getByText('It goes on by itself behind').count(), { timeout: 90_000 })
      .toBe(0)
    const until = await log().innerText()
    await expect.poll(() => log().innerText()).not.toBe(until)
  }, 240_000)

  it('leaves no reader on the machine when the page is left', async () => {
    expect(await readersLeft(host)).toContain('journalctl')
    await page().getByRole('link', { name: 'Overview' }).click()
    await expect.poll(() => readersLeft(host)).toBe('')
    expect(test.complaints).toEqual([])
  })
})
