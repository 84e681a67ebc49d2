import { generateKeyPairSync } from 'node:crypto'
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { secret } from '../../lib/secret.ts'
import { readKeyFile } from './keyFile.ts'
import { checkKey } from './keyText.ts'
import { lineSplitter } from './lines.ts'

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 })
const pem = pair.privateKey.export({ type: 'pkcs1', format: 'pem' }).toString()
const pkcs8 = pair.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
const locked = pair.privateKey
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'canary' })
  .toString()
const middle = pem.split('\n').slice(1, -2)

const problem = (text: string, passphrase: string | null = null) => {
  try {
    checkKey(secret(text), passphrase === null ? null : secret(passphrase), 'k.pem')
    return null
  } catch (thrown) {
    // Nothing of the key may stand in what a person, a log or a page sees.
    expect(JSON.stringify(thrown) + String(thrown)).not.toContain(middle[3])
    return (thrown as { code: string }).code
  }
}

describe('a key', () => {
  it.each([
    ['nothing', ' \n', 'SSH_KEY_EMPTY'],
    ['its lines between only', middle.join('\n'), 'SSH_KEY_NO_BEGIN'],
    ['no last line', pem.split('\n').slice(0, -2).join('\n'), 'SSH_KEY_NO_END'],
    ['all in one line', pem.replaceAll('\n', ' '), 'SSH_KEY_ONE_LINE'],
    ['a line missing', pem.replace(`${middle[5]}\n`, ''), 'SSH_KEY_DAMAGED'],
    ['the public half', 'ssh-rsa AAAAB3NzaC1yc2E= me', 'SSH_KEY_PUBLIC'],
    [
      'the public half, PEM',
      pair.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      'SSH_KEY_PUBLIC',
    ],
    ['of PuTTY', 'PuTTY-User-Key-File-3: ssh-ed25519\n', 'SSH_KEY_PUTTY'],
    ['a certificate', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'SSH_KEY_NOT_PRIVATE'],
    ['a passphrase and none given', locked, 'SSH_KEY_PASSPHRASE_NEEDED'],
  ])('with %s', (_name, text, code) => {
    expect(problem(text)).toBe(code)
  })

  it('in every form is made usable, and says which it is', () => {
    expect(checkKey(secret(pem), null, 'k').algorithm).toBe('ssh-rsa')
    expect(checkKey(secret(pkcs8), null, 'k').algorithm).toBe('ssh-rsa')
    expect(checkKey(secret(locked), secret('canary'), 'k').algorithm).toBe('ssh-rsa')
    expect(problem(locked, 'other')).toBe('SSH_KEY_PASSPHRASE_WRONG')
  })

  it('with line ends of Windows works, with a warning', () => {
    const { warnings } = checkKey(secret(`\uFEFF${pem.replaceAll('\n', '\r\n')}`), null, 'k.pem')
    expect(warnings.map(({ code }) => code)).toEqual(['SSH_KEY_CRLF'])
  })
})

describe('a key file', () => {
  let folder = ''
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'key-'))
  })
  afterAll(() => rm(folder, { recursive: true }))
  const file = async (name: string, mode: number) => {
    await writeFile(join(folder, name), pem)
    await chmod(join(folder, name), mode)
    return join(folder, name)
  }

  it('that others may read is refused, with the command that mends it', async () => {
    const path = await file("it's.pem", 0o644)
    await expect(readKeyFile(path)).rejects.toMatchObject({
      code: 'SSH_KEY_MODE',
      message: expect.stringContaining('0644'),
      hint: expect.stringContaining(`chmod 600 '${path.replace("'", "'\\''")}'`),
    })
    await chmod(path, 0o400)
    expect((await readKeyFile(path)).warnings).toEqual([])
  })
  it('that is not there, or a folder', async () => {
    await expect(readKeyFile(join(folder, 'none'))).rejects.toMatchObject({ code: 'SSH_KEY_FILE_MISSING' })
    await mkdir(join(folder, 'sub'), { mode: 0o700 })
    await expect(readKeyFile(join(folder, 'sub'))).rejects.toMatchObject({ code: 'SSH_KEY_FILE_UNREADABLE' })
  })
  it('in a git work tree is warned of', async () => {
    await mkdir(join(folder, 'repo', '.git'), { recursive: true })
    await mkdir(join(folder, 'repo', 'keys'))
    const { warnings } = await readKeyFile(await file('repo/keys/k.pem', 0o600))
    expect(warnings.map(({ code }) => code)).toEqual(['SSH_KEY_IN_GIT'])
  })
})

describe('lines of a host', () => {
  it('are cut where it cuts them, without what would move a terminal', () => {
    const lines: string[] = []
    const splitter = lineSplitter((line) => lines.push(line))
    for (const part of [
      '10%\r50',
      '%\r100%\r\n\u001b[1mbo',
      'ld\u001b[0m\u0007\n',
      '\u001b]0;x\u0007é'.repeat(1),
    ])
      splitter.push(Buffer.from(part))
    splitter.push(Buffer.from('é').subarray(0, 1))
    splitter.push(Buffer.from('é').subarray(1))
    splitter.end()
    expect(lines).toEqual(['10%', '50%', '100%', 'bold', 'éé'])
  })
})
