/** A newcomer's way through the whole app, in one real browser on one real stack. */
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../helpers/home.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

let test: TestPage
beforeAll(async () => {
  test = await openPage()
})
afterAll(() => test.close())

const page = () => test.page
const go = async (name: string) => {
  await page().getByRole('navigation', { name: 'Main' }).getByRole('link', { name, exact: true }).click()
  await page().getByRole('heading', { level: 1, name }).waitFor()
}
const row = (grid: string, text: string | RegExp) =>
  page().getByRole('grid', { name: grid }).getByRole('row').filter({ hasText: text }).first()

/** Another door makes this the pipeline in use; the page is loaded again. */
async function inUse(pipeline: string, ...before: string[][]): Promise<void> {
  for (const words of [...before, ['select', pipeline]]) {
    const { code, err } = await runProgram('cli.js', ['pipelines', ...words], test.home.env)
    expect(code, err).toBe(0)
  }
  await page().reload()
}

/** Reads a topic whole as a member of a group, through the gateway, commits, and leaves. */
async function consumeByRest(group: string, topic: string): Promise<void> {
  const { out } = await runProgram('cli.js', ['local', 'status', '--json'], test.home.env)
  const gateway: string = JSON.parse(out).gateway.url
  const ask = async (method: string, url: string, body?: unknown) => {
    const type = 'application/vnd.kafka.v2+json'
    const answer = await fetch(url, {
      method,
      headers: {
        'content-type': type,
        accept: method === 'GET' ? 'application/vnd.kafka.json.v2+json' : type,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    expect(answer.ok, text).toBe(true)
    return text === '' ? null : JSON.parse(text)
  }
  const made = await ask('POST', `${gateway}/consumers/${group}`, {
    format: 'json',
    'auto.offset.reset': 'earliest',
    'auto.commit.enable': 'false',
  })
  const instance: string = made.base_uri
  await ask('POST', `${instance}/subscription`, { topics: [topic] })
  let read = 0
  await expect
    .poll(async () => (read += (await ask('GET', `${instance}/records?timeout=1000`)).length), {
      timeout: 30_000,
    })
    .toBe(340)
  await ask('POST', `${instance}/offsets`)
  await ask('DELETE', instance)
}

describe('a newcomer', () => {
  it('is welcomed, and may look around before anything runs', async () => {
    await page().getByRole('heading', { level: 1, name: 'Welcome' }).waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'welcome')
    await page()
      .getByRole('button', { name: 'Look around first' })
      .or(page().getByRole('link', { name: 'Look around first' }))
      .first()
      .click()
    for (const name of ['Topics', 'Streams']) {
      await go(name)
      await page().getByText('is not running').waitFor()
      await expectAccessible(page())
    }
    await go('Set-up')
    await page().getByRole('list', { name: 'Steps' }).getByText('Not there').first().waitFor()
    await expectAccessible(page())
    await go('Overview')
    await page().getByText('Nothing runs yet', { exact: false }).waitFor()
    await expectAccessible(page())
  })

  it('presses Start, and everything comes up', async () => {
    await page().getByRole('button', { name: 'Start', exact: true }).click()
    await page()
      .getByText('Everything is up and waits for posts', { exact: false })
      .waitFor({ timeout: 120_000 })
    await expectAccessible(page())
    await go('Set-up')
    await page().getByText('Everything is in place.').waitFor()
    expect(await page().getByRole('list', { name: 'Steps' }).getByText('Ready').count()).toBe(7)
    await expectAccessible(page())
    await screenshot(page(), 'setup')
  })

  it('emulates posts and reads every one of them back', async () => {
    await go('Overview')
    await page()
      .getByRole('button', { name: 'Emulate…' })
      .or(page().getByRole('link', { name: 'Emulate…' }))
      .first()
      .click()
    await page().getByRole('heading', { level: 1, name: 'Emulation' }).waitFor()
    await expectAccessible(page())
    await page().getByRole('radio', { name: 'As fast as possible' }).check()
    await page().getByLabel('Stop after posts').fill('300')
    await page().getByRole('button', { name: 'Run', exact: true }).click()
    await page().getByText('300 posts', { exact: false }).first().waitFor({ timeout: 60_000 })
    await page().getByRole('button', { name: 'Verify' }).click()
    await page()
      .getByText('Every acknowledged record was read back', { exact: false })
      .waitFor({ timeout: 60_000 })
    await expectAccessible(page())
    await screenshot(page(), 'emulation')
  })

  it('finds the records in three topics, and looks at one in every form', async () => {
    await go('Topics')
    for (const kind of ['pin', 'geo', 'user'])
      await row('Topics', `learner.${kind}`).getByText('300').first().waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'topics')
    await row('Topics', 'learner.pin').click()
    await page().getByRole('heading', { level: 1, name: 'learner.pin' }).waitFor()
    await row('Messages', 'unique_id').click()
    const panel = page().getByRole('region', { name: 'Message', exact: true })
    await panel.getByText('unique_id:').waitFor()
    await panel.getByRole('radio', { name: 'Text' }).check({ force: true })
    await panel.getByText('{"index":', { exact: false }).waitFor()
    await panel.getByRole('radio', { name: 'Hex' }).check({ force: true })
    await panel.getByText('7b 22 69 6e 64 65 78', { exact: false }).waitFor()
    await expectAccessible(page())
    await panel.getByRole('radio', { name: 'Tree' }).check({ force: true })
    await screenshot(page(), 'topic')
    await page().getByRole('tab', { name: 'Partitions' }).click()
    await row('Partitions', '300').waitFor()
    await page().getByRole('tab', { name: 'Configuration' }).click()
    await row('Configuration', 'retention.ms').waitFor()
    await expectAccessible(page())
  })

  it('follows the tail while another door emulates', async () => {
    await page().getByRole('tab', { name: 'Messages' }).click()
    await page().getByRole('button', { name: 'Tail' }).click()
    await page().getByText('Waiting for messages').waitFor()
    const { code, err } = await runProgram(
      'cli.js',
      ['emulate', '--posts', '40', '--rate', 'max'],
      test.home.env,
    )
    expect(code, err).toBe(0)
    await page().getByRole('status').getByText('40 seen').waitFor()
    await page().getByRole('button', { name: 'Pause' }).click()
    await page().getByText('Paused', { exact: true }).waitFor()
    await expectAccessible(page())
    await page().getByRole('button', { name: 'Tail' }).click()
  })

  it('searches by text and by expression, brushes a time, and keeps a filter', async () => {
    const bar = page().getByRole('search', { name: 'Search the messages' })
    await bar.getByLabel('Find').fill('"index":7528')
    await page().keyboard.press('Enter')
    await page().getByText('Everything was looked at').waitFor()
    await row('Messages', '7528').waitFor()
    await expectAccessible(page())
    await bar.getByRole('radio', { name: 'Expression' }).check({ force: true })
    await bar.getByLabel('Find').fill('value.')
    await bar.getByRole('button', { name: 'Search' }).click()
    await bar.getByText('unexpected token', { exact: false }).waitFor()
    await expectAccessible(page())
    await bar.getByLabel('Find').fill('value.index % 2 == 0 && value.category.length > 4')
    await bar.getByRole('button', { name: 'Search' }).click()
    await page().getByText('Everything was looked at').waitFor()
    const found = page().getByRole('status').filter({ hasText: 'looked at' })
    await found.getByText('340 looked at', { exact: false }).waitFor()
    await bar.getByRole('button', { name: 'Saved filters' }).click()
    await bar.getByLabel('Save this one as').fill('even')
    await bar.getByRole('button', { name: 'Save', exact: true }).click()
    await bar.getByRole('button', { name: 'even', exact: true }).waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'search')
    const chart = page().getByRole('img', { name: 'Messages by time', exact: false })
    const before = await chart.getAttribute('aria-label')
    const box = await chart.boundingBox()
    if (box === null) throw new Error('no chart')
    await page().mouse.move(box.x + 1, box.y + 20)
    await page().mouse.down()
    await page().mouse.move(box.x + box.width / 4, box.y + 20, { steps: 5 })
    await page().mouse.up()
    await expect.poll(() => chart.getAttribute('aria-label')).not.toBe(before)
    await page().getByText('Everything was looked at').waitFor()
    await page().getByRole('button', { name: 'Export' }).click()
    await page().getByRole('menuitem', { name: 'As NDJSON' }).click()
    await page().getByRole('list', { name: 'Exports' }).getByText('Exported', { exact: true }).waitFor()
    const file = (await page().getByRole('list', { name: 'Exports' }).locator('code').textContent()) ?? ''
    const lines = (await readFile(file, 'utf8')).trimEnd().split('\n')
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(JSON.parse(line).value.index % 2).toBe(0)
    await expectAccessible(page())
    await bar.getByRole('button', { name: 'Clear' }).click()
    await page().getByRole('button', { name: 'Read again' }).waitFor()
  })

  it('sums a topic up', async () => {
    await page().getByRole('tab', { name: 'Analysis' }).click()
    await page().getByText('What is in this topic?').waitFor()
    await expectAccessible(page())
    await page().getByRole('button', { name: 'Analyse' }).click()
    await page().getByRole('status').getByText('340 messages', { exact: false }).waitFor()
    await row('Fields', 'category').waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'analysis')
    await page().getByRole('tab', { name: 'Messages' }).click()
  })

  it('produces one message, checked against its type', async () => {
    await page().getByRole('button', { name: 'Produce', exact: true }).click()
    await page().getByRole('menuitem', { name: 'One message…' }).click()
    const dialog = page().getByRole('dialog', { name: 'Produce to learner.pin' })
    await dialog.getByLabel('Key', { exact: true }).fill('by hand')
    await dialog.getByLabel('Value', { exact: true }).fill('{"index":"not a number"}')
    await dialog.getByRole('button', { name: 'Produce', exact: true }).click()
    await dialog.getByText('The value of message 1 is no pin', { exact: false }).waitFor()
    await expectAccessible(page())
    await dialog.getByLabel('Send it all the same').check()
    await dialog.getByRole('button', { name: 'Produce', exact: true }).click()
    await dialog.getByText('Written to partition 0, offset 340.').waitFor()
    await dialog.getByRole('button', { name: 'Close', exact: true }).last().click()
    await row('Messages', 'by hand').click()
    const panel = page().getByRole('region', { name: 'Message', exact: true })
    await panel.getByRole('button', { name: 'Copy as kcat' }).click()
    expect(await page().evaluate(() => navigator.clipboard.readText())).toContain(
      "-t 'learner.pin' -p 0 -o 340 -c 1",
    )
    await expectAccessible(page())
  })

  it('finds the records in three streams', async () => {
    await go('Streams')
    for (const kind of ['pin', 'geo', 'user'])
      await row('Streams', `streaming-learner-${kind}`).getByText('340').first().waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'streams')
    await row('Streams', 'streaming-learner-geo').click()
    await row('Records', 'latitude').click()
    await page().getByRole('region', { name: 'Record', exact: true }).getByText('country:').waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'stream')
    await page().getByRole('tab', { name: 'Shards' }).click()
    await row('Shards', '100.0 %').waitFor()
    await expectAccessible(page())
  })

  it('sees who reads from Kafka, and sets a group back', async () => {
    await consumeByRest('readers', 'learner.user')
    await go('Groups')
    await row('Consumer groups', 'lake').waitFor()
    await row('Consumer groups', 'readers').getByText('Empty').waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'groups')
    await row('Consumer groups', 'readers').click()
    await page().getByRole('heading', { level: 1, name: 'readers' }).waitFor()
    await row('Partitions of the group', 'learner.user').getByText('340').first().waitFor()
    await page().getByRole('button', { name: 'Reset offsets' }).click()
    const dialog = page().getByRole('dialog', { name: 'Reset offsets' })
    await dialog.getByLabel('Go on at').selectOption({ label: 'So many records on or back' })
    await dialog.getByLabel('Records').fill('-40')
    await dialog.getByRole('row').filter({ hasText: '300' }).getByText('40', { exact: true }).waitFor()
    await expectAccessible(page())
    await dialog.getByRole('button', { name: 'Reset…' }).click()
    const sure = page().getByRole('dialog', { name: 'Set where readers goes on?' })
    await sure.getByText('learner.user, partition 0: to 300').waitFor()
    await sure.getByRole('textbox').fill('readers')
    await sure.getByRole('button', { name: 'Reset' }).click()
    await page().getByText('Empty, 0 members, 40 behind in 1 topic.').waitFor()
    await page().getByRole('tab', { name: 'Members' }).click()
    await page().getByText('Nobody is in the group', { exact: false }).waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'group')
  })

  it('is shown a failure where it happened, with its fix', async () => {
    await go('Topics')
    await page().getByRole('button', { name: 'Create topic' }).click()
    const dialog = page().getByRole('dialog', { name: 'Create a topic' })
    await dialog.getByLabel('Name').fill('a b')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByText('A topic name has letters, digits, ., - and _ only.').waitFor()
    await dialog.getByLabel('Name').fill('learner.pin')
    await dialog.getByRole('button', { name: 'Create' }).click()
    await dialog.getByRole('alert').getByText('exists already', { exact: false }).waitFor()
    await dialog.getByText('KAFKA_TOPIC_EXISTS').waitFor()
    await expectAccessible(page())
    await page().keyboard.press('Escape')
  })

  it('deletes a topic only after its name was typed', async () => {
    await page().getByRole('button', { name: 'Create topic' }).click()
    const create = page().getByRole('dialog', { name: 'Create a topic' })
    await create.getByLabel('Name').fill('short.lived')
    await create.getByRole('button', { name: 'Create' }).click()
    await row('Topics', 'short.lived').click()
    const remove = page().getByRole('button', { name: 'Delete topic' })
    const dialog = page().getByRole('dialog', { name: 'Delete the topic short.lived?' })
    const isFocused = (element: Element) => element === document.activeElement
    await remove.focus()
    for (const away of [['Escape'], ['Tab', 'Enter']]) {
      await page().keyboard.press('Enter')
      await expect.poll(() => dialog.getByRole('textbox').evaluate(isFocused)).toBe(true)
      for (const key of away) await page().keyboard.press(key)
      await dialog.waitFor({ state: 'detached' })
      await expect.poll(() => remove.evaluate(isFocused)).toBe(true)
    }
    await remove.click()
    await dialog.getByText('short.lived: 0 messages').waitFor()
    expect(await dialog.getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true)
    await expectAccessible(page())
    await dialog.getByRole('textbox').fill('short.lived')
    await dialog.getByRole('button', { name: 'Delete' }).click()
    await page().getByRole('heading', { level: 1, name: 'Topics' }).waitFor()
    await expect.poll(() => row('Topics', 'short.lived').count()).toBe(0)
  })

  it('gets everywhere by keyboard alone', async () => {
    await page().reload()
    await page().getByRole('heading', { level: 1, name: 'Topics' }).waitFor()
    const { keyboard } = page()
    const focused = () => page().evaluate(() => document.activeElement?.textContent?.trim() ?? '')
    await keyboard.press('Tab')
    expect(await focused()).toBe('Skip to content')
    for (let presses = 0; presses < 12 && (await focused()) !== 'Streams'; presses += 1)
      await keyboard.press('Tab')
    expect(await focused()).toBe('Streams')
    await keyboard.press('Enter')
    await page().getByRole('heading', { level: 1, name: 'Streams' }).waitFor()
    await expect.poll(focused).toBe('Streams')
    const first = row('Streams', 'streaming-learner-geo')
    await first.waitFor()
    for (
      let presses = 0;
      presses < 12 && !(await first.evaluate((element) => element === document.activeElement));
      presses += 1
    )
      await keyboard.press('Tab')
    await keyboard.press('ArrowDown')
    await keyboard.press('Enter')
    await page().getByRole('heading', { level: 1, name: 'streaming-learner-pin' }).waitFor()
  })

  it('sees what the app did, and its settings', async () => {
    await go('Activity')
    await page().getByText('The local stack is up').first().waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'activity')
    await go('Settings')
    await page().getByText(test.home.home).first().waitFor()
    await expectAccessible(page())
    await screenshot(page(), 'settings')
    await page().getByRole('button', { name: 'Make a support bundle' }).click()
    const bundle = page().getByRole('dialog', { name: 'Support bundle' })
    await bundle.getByText('Read app.log').click()
    await bundle.getByText('started: version', { exact: false }).first().waitFor()
    await bundle.getByLabel(/^broker\.log/).uncheck()
    await expectAccessible(page())
    const [download] = await Promise.all([
      page().waitForEvent('download'),
      bundle.getByRole('button', { name: /^Save/ }).click(),
    ])
    const text = await readFile(await download.path(), 'utf8')
    expect(text).toContain('===== versions.json =====')
    expect(text).not.toContain('===== broker.log =====')
    expect(text).not.toContain(homedir())
  })

  it('keeps a password in a vault, which opens with its passphrase only', async () => {
    await page().getByRole('button', { name: 'Make a vault…' }).click()
    const dialog = page().getByRole('dialog', { name: 'Make a vault' })
    await dialog.getByLabel('New passphrase').fill('too short')
    await dialog.getByRole('button', { name: 'Make the vault' }).click()
    await dialog.getByText('At least 12 characters.', { exact: true }).waitFor()
    await expectAccessible(page())
    for (const label of ['New passphrase', 'The same again'])
      await dialog.getByLabel(label).fill('correct horse battery')
    await dialog.getByRole('button', { name: 'Make the vault' }).click()
    await page().getByText('The vault keeps them', { exact: false }).waitFor()
    await page().getByRole('button', { name: 'Lock', exact: true }).click()
    await page().getByLabel('Passphrase').fill('not the passphrase')
    await page().getByRole('button', { name: 'Unlock' }).click()
    await page().getByText('This is not the passphrase of the vault.').waitFor()
    await expectAccessible(page())
    await page().getByLabel('Passphrase').fill('correct horse battery')
    await page().getByRole('button', { name: 'Unlock' }).click()
    await page().getByRole('button', { name: 'Change passphrase…' }).waitFor()
    await page().getByRole('button', { name: 'Delete data…' }).waitFor()
    await inUse('elsewhere', ['create', 'elsewhere'], ['set', 'elsewhere', 'kind=existing'])
    await page().getByText('This pipeline runs elsewhere: its topics', { exact: false }).waitFor()
    expect(await page().getByRole('button', { name: 'Delete data…' }).count()).toBe(0)
    await expectAccessible(page())
    await inUse('this-computer')
  })

  it('sees the whole live on the map, at every width, and stops it', async () => {
    await go('Overview')
    await page().getByText('340').first().waitFor()
    const emulating = runProgram(
      'cli.js',
      ['emulate', '--for', '8s', '--rate', '80', '--batch', '10'],
      test.home.env,
    )
    await page()
      .getByText(/^Posts flow at \d+ a second/)
      .waitFor()
    await expect
      .poll(
        () =>
          page()
            .getByText(/^[1-9]\d*\/s$/)
            .count(),
        { timeout: 15_000 },
      )
      .toBeGreaterThan(2)
    await screenshot(page(), 'overview')
    expect((await emulating).code).toBe(0)
    for (const width of [900, 1680]) {
      await page().setViewportSize({ width, height: 860 })
      await expectAccessible(page())
      expect(await page().evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true)
    }
    await page().setViewportSize({ width: 1280, height: 860 })
    await page().getByRole('button', { name: 'Stop', exact: true }).click()
    await page().getByText('Nothing runs yet', { exact: false }).waitFor({ timeout: 60_000 })
  })

  it('met no violation of the security policy and no error of the page', () => {
    expect(test.complaints).toEqual([])
  })
})
