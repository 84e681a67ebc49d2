/** The Set-up page of a pipeline with a machine, against a real host: what is set up is chosen there, and a machine too small for it says so. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../helpers/home.ts'
import { bootHost, hostsMissing, type TestHost } from '../helpers/host.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

const missing = await hostsMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

describe.skipIf(missing !== null)(`Set-up of a machine${missing === null ? '' : ` (${missing})`}`, () => {
  let test: TestPage
  let host: TestHost
  const page = () => test.page
  const cli = async (...words: string[]) => {
    const { code, out, err } = await runProgram('cli.js', words, test.home.env)
    expect(code, err).toBe(0)
    return out
  }
  const steps = () => page().getByRole('list', { name: 'Steps' })
  const form = () => page().getByRole('region', { name: 'What to set up' })
  const shown = async (name: string) => {
    for (const width of [900, 1280, 1680]) {
      await page().setViewportSize({ width, height: 1100 })
      await screenshot(page(), `${name}-${width}`)
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
    await page().setViewportSize({ width: 1280, height: 1100 })
  }
  const proxyNow = async () => {
    const { items } = JSON.parse(await cli('pipelines', 'list', '--json'))
    return items.find((item: { id: string }) => item.id === 'cloud').settings.kafkaHost
  }

  beforeAll(async () => {
    host = await bootHost('setuppage', { memory: '1G' })
    test = await openPage()
    await cli('pipelines', 'create', 'cloud')
    await cli('pipelines', 'set', 'cloud', 'kind=existing')
    await cli('pipelines', 'select', 'cloud')
    await cli('host', 'set', '--host', host.ip, '--key-file', host.key)
    await cli('host', 'test', '--accept', host.hostKeys.ed25519)
    await page().goto(`${test.address.split('#')[0]}#/setup`)
    await page().reload()
  })
  afterAll(async () => {
    await test?.close()
    await host?.down()
  })

  it('shows what would be set up, before and after the choice of a proxy', async () => {
    await steps().getByText('No Java is there').waitFor({ timeout: 60_000 })
    await page().getByText('Not needed for what is chosen: Sign-in to MSK', { exact: false }).waitFor()
    await form().getByLabel('REST proxy').selectOption('Confluent REST Proxy')
    await form().getByText('A second Java', { exact: false }).waitFor()
    await form().getByLabel('Version of Confluent').fill('9.0')
    await form().getByText('A version of Confluent 7 or 8 has three numbers, such as 8.3.1.').waitFor()
    await expectAccessible(page())
    await form().getByLabel('Version of Confluent').fill('8.3.1')
    await form().getByRole('button', { name: 'Save' }).click()
    await form().getByText('Saved.').waitFor()
    expect(await proxyNow()).toMatchObject({ proxy: 'confluent', confluentVersion: '8.3.1' })
  })

  it('says that this machine is too small for it, and what to do', async () => {
    await steps()
      .getByText('is too little for Kafka and Confluent’s REST proxy, a second Java.', { exact: false })
      .waitFor({ timeout: 60_000 })
    await steps().getByText('Use this app’s own gateway, which fits', { exact: false }).waitFor()
    await expectAccessible(page())
    await shown('host-setup')
  })

  it('is chosen in Settings as well', async () => {
    const main = page().getByRole('navigation', { name: 'Main' })
    await main.getByRole('link', { name: 'Settings', exact: true }).click()
    const group = page().getByRole('group', { name: 'On the machine' })
    await group.getByLabel('REST proxy').selectOption('This app’s gateway')
    await group.getByLabel('Version of Confluent').waitFor({ state: 'detached' })
    await page().getByRole('button', { name: 'Save pipeline' }).click()
    await expect.poll(async () => (await proxyNow()).proxy).toBe('gateway')
    await expectAccessible(page())
    await group.scrollIntoViewIfNeeded()
    await shown('host-settings')
  })

  it('MSK instead of a broker there: what signs it in is asked for, and a machine that has no identity says so', async () => {
    const main = page().getByRole('navigation', { name: 'Main' })
    await main.getByRole('link', { name: 'Set-up', exact: true }).click()
    await form().getByLabel('Kafka', { exact: true }).selectOption('Amazon MSK, by IAM')
    await form().getByLabel('Role that the machine takes on').fill('ec2-access-role')
    await form().getByText('A role’s ARN looks like', { exact: false }).waitFor()
    await form().getByLabel('Role that the machine takes on').fill('')
    await form().getByLabel('The record that proves it goes to').selectOption('the topic of posts')
    await form().getByRole('button', { name: 'Save' }).click()
    await steps()
      .getByText('The machine has no identity of AWS', { exact: false })
      .waitFor({ timeout: 60_000 })
    expect(await proxyNow()).toMatchObject({ broker: 'msk', role: '', healthTopic: 'pin' })
    await page().getByText('the topics of MSK stay', { exact: false }).waitFor()
    await expectAccessible(page())
    await shown('host-setup-msk')
  })

  it('met no violation of the security policy and no error of the page', () => {
    expect(test.complaints).toEqual([])
  })
})
