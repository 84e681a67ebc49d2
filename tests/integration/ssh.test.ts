/** The SSH client against real hosts: systemd and OpenSSH's own server, booted for this test. */
import { execFile, spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openSshHost } from '../../electron/clients/ssh/host.ts'
import { readKeyFile } from '../../electron/clients/ssh/keyFile.ts'
import type { SshAuth, SshHop, SshHost, SshTarget } from '../../electron/clients/ssh/types.ts'
import { type Secret, secret } from '../../electron/lib/secret.ts'
import { bootHost, hostGateway, hostsMissing, type TestHost } from '../helpers/host.ts'
import { until } from '../helpers/until.ts'

const exec = promisify(execFile)
const missing = await hostsMissing()
if (missing !== null && process.env.CI === 'true') throw new Error(missing)

const password = 'canary-ssh-password-58c1'
const nobody: SshAuth = { agent: null, key: null, password: null, ask: null }

describe.skipIf(missing !== null)(`SSH${missing === null ? '' : ` (${missing})`}`, () => {
  let host: TestHost
  let jump: TestHost
  let folder: string
  let key: Secret
  const opened: SshHost[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ssh-'))
    ;[host, jump] = await Promise.all([bootHost('sshone'), bootHost('sshjump')])
    key = secret(await readFile(host.key, 'utf8'))
    // A second user who signs in by password only, and a third by both: sshd itself decides.
    await host.run(
      [
        'sudo useradd -m -s /bin/bash typist',
        'sudo useradd -m -s /bin/bash both',
        'sudo cp -r /home/ec2-user/.ssh /home/both/.ssh',
        'sudo chown -R both:both /home/both/.ssh',
        `printf 'typist:%s\\nboth:%s\\n' '${password}' '${password}' | sudo chpasswd`,
        `printf 'Match User typist\\n PasswordAuthentication no\\n KbdInteractiveAuthentication yes\\nMatch User both\\n KbdInteractiveAuthentication yes\\n AuthenticationMethods publickey,keyboard-interactive\\n' | sudo tee /etc/ssh/sshd_config.d/05-test.conf`,
        'sudo systemctl restart ssh',
      ].join(' && '),
    )
  })
  afterEach(() => {
    for (const each of opened.splice(0)) each.close()
  })
  afterAll(async () => {
    await host?.down()
    await jump?.down()
    await rm(folder, { recursive: true, force: true })
  })

  const hop = (at: TestHost, over: Partial<SshHop> = {}): SshHop => ({
    host: at.ip,
    port: 22,
    user: at.user,
    auth: { ...nobody, key: { text: key, passphrase: null } },
    hostKey: { pinned: { algorithm: 'ssh-ed25519', sha256: at.hostKeys.ed25519 }, knownHosts: '' },
    ...over,
  })
  const target = (over: Partial<SshTarget> = {}): SshTarget => ({ ...hop(host), jump: null, ...over })
  const open = (over: Partial<SshTarget> = {}, patienceMs?: number): SshHost => {
    const made = openSshHost(target(over), patienceMs === undefined ? {} : { patienceMs })
    opened.push(made)
    return made
  }
  const withAuth = (auth: Partial<SshAuth>) => ({ auth: { ...nobody, ...auth } })
  const whoami = async (over: Partial<SshTarget>) => (await open(over).exec('whoami')).stdout.trim()
  const makeKey = async (name: string, ...args: string[]) => {
    const file = join(folder, name)
    await exec('ssh-keygen', ['-q', '-f', file, '-C', name, ...args])
    const pub = (await readFile(`${file}.pub`, 'utf8')).trim()
    await host.run(`echo '${pub}' >> ~/.ssh/authorized_keys`)
    return file
  }

  describe('signs in', () => {
    it.each([
      ['Ed25519, OpenSSH', ['-t', 'ed25519', '-N', '']],
      ['RSA, PEM', ['-t', 'rsa', '-b', '2048', '-m', 'PEM', '-N', '']],
      ['RSA, OpenSSH', ['-t', 'rsa', '-b', '2048', '-N', '']],
      ['RSA, PKCS 8', ['-t', 'rsa', '-b', '2048', '-m', 'PKCS8', '-N', '']],
      ['ECDSA, PEM', ['-t', 'ecdsa', '-b', '384', '-m', 'PEM', '-N', '']],
    ])('with a key: %s', async (name, args) => {
      const file = await makeKey(name.replaceAll(/\W/g, ''), ...args)
      const { text } = await readKeyFile(file)
      expect(await whoami(withAuth({ key: { text, passphrase: null } }))).toBe('ec2-user')
    })

    it.each([
      ['OpenSSH', ['-t', 'ed25519']],
      ['PEM', ['-t', 'rsa', '-m', 'PEM']],
      ['PKCS 8', ['-t', 'ecdsa', '-m', 'PKCS8']],
    ])('with a key under a passphrase, and says which is missing or wrong: %s', async (name, args) => {
      const phrase = 'canary passphrase'
      const file = await makeKey(`locked${name.replaceAll(' ', '')}`, ...args, '-N', phrase)
      const { text } = await readKeyFile(file)
      const by = (passphrase: Secret | null) => open(withAuth({ key: { text, passphrase } })).connect()
      await by(secret(phrase))
      await expect(by(null)).rejects.toMatchObject({ code: 'SSH_KEY_PASSPHRASE_NEEDED' })
      await expect(by(secret('another'))).rejects.toMatchObject({ code: 'SSH_KEY_PASSPHRASE_WRONG' })
    })

    it.each(['ed25519', 'rsa'])('with an agent that holds a key: %s', async (type) => {
      const socket = join(folder, `agent-${type}`)
      const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
      try {
        const env = { ...process.env, SSH_AUTH_SOCK: socket }
        await until(async () => (await exec('ssh-add', ['-l'], { env }).catch((e) => e)).code !== 2)
        await exec('ssh-add', ['-q', type === 'rsa' ? host.rsaKey : host.key], { env })
        expect(await whoami(withAuth({ agent: socket }))).toBe('ec2-user')
      } finally {
        agent.kill()
      }
    })

    it('by keyboard-interactive, with a password or by asking', async () => {
      expect(await whoami({ user: 'typist', ...withAuth({ password: secret(password) }) })).toBe('typist')
      const asked: string[] = []
      const ask = async (prompts: readonly { text: string }[]) => {
        asked.push(...prompts.map(({ text }) => text))
        return prompts.map(() => secret(password))
      }
      expect(await whoami({ user: 'typist', ...withAuth({ ask }) })).toBe('typist')
      expect(asked).toEqual(['Password: '])
    })

    it('with a key and then a password, where the host wants both', async () => {
      const both = withAuth({ key: { text: key, passphrase: null }, password: secret(password) })
      expect(await whoami({ user: 'both', ...both })).toBe('both')
    })

    it('says what was tried and what the host takes, where nothing fits', async () => {
      const wrong = secret(await readFile(await makeKeyUnknown(), 'utf8'))
      await expect(
        open(withAuth({ key: { text: wrong, passphrase: null } })).connect(),
      ).rejects.toMatchObject({
        code: 'SSH_AUTH',
        message: expect.stringContaining('tried publickey; the host takes publickey'),
      })
      await expect(
        open({ user: 'typist', ...withAuth({ password: secret('not it') }) }).connect(),
      ).rejects.toMatchObject({ code: 'SSH_AUTH', message: expect.not.stringContaining('not it') })
    })

    const makeKeyUnknown = async () => {
      const file = join(folder, 'unknown')
      await exec('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file])
      return file
    }

    it('through a jump host, each with its own key', async () => {
      const far = open({ jump: hop(jump) })
      const { stdout } = await far.exec('echo $SSH_CONNECTION')
      expect(stdout.split(' ')[0]).toBe(jump.ip)
      const stranger = { pinned: { algorithm: 'ssh-ed25519', sha256: 'SHA256:no' }, knownHosts: '' }
      await expect(open({ jump: hop(jump, { hostKey: stranger }) }).connect()).rejects.toMatchObject({
        code: 'SSH_HOST_KEY_CHANGED',
        message: expect.stringContaining(`${jump.ip}:22`),
      })
      await expect(open({ host: 'nowhere.invalid', jump: hop(jump) }).connect()).rejects.toMatchObject({
        code: 'SSH_NAME_UNKNOWN',
        message: expect.stringContaining(`seen from ${jump.ip}:22`),
      })
    })
  })

  describe('host keys', () => {
    const policy = (knownHosts: string) => ({ hostKey: { pinned: null, knownHosts } })
    const scan = async (...args: string[]) => (await exec('ssh-keyscan', [...args, host.ip])).stdout

    it('an unknown one is told with its sum, and nothing is sent', async () => {
      await expect(open(policy('')).connect()).rejects.toMatchObject({
        code: 'SSH_HOST_KEY_UNKNOWN',
        shown: { algorithm: 'ssh-ed25519', sha256: host.hostKeys.ed25519 },
      })
    })

    it('of known_hosts count: plain, hashed by ssh-keygen, and by another algorithm first', async () => {
      await open(policy(await scan('-t', 'ed25519'))).connect()
      const file = join(folder, 'known_hosts')
      await writeFile(file, await scan('-t', 'ecdsa'))
      await exec('ssh-keygen', ['-H', '-f', file])
      const hashed = await readFile(file, 'utf8')
      expect(hashed).not.toContain(host.ip)
      await open(policy(hashed)).connect()
      await open(policy(await scan('-t', 'rsa'))).connect()
    })

    it('a revoked one and a changed one stop everything', async () => {
      const lines = (await scan('-t', 'ed25519')).trim()
      await expect(open(policy(`@revoked ${lines}`)).connect()).rejects.toMatchObject({
        code: 'SSH_HOST_KEY_REVOKED',
      })
      const other = (await exec('ssh-keyscan', ['-t', 'ed25519', jump.ip])).stdout.replace(jump.ip, host.ip)
      await expect(open(policy(other)).connect()).rejects.toMatchObject({
        code: 'SSH_HOST_KEY_CHANGED',
        message: expect.stringContaining(host.hostKeys.ed25519),
      })
    })

    it('changed while it was connected: the next use refuses and does not try again', async () => {
      const link = open({ ...hop(jump) }, 60_000)
      await link.connect()
      await jump
        .run(
          'sudo rm /etc/ssh/ssh_host_*; sudo ssh-keygen -q -A; (sudo systemctl restart ssh; sudo pkill -x sshd; sudo systemctl start ssh) >/dev/null 2>&1 &',
        )
        .catch(() => '')
      await until(() => link.state() === 'lost')
      await expect(link.exec('true')).rejects.toMatchObject({ code: 'SSH_HOST_KEY_CHANGED' })
    })
  })

  describe('commands', () => {
    it('answer with code, both outputs, input and lines; a signal is one', async () => {
      const link = open()
      const lines: string[] = []
      const result = await link.exec('cat; echo problem >&2; exit 3', {
        stdin: 'one\ntwo',
        onLine: (line, from) => lines.push(`${from} ${line}`),
      })
      expect(result).toEqual({
        code: 3,
        signal: null,
        stdout: 'one\ntwo',
        stderr: 'problem\n',
        truncated: false,
      })
      expect(lines.sort()).toEqual(['err problem', 'out one', 'out two'])
      expect(await link.exec('kill -KILL $$')).toMatchObject({ code: null, signal: 'KILL' })
    })

    it('many at once share one connection', async () => {
      const link = open()
      const answers = await Promise.all(
        Array.from({ length: 8 }, (_, i) => link.exec(`echo ${i} $SSH_CONNECTION`)),
      )
      expect(new Set(answers.map(({ stdout }) => stdout.trim().split(' ')[2])).size).toBe(1)
      // Of a connection of their own: sessions that have just ended may still count on the host.
      const full = open()
      const held = await Promise.all(Array.from({ length: 10 }, () => full.shell({ columns: 80, rows: 24 })))
      await expect(full.exec('true')).rejects.toMatchObject({ code: 'SSH_SESSIONS_FULL' })
      for (const shell of held) shell.close()
    })

    it('are ended by their signal, on the host too', async () => {
      const link = open()
      const cancel = new AbortController()
      const running = link.exec('exec sleep 4711', { signal: cancel.signal })
      running.catch(() => {})
      await until(async () => (await link.exec('pgrep -fx "sleep 4711"')).code === 0)
      cancel.abort()
      await expect(running).rejects.toThrow(/abort/i)
      await until(async () => (await link.exec('pgrep -fx "sleep 4711"')).code === 1)
      await expect(link.exec('true', { signal: cancel.signal })).rejects.toThrow(/abort/i)
    })

    it('whose output is hostile neither fill the memory nor reach a terminal', async () => {
      const link = open()
      const lines: string[] = []
      const { stdout, truncated } = await link.exec(
        `printf '\\033]0;title\\007\\033[31mred\\033[0m \\000\\377\\n'; head -c 30000000 /dev/zero | tr '\\0' x; echo; head -c 2000000 /dev/urandom`,
        { onLine: (line) => lines.push(line), keep: 1000 },
      )
      expect([stdout.length <= 1000, truncated]).toEqual([true, true])
      expect(lines[0]).toBe('red �')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(16 * 1024)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
      expect(lines.filter((line) => /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/.test(line))).toEqual([])
    })
  })

  it('a terminal: what is typed, its size, its end; or a command with its streams apart', async () => {
    const shell = await open().shell({ columns: 100, rows: 30 })
    let shown = ''
    shell.output.on('data', (chunk) => {
      shown += chunk
    })
    shell.input.write('stty size\n')
    await until(() => shown.includes('30 100'))
    shell.resize(120, 40)
    shell.input.write('stty size\n')
    await until(() => shown.includes('40 120'))
    shell.input.write('exit 7\n')
    expect(await shell.ended).toEqual({ code: 7, signal: null })

    const apart = await open().shell({ columns: 80, rows: 24, command: 'cat; echo e >&2', pty: false })
    const [out, err]: Buffer[][] = [[], []]
    apart.output.on('data', (chunk) => out?.push(chunk))
    apart.errors.on('data', (chunk) => err?.push(chunk))
    const bytes = randomBytes(200_000)
    apart.input.end(bytes)
    expect(await apart.ended).toEqual({ code: 0, signal: null })
    expect(Buffer.concat(out ?? []).equals(bytes)).toBe(true)
    expect(Buffer.concat(err ?? []).toString()).toBe('e\n')
  })

  describe('files', () => {
    const sumThere = async (path: string) => (await host.run(`sudo sha256sum ${path}`)).split(' ')[0]
    const sumOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

    it('go up and come down whole, with their mode, in the place of what was there', async () => {
      const link = open()
      const bytes = randomBytes(3_000_001)
      await link.upload(Buffer.from('old'), '/home/ec2-user/f')
      const seen: number[] = []
      await link.upload(bytes, '/home/ec2-user/f', { mode: 0o640, onProgress: (done) => seen.push(done) })
      expect(await sumThere('/home/ec2-user/f')).toBe(sumOf(bytes))
      expect((await host.run('stat -c %a f; ls -A | grep -c part || true')).trim()).toBe('640\n0')
      expect(seen.at(-1)).toBe(bytes.length)
      const to = join(folder, 'down')
      await link.download('/home/ec2-user/f', to)
      expect(sumOf(await readFile(to))).toBe(sumOf(bytes))
      expect(await link.readText('/etc/hostname')).toBe(`ip-${host.ip.replaceAll('.', '-')}\n`)
      expect(await link.readText('/proc/version')).toContain('Linux version')
      expect(await link.readText('/none')).toBe(null)
      await expect(link.readText('/home/ec2-user/f', 1000)).rejects.toMatchObject({ code: 'SSH_FILE_LARGE' })
    })

    it('go on where they were cut off, by another connection, and only with the same content', async () => {
      // Enough that the cut, which takes a connection of its own, comes before the end.
      const bytes = randomBytes(300_000_000)
      const from = join(folder, 'big')
      await writeFile(from, bytes)
      const first = open({}, 0)
      let cut: Promise<unknown> | null = null
      const lost = first.upload(from, '/home/ec2-user/big', {
        onProgress: (done) => {
          if (done > 20_000_000) cut ??= host.run('sudo pkill -x sshd -u ec2-user').catch(() => {})
        },
      })
      await expect(lost).rejects.toMatchObject({ code: 'SSH_LOST' })
      await cut
      const second = open()
      const { resumedAt } = await second.upload(from, '/home/ec2-user/big')
      expect(resumedAt).toBeGreaterThan(10_000_000)
      expect(await sumThere('/home/ec2-user/big')).toBe(sumOf(bytes))
      expect(await second.upload(Buffer.from('other'), '/home/ec2-user/big')).toMatchObject({ resumedAt: 0 })
    })

    it('are cancelled, and what is wrong with them is named', async () => {
      const link = open()
      const cancel = new AbortController()
      const from = join(folder, 'big')
      await writeFile(from, randomBytes(60_000_000))
      const sending = link.upload(from, '/home/ec2-user/cancelled', {
        signal: cancel.signal,
        onProgress: () => cancel.abort(),
      })
      await expect(sending).rejects.toThrow(/abort/i)
      const bytes = Buffer.from('x')
      await expect(link.upload(bytes, '/etc/x')).rejects.toMatchObject({ code: 'SSH_PERMISSION' })
      await expect(link.upload(bytes, '/none/x')).rejects.toMatchObject({ code: 'SSH_FILE_MISSING' })
      await expect(link.download('/none', join(folder, 'none'))).rejects.toMatchObject({
        code: 'SSH_FILE_MISSING',
      })
      expect((await link.exec('echo still here')).stdout).toBe('still here\n')
    })

    it('a full disk is named', async () => {
      await host.fault('fill-disk')
      try {
        await expect(open().upload(randomBytes(5_000_000), '/home/ec2-user/full')).rejects.toMatchObject({
          code: 'SSH_FILE_FAILED',
          hint: expect.stringContaining('disk is full'),
        })
      } finally {
        await host.fault('heal')
      }
    })
  })

  describe('a tunnel', () => {
    it('carries bytes both ways from the first write on, and each half ends by itself', async () => {
      const server = createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket))
      await new Promise<void>((done) => server.listen(0, hostGateway, done))
      try {
        const stream = open().forward(hostGateway, (server.address() as AddressInfo).port)
        const bytes = randomBytes(5_000_000)
        const back: Buffer[] = []
        stream.on('data', (chunk) => back.push(chunk))
        const ended = new Promise((done) => stream.once('end', done))
        stream.end(bytes)
        await ended
        expect(Buffer.concat(back).equals(bytes)).toBe(true)
      } finally {
        server.close()
      }
    })

    it('that cannot be opened says how it looks from the host; one that was given up stays closed', async () => {
      const link = open()
      const failing = async (to: string, port: number) => {
        const stream = link.forward(to, port)
        stream.write('at once')
        return new Promise((done) => stream.once('error', done))
      }
      expect(await failing('127.0.0.1', 1)).toMatchObject({
        code: 'SSH_REFUSED',
        message: expect.stringContaining(`127.0.0.1:1, seen from ${host.ip}:22`),
      })
      expect(await failing('broker.invalid', 9092)).toMatchObject({ code: 'SSH_NAME_UNKNOWN' })
      link.forward('127.0.0.1', 22).destroy()
      const banner = link.forward('127.0.0.1', 22)
      expect(String(await new Promise((done) => banner.once('data', done)))).toContain('OpenSSH')
      banner.destroy()
      // What the host still holds open towards its own port 22.
      await until(
        async () =>
          (await link.exec('ss -Htn state established dst 127.0.0.1 | wc -l')).stdout.trim() === '0',
      )
    })
  })

  describe('the connection', () => {
    it('is made again after it was cut, after a restart of the machine too', async () => {
      const link = open()
      const states: string[] = []
      link.onState((state) => states.push(state))
      await link.connect()
      const running = link.exec('sleep 1000')
      running.catch(() => {})
      await host.run('sudo pkill -x sshd -u ec2-user').catch(() => {})
      await expect(running).rejects.toMatchObject({ code: 'SSH_LOST' })
      expect((await link.exec('whoami')).stdout).toBe('ec2-user\n')
      const back = host.fault('reboot')
      await until(() => states.filter((state) => state === 'lost').length === 2)
      expect((await link.exec('whoami')).stdout).toBe('ec2-user\n')
      await back
      link.close()
      expect(states.at(-1)).toBe('closed')
      await expect(link.exec('true')).rejects.toMatchObject({ code: 'SSH_CLOSED' })
    })

    it('that goes silent is noticed', async () => {
      const link = open({}, 0)
      await link.connect()
      await host.fault('drop')
      try {
        await until(() => link.state() === 'lost', 100_000)
        await expect(link.connect()).rejects.toMatchObject({ code: expect.stringMatching(/TIMEOUT|UNREACH/) })
      } finally {
        await host.fault('heal')
      }
    })

    it('that cannot be made says why', async () => {
      await expect(open({ port: 23 }).connect()).rejects.toMatchObject({ code: 'SSH_REFUSED' })
      await expect(open({ host: 'nowhere.invalid' }).connect()).rejects.toMatchObject({
        code: 'SSH_NAME_UNKNOWN',
      })
      const waiting = new AbortController()
      const attempt = open({ host: '10.77.0.250' }).connect(waiting.signal)
      waiting.abort()
      await expect(attempt).rejects.toThrow(/abort/i)
      // The last test of this host: its sshd is spoiled for good.
      await host.run(
        "sudo sed -i '1i KexAlgorithms diffie-hellman-group1-sha1' /etc/ssh/sshd_config && sudo systemctl restart ssh",
      )
      await expect(open().connect()).rejects.toMatchObject({ code: 'SSH_ALGORITHMS' })
    })
  })
})
