/** The Machine page against a real host: entered, tested, its key accepted, saved, and a terminal on it. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProgram } from '../helpers/home.ts'
import { bootHost, hostsMissing, type TestHost } from '../helpers/host.ts'
import { expectAccessible, openPage, screenshot, type TestPage } from '../helpers/page.ts'

const missing = await hostsMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

describe.skipIf(missing !== null)(`Machine${missing === null ? '' : ` (${missing})`}`, () => {
  let test: TestPage
  let host: TestHost
  const page = () => test.page
  const frame = () => page().frameLocator('iframe[title="Terminal of the machine"]')
  beforeAll(async () => {
    host = await bootHost('sshpage')
    test = await openPage()
    await page()
      .getByRole('button', { name: 'Look around first' })
      .or(page().getByRole('link', { name: 'Look around first' }))
      .first()
      .click()
    await page().getByRole('link', { name: 'Machine', exact: true }).click()
  })
  afterAll(async () => {
    await test?.close()
    await host?.down()
  })

  it('begins with one button, and names what is wrong in the form', async () => {
    await page().getByText('No machine yet').waitFor()
    await expectAccessible(page())
    await page().getByRole('button', { name: 'Enter a machine' }).click()
    await page().getByRole('button', { name: 'Test', exact: true }).click()
    await page().getByText('Enter the name or the address of the machine.').waitFor()
    // With the next frame.
    await expect
      .poll(() => page().evaluate(() => document.activeElement?.getAttribute('aria-invalid')))
      .toBe('true')
    await expectAccessible(page())
  })

  it('tests before it saves: a key that is wrong, an unknown host, then the machine itself', async () => {
    const open = join(test.home.home, 'open.pem')
    await writeFile(open, 'x', { mode: 0o644 })
    await page().getByLabel('Address').fill(host.ip)
    await page().getByLabel('File of the private key').fill(open)
    await page().getByRole('button', { name: 'Test', exact: true }).click()
    await page().getByText('Others may read the key (mode 0644)').waitFor()
    await page().getByLabel('File of the private key').fill(host.key)
    await page().getByRole('button', { name: 'Test', exact: true }).click()
    await page().getByText(`its key (ssh-ed25519) is ${host.hostKeys.ed25519}`).waitFor({ timeout: 30_000 })
    await expectAccessible(page())
    await screenshot(page(), 'machine-unknown')
    await page().getByRole('button', { name: 'Accept this key' }).click()
    await page().getByText('without a password').waitFor({ timeout: 30_000 })
    await expectAccessible(page())
    await page().getByRole('button', { name: 'Save', exact: true }).click()
    await page().getByText('Saved.').waitFor()
    await screenshot(page(), 'machine')
  })

  it('opens a terminal that shows, types, resizes and ends', async () => {
    await page().getByRole('button', { name: 'Open a terminal' }).click()
    await page().getByText('Connected.').waitFor({ timeout: 30_000 })
    const rows = frame().locator('.xterm-rows')
    await page().keyboard.type('echo $((40+2)); whoami\n')
    await expect.poll(() => rows.innerText(), { timeout: 30_000 }).toMatch(/42\s+ec2-user/)
    await page().keyboard.type('stty size\n')
    await expect.poll(() => rows.innerText(), { timeout: 30_000 }).toMatch(/stty size\s+\d+ \d+/)
    await expectAccessible(page())
    await screenshot(page(), 'terminal')
    // The keyboard gets out again.
    await page().keyboard.press('F6')
    await expect
      .poll(() => page().evaluate(() => document.activeElement?.textContent))
      .toBe('End the terminal')
    // More than is let through at once: the host waits for the screen.
    await frame().locator('.xterm-helper-textarea').focus()
    await page().keyboard.type('seq 100000; clear; echo do""ne\n')
    await expect.poll(() => rows.innerText(), { timeout: 120_000 }).toContain('done')
    await page().keyboard.type('exit 3\n')
    await page().getByText('It ended with 3.').waitFor({ timeout: 30_000 })
    expect((await host.run('who | wc -l')).trim()).toBe('0')
  }, 300_000)

  it('a changed key is refused loudly, and only then forgotten by hand', async () => {
    // Also what was connected before is cut, this command's own connection with it.
    const change = 'sudo rm /etc/ssh/ssh_host_ed25519_key*; sudo ssh-keygen -q -A; sudo systemctl restart ssh'
    await host.run(`${change}; sudo pkill -x sshd -u ec2-user`).catch(() => '')
    await page().getByRole('button', { name: 'Test', exact: true }).click()
    await page().getByText('SSH_HOST_KEY_CHANGED').waitFor({ timeout: 30_000 })
    await screenshot(page(), 'machine-changed')
    await page().getByRole('button', { name: 'Forget the old key' }).click()
    await page().getByRole('button', { name: 'Accept this key' }).click({ timeout: 30_000 })
    await page().getByText('without a password').waitFor({ timeout: 30_000 })
    // Saved is still the old one: nothing else uses the new key until it is saved.
    const { code, err } = await runProgram('cli.js', ['ssh', 'this-computer', 'true'], test.home.env)
    expect([code, err]).toEqual([1, expect.stringContaining('SSH_HOST_KEY_CHANGED')])
    await page().getByRole('button', { name: 'Save', exact: true }).click()
    await page().getByText('Saved.').waitFor()
    const again = await runProgram('cli.js', ['ssh', 'this-computer', 'echo err >&2; exit 5'], test.home.env)
    expect(again).toMatchObject({ code: 5, err: 'err\n' })
    expect(test.complaints).toEqual([])
  })
})
