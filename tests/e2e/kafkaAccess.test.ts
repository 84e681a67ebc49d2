/** A pipeline whose Kafka wants TLS and a password: found, saved, looked at by the doctor and used, in one real browser. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { brokerMissing } from '../helpers/broker.ts'
import { type TestHome, testHome } from '../helpers/home.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'
import { type SecureBroker, startSecureBroker } from '../helpers/secureBroker.ts'

const missing = await brokerMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const password = 'canary-page-sasl-password'

describe.skipIf(missing !== null)(
  `Kafka’s sign-in on the page${missing === null ? '' : ` (${missing})`}`,
  () => {
    let made: TestHome
    let secure: SecureBroker
    let test: TestPage
    beforeAll(async () => {
      made = await testHome()
      secure = await startSecureBroker({
        home: made.home,
        user: 'ann',
        password,
        keys: [],
        sessionMs: 60_000,
      })
      test = await openPage({ height: 1_400 })
    }, 180_000)
    afterAll(async () => {
      await test?.close()
      await secure?.stop()
      await made?.remove()
    })
    const page = () => test.page
    const go = async (name: string) => {
      await page().getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click()
      await page().getByRole('heading', { level: 1, name }).waitFor()
    }
    const link = (name: string) =>
      page()
        .getByRole('list', { name: 'The way to Kafka' })
        .getByRole('listitem')
        .filter({ has: page().getByText(name, { exact: true }) })

    it('asks for what each way to speak needs, and looks with it', async () => {
      await page().getByRole('heading', { level: 1, name: 'Welcome' }).waitFor()
      await page().getByText('Look around first').first().click()
      await page().getByRole('button', { name: 'Pipeline: This computer' }).click()
      await page().getByRole('menuitem', { name: 'Use what I already have…' }).click()
      const dialog = page().getByRole('dialog', { name: 'Use what I already have' })
      await dialog.getByLabel('Name').first().fill('Secured')
      await dialog.getByLabel('Bootstrap servers').fill(secure.bootstrap.sasl)
      const spoken = dialog.getByLabel('Kafka is spoken to')
      await dialog.getByRole('button', { name: 'Look' }).click()
      await dialog.getByText('This port of the broker wants TLS', { exact: false }).first().waitFor()
      await spoken.selectOption('AWS identity (IAM of MSK)')
      await dialog.getByLabel('Role that signs').waitFor()
      await spoken.selectOption('User and password (SCRAM-SHA-512)')
      expect(await dialog.getByLabel('Role that signs').count()).toBe(0)
      await dialog.getByLabel('User of Kafka').fill('ann')
      await dialog.getByRole('button', { name: 'Look' }).click()
      await dialog.getByText('A password has at least 4 characters.').waitFor()
      await dialog.getByLabel('Password of that user').fill(password)
      await dialog.getByRole('button', { name: 'Look' }).click()
      await dialog.getByText('signed by nobody this computer trusts', { exact: false }).first().waitFor()
      await dialog.getByLabel('CA file of Kafka').fill(secure.ca)
      await expectAccessible(page())
      await dialog.getByRole('button', { name: 'Look' }).click()
      await dialog.getByRole('button', { name: 'Save' }).waitFor()
      for (const width of [900, 1_280, 1_680]) {
        await page().setViewportSize({ width, height: 1_400 })
        await screenshot(page(), `kafka-access-dialog-${width}`)
      }
      await dialog.getByRole('button', { name: 'Save' }).click()
      await page().getByRole('button', { name: 'Pipeline: Secured' }).waitFor()
    })

    it('the doctor names TLS and the sign-in as links of their own', async () => {
      await go('Doctor')
      await page().getByRole('button', { name: 'Check', exact: true }).click()
      await link('SASL').getByText('let us in by SCRAM-SHA-512 as ann', { exact: false }).waitFor()
      await link('TLS').getByText('the certificate of good is trusted', { exact: false }).waitFor()
      await link('Metadata').getByText('1 broker', { exact: false }).waitFor()
      await expectAccessible(page())
      await screenshot(page(), 'kafka-access-doctor')
    })

    it('in Settings the password is forgotten and given again; what is missing leads there', async () => {
      await go('Settings')
      await page().getByText('There is a password.').waitFor()
      await expectAccessible(page())
      for (const width of [900, 1_280, 1_680]) {
        await page().setViewportSize({ width, height: 1_400 })
        await page().getByLabel('Password of the user of Kafka').scrollIntoViewIfNeeded()
        await screenshot(page(), `kafka-access-settings-${width}`)
      }
      await page().getByRole('button', { name: 'Forget', exact: true }).click()
      await page().getByText('There is no password', { exact: false }).waitFor()
      await go('Doctor')
      await page().getByRole('button', { name: 'Check', exact: true }).click()
      await link('SASL').getByText('Kafka wants a password', { exact: false }).waitFor()
      await link('SASL').getByRole('link', { name: 'Open Settings' }).click()
      await page().getByLabel('Password of the user of Kafka').fill(password)
      await page().getByRole('button', { name: 'Use this password' }).click()
      await page().getByText('There is a password.').waitFor()
      await go('Topics')
      await page()
        .getByText('No topics', { exact: false })
        .or(page().getByText('no topic', { exact: false }))
        .first()
        .waitFor()
      expect(test.complaints).toEqual([])
    })
  },
)
