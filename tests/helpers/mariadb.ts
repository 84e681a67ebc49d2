/** A real MariaDB for tests: its own data folder on a free port, with TLS, gone with the test. */
import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { createConnection } from 'mysql2/promise'
import { makeCertificates } from './tls.ts'

const exec = promisify(execFile)

export interface TestMariadb {
  readonly host: '127.0.0.1'
  readonly port: number
  /** May read and write everything, with this password, over the network. */
  readonly user: string
  readonly password: string
  /** The authority that signed its certificate, PEM. */
  readonly ca: string
  /** Runs statements one after the other. */
  run(...statements: readonly (readonly [sql: string, values?: unknown[]])[]): Promise<void>
  stop(): Promise<void>
}

/** Says what is missing, or null; installs the Debian package where it may. Under `CI=true` a test must fail on it. */
export async function mariadbMissing(): Promise<string | null> {
  if (await has('openssl', ['version'])) {
    if (await has('mariadbd', ['--version'])) return null
    const installs = process.getuid?.() === 0 && (await has('apt-get', ['--version']))
    if (!installs) return 'MariaDB is not on PATH: install the package mariadb-server.'
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
    const apt = (...args: string[]) => exec('apt-get', ['-qq', ...args], { env, maxBuffer: 64 * 1_048_576 })
    await apt('update').catch(() => undefined)
    const failed = await apt('install', '-y', '--no-install-recommends', 'mariadb-server').then(
      () => null,
      (thrown: Error) => thrown.message.slice(0, 500),
    )
    if (failed === null && (await has('mariadbd', ['--version']))) return null
    return `MariaDB could not be installed (package mariadb-server): ${failed ?? 'mariadbd is not on PATH'}`
  }
  return 'openssl is not on PATH: install the package openssl.'
}

/** Starts it and resolves when it answers. */
export async function startMariadb(): Promise<TestMariadb> {
  const home = await mkdtemp(join(tmpdir(), 'mariadb-'))
  const data = join(home, 'data')
  const socket = join(home, 'socket')
  const port = await freePort()
  await makeCertificates(home, ['IP:127.0.0.1'])
  await exec('mariadb-install-db', [
    '--no-defaults',
    `--datadir=${data}`,
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    ...asRoot(),
  ])
  // The subshell holds the pipe from this process: when the test dies, however it dies, the server dies too.
  const script = 'exec 3<&0; (cat >/dev/null <&3; kill -9 $$) & exec mariadbd "$@" 3<&-'
  const child = spawn(
    'sh',
    [
      '-c',
      script,
      'mariadbd',
      '--no-defaults',
      `--datadir=${data}`,
      `--socket=${socket}`,
      `--pid-file=${join(home, 'pid')}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      '--innodb-buffer-pool-size=32M',
      '--innodb-flush-log-at-trx-commit=0',
      `--ssl-ca=${join(home, 'ca.pem')}`,
      `--ssl-cert=${join(home, 'cert.pem')}`,
      `--ssl-key=${join(home, 'key.pem')}`,
      ...asRoot(),
    ],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  )
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const [user, password] = ['project_user', 'canary-7c41-:t%;"']
  const connect = () => createConnection({ socketPath: socket, user: 'root', dateStrings: true })
  const deadline = Date.now() + 60_000
  for (;;) {
    const connection = await connect().catch(() => null)
    if (connection) {
      await connection.query('CREATE USER ?@? IDENTIFIED BY ?', [user, '127.0.0.1', password])
      await connection.query('GRANT ALL ON *.* TO ?@?', [user, '127.0.0.1'])
      await connection.end()
      break
    }
    if (Date.now() > deadline) throw new Error('The test database did not answer.')
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    host: '127.0.0.1',
    port,
    user,
    password,
    ca: await readFile(join(home, 'ca.pem'), 'utf8'),
    run: async (...statements) => {
      const connection = await connect()
      for (const [sql, values] of statements) await connection.query(sql, values)
      await connection.end()
    },
    stop: async () => {
      child.kill('SIGKILL')
      await exited
      child.stdin?.destroy()
      await rm(home, { recursive: true, force: true })
    },
  }
}

const asRoot = () => (process.getuid?.() === 0 ? ['--user=root'] : [])

async function has(command: string, args: readonly string[]): Promise<boolean> {
  return exec(command, [...args]).then(
    () => true,
    () => false,
  )
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  await new Promise((resolve) => server.close(resolve))
  return port
}
