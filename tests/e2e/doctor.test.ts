/** The Doctor page against a real machine: links as they are looked at, a fault with its words and its fix, and the way mended. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../helpers/home.ts'
import { bootHost, hostsMissing, type TestHost } from '../helpers/host.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

const missing = await hostsMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

/** Such as the app would write it, of a program that ends by itself. */
const unit = `[Service]
ExecStart=/bin/sh -c "echo java.lang.OutOfMemoryError: Java heap space; exit 3"
Restart=always
RestartSec=5
[Install]
WantedBy=multi-user.target
`

describe.skipIf(missing !== null)(`Doctor${missing === null ? '' : ` (${missing})`}`, () => {
  let test: TestPage
  let host: TestHost
  const page = () => test.page
  const must = async (...words: string[]) => {
    const { code, err } = await runProgram('cli.js', words, test.home.env)
    expect(code, err).toBe(0)
  }
  const link = (name: string) =>
    page()
      .getByRole('list', { name: 'The way to Kafka' })
      .getByRole('listitem')
      .filter({ has: page().getByText(name, { exact: true }) })

  beforeAll(async () => {
    host = await bootHost('docpage')
    await host.run(
      `printf '%s' '${unit}' | sudo tee /etc/systemd/system/pipeline-gateway.service; sudo systemctl daemon-reload; sudo systemctl enable --now pipeline-gateway`,
    )
    test = await openPage()
    await page()
      .getByRole('button', { name: 'Look around first' })
      .or(page().getByRole('link', { name: 'Look around first' }))
      .first()
      .click()
  })
  afterAll(async () => {
    await test?.close()
    await host?.down()
  })

  it('is only offered where a pipeline runs elsewhere', async () => {
    const navigation = page().getByRole('navigation', { name: 'Main' })
    await navigation.getByRole('link', { name: 'Machine', exact: true }).waitFor()
    expect(await navigation.getByRole('link', { name: 'Doctor', exact: true }).count()).toBe(0)
    await page().evaluate(() => {
      location.hash = '/doctor'
    })
    await page().getByText('There is no way to look at').waitFor()
    await expectAccessible(page())
    await must('pipelines', 'create', 'cloud')
    await must(
      'pipelines',
      'set',
      'cloud',
      'kind=existing',
      'endpoints.bootstrap=127.0.0.1:9',
      'endpoints.gateway=http://127.0.0.1:8082',
      'endpoints.through=machine',
      'endpoints.gatewayThrough=machine',
    )
    await must('pipelines', 'select', 'cloud')
    await must('host', 'set', '--host', host.ip, '--key-file', host.key)
    await page().reload()
    await navigation.getByRole('link', { name: 'Doctor', exact: true }).click()
    await page().getByText('Where does it stop?').waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'doctor-before')
  })

  it('names an unknown host key and leads to the page that accepts it', async () => {
    await page().getByRole('button', { name: 'Check', exact: true }).click()
    await page().getByText('Begin with the first: Host key.').waitFor({ timeout: 60_000 })
    await link('Kafka unit').getByText('not looked at: needs Sign-in').waitFor()
    await link('Host key').getByRole('link', { name: 'Open Machine' }).click()
    await page().getByRole('heading', { level: 1, name: 'Machine' }).waitFor()
    await must('host', 'test', '--accept', host.hostKeys.ed25519)
    await page().getByRole('link', { name: 'Check the whole way' }).click()
  })

  it('shows each fault with its name, its last words and what mends it', async () => {
    await page().getByRole('button', { name: 'Check', exact: true }).click()
    await page().getByText('Begin with the first: Proxy unit.').waitFor()
    const proxy = link('Proxy unit')
    await proxy.getByText('it ran out of memory', { exact: false }).waitFor()
    await proxy.getByText('F-26').waitFor()
    await proxy.getByText('Its last words on the machine').click()
    await proxy.getByText('java.lang.OutOfMemoryError: Java heap space').first().waitFor()
    await proxy.getByRole('button', { name: 'Set up the proxy' }).waitFor()
    await link('Broker port').getByText('nothing listens there', { exact: false }).waitFor()
    await link('TLS').getByText('not looked at: needs Broker port').waitFor()
    for (const width of [900, 1280, 1680]) {
      await page().setViewportSize({ width, height: 1_400 })
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
      await screenshot(page(), `doctor-${width}`)
    }
    await expectAccessible(page())
    await page().getByRole('button', { name: 'Copy this as a command' }).click()
    expect(await page().evaluate(() => navigator.clipboard.readText())).toBe('pipeline doctor cloud')
  })

  it('can be stopped, and begins anew', async () => {
    await host.fault('drop')
    await page().getByRole('button', { name: 'Check', exact: true }).click()
    await page().getByText('Looking at TCP', { exact: false }).waitFor()
    await page().getByRole('button', { name: 'Stop', exact: true }).click()
    await page().getByText('Stopped. What was not looked at is open.').waitFor()
    await host.fault('heal')
    await page().getByRole('button', { name: 'Check', exact: true }).click()
    await page().getByText('Begin with the first: Proxy unit.').waitFor({ timeout: 60_000 })
    expect(test.complaints).toEqual([])
  }, 120_000)

  it('mends what it can: the plan begins, and its page shows how far it is', async () => {
    await link('Proxy unit').getByRole('button', { name: 'Set up the proxy' }).click()
    await page().getByRole('heading', { level: 1, name: 'Set-up' }).waitFor({ timeout: 60_000 })
    await page().getByText('Setting up. This page may be left; it goes on.').waitFor({ timeout: 60_000 })
    await page().getByRole('button', { name: 'Cancel', exact: true }).click()
    await page().getByText('Cancelled.', { exact: true }).waitFor({ timeout: 60_000 })
    expect(test.complaints).toEqual([])
  }, 200_000)
})
