/** A private key, its passphrase and a password go in through the door and are in nothing that comes out. */
import { execFile } from 'node:child_process'
import { readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ContractRouterClient } from '@orpc/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { clientOver } from '../../electron/host/attach.ts'
import type { HostTest } from '../../shared/contract/hosts.ts'
import type { Contract } from '../../shared/contract.ts'
import { allFiles, startProgram, type TestHome, testHome } from '../helpers/home.ts'
import { bootHost, hostsMissing, type TestHost } from '../helpers/host.ts'

const exec = promisify(execFile)
const missing = await hostsMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const passphrase = 'canary-9b1e passphrase'
const password = 'canary-9b1e-password'
const pipeline = 'this-computer'

describe.skipIf(missing !== null)(`SSH secrets${missing === null ? '' : ` (${missing})`}`, () => {
  let host: TestHost
  let home: TestHome
  let web: ReturnType<typeof startProgram>
  let client: ContractRouterClient<Contract>
  let websocket: WebSocket
  let key = ''
  const received: string[] = []

  beforeAll(async () => {
    host = await bootHost('sshcanary')
    home = await testHome()
    const file = join(tmpdir(), `canary-${process.pid}`)
    await exec('ssh-keygen', ['-q', '-t', 'rsa', '-m', 'PEM', '-N', passphrase, '-f', file])
    key = await readFile(file, 'utf8')
    await host.run(`echo '${(await readFile(`${file}.pub`, 'utf8')).trim()}' >> ~/.ssh/authorized_keys`)
    await rm(file)
    await rm(`${file}.pub`)
    web = startProgram('web.js', [], home.env)
    const match = await web.line(/(http:\/\/127\.0\.0\.1:\d+)\/#token=(\S+)/)
    const origin = match[1] ?? ''
    const body = JSON.stringify({ token: match[2] })
    const answer = await fetch(`${origin}/session`, { method: 'POST', headers: { origin }, body })
    const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
    websocket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { origin, cookie } })
    websocket.on('message', (data) => received.push(data.toString()))
    await new Promise((resolve) => websocket.once('open', resolve))
    client = clientOver(websocket)
  })
  afterAll(async () => {
    websocket?.terminate()
    web?.child.kill('SIGTERM')
    await web?.finished
    await home?.remove()
    await host?.down()
  })

  it('are in no frame, log, error, file or process list, here and there', async () => {
    const hostKey = { algorithm: 'ssh-ed25519', sha256: host.hostKeys.ed25519 }
    const base = { host: host.ip, port: 22, user: host.user, jump: null, hostKey }
    const settings = { ...base, key: { kind: 'stored' as const } }
    const secrets = { host: { key, passphrase, password } }
    const test = async (input: object) => {
      let last: HostTest | undefined
      for await (const now of await client.hosts.test({ pipeline, ...input } as never)) last = now
      return last
    }
    // Good, then each way to fail.
    await client.secrets.createVault({ passphrase: 'a vault for the test of it' })
    expect((await test({ settings, secrets }))?.facts?.user).toBe(host.user)
    await client.hosts.set({ pipeline, settings, secrets, remember: true })
    const bad = async (change: object) => (await test(change))?.links.find(({ state }) => state === 'bad')
    expect(
      (await bad({ settings, secrets: { host: { key, passphrase: `${passphrase}!` } } }))?.problem?.code,
    ).toBe('SSH_KEY_PASSPHRASE_WRONG')
    expect((await bad({ settings: { ...base, key: { kind: 'password' } }, secrets }))?.problem?.code).toBe(
      'SSH_AUTH',
    )
    const cut = key.split('\n').slice(0, -3).join('\n')
    await expect(
      client.hosts.set({ pipeline, settings, secrets: { host: { key: cut } } }),
    ).rejects.toMatchObject({ data: { code: 'SSH_KEY_NO_END' } })
    await client.hosts
      .test({ pipeline, secrets, settings: { ...settings, port: -1 } } as never)
      .catch(() => {})

    const session = await client.hosts.session.open({ pipeline, command: 'ps -efww; env' })
    const shown: string[] = []
    for await (const { chunks } of await client.hosts.session.output(session))
      for (const { data } of chunks) shown.push(Buffer.from(data, 'base64').toString())
    const { stdout: here } = await exec('ps', ['-efww'], { maxBuffer: 16 * 1_048_576 })
    expect((await client.hosts.get({ pipeline })).held.host).toEqual({
      key: true,
      passphrase: true,
      password: true,
    })
    await client.secrets.status()
    await client.app.activity.list({ limit: 500 })
    await client.pipelines.export({ pipeline })
    const support = JSON.stringify(await client.app.support())

    const planted = [passphrase, password, key.split('\n')[6] ?? '', key.split('\n')[12] ?? '']
    expect(planted.every((text) => text.length > 15)).toBe(true)
    const files = await allFiles(home.home)
    const logs = (await host.run('sudo journalctl --no-pager -u ssh')).toString()
    for (const text of planted) {
      expect(received.filter((frame) => frame.includes(text))).toEqual([])
      expect(files.filter((file) => file.text.includes(text)).map(({ path }) => path)).toEqual([])
      for (const place of [shown.join(''), here, support, logs]) expect(place.includes(text)).toBe(false)
    }

    // With the machine its secrets go.
    await client.hosts.set({ pipeline, settings: null })
    expect((await client.secrets.status()).items).toEqual([])
  })
})
