/** A real moto server (AWS's APIs in Python): installed once into the cache, a new one for each test file. */
import { execFile, spawn } from 'node:child_process'
import { access, mkdir, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { lockFolder } from '../../electron/lib/folderLock.ts'
import { freePort } from './kinesis.ts'
import { until } from './until.ts'

const exec = promisify(execFile)
const version = '5.2.5'
const pythons = ['python3', 'python']
/** Another test file may be at it, ms. */
const installMs = 600_000

const folder = () =>
  join(process.env.PIPELINE_CACHE ?? join(homedir(), '.cache', 'pipeline-control'), `moto-${version}`)
const python = () => join(folder(), 'venv', 'bin', 'python')

const has = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )

/** Says what is missing, or null; makes the environment in the cache where that was not done yet. */
export async function motoMissing(): Promise<string | null> {
  const done = join(folder(), 'done')
  if (await has(done)) return null
  try {
    await mkdir(folder(), { recursive: true })
    const unlock = await lockFolder(folder(), installMs)
    try {
      if (await has(done)) return null
      await rm(join(folder(), 'venv'), { recursive: true, force: true })
      await anyPython(['-m', 'venv', join(folder(), 'venv')])
      const pip = ['-m', 'pip', 'install', '-q', `moto[server]==${version}`]
      await exec(python(), pip, { maxBuffer: 64 * 1_048_576 })
      await mkdir(done)
    } finally {
      await unlock()
    }
    return null
  } catch (thrown) {
    return `moto could not be installed (packages python3-venv, PyPI moto): ${String(thrown).slice(0, 500)}`
  }
}

async function anyPython(args: readonly string[]): Promise<void> {
  let last: unknown
  for (const name of pythons) {
    try {
      await exec(name, [...args])
      return
    } catch (thrown) {
      last = thrown
    }
  }
  throw last
}

export interface Moto {
  readonly url: string
  /** From now on IAM's rights and signatures are checked, as on AWS; `false` lets everything pass again. */
  enforce(on: boolean): Promise<void>
  stop(): Promise<void>
}

/** Starts it and resolves when it answers. */
export async function startMoto(): Promise<Moto> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  // The subshell holds the pipe from this process: when the test dies, however it dies, the server dies too.
  const script = 'exec 3<&0; (cat >/dev/null <&3; kill -9 $$) & exec "$@" 3<&-'
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)]
  const child = spawn('sh', ['-c', script, 'moto', python(), ...args], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: { ...process.env, INITIAL_NO_AUTH_ACTION_COUNT: String(passing) },
  })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  await until(() => fetch(`${url}/moto-api/data.json`).then((answer) => answer.ok))
  return {
    url,
    async enforce(on) {
      await fetch(`${url}/moto-api/reset-auth`, { method: 'POST', body: on ? '0' : String(passing) })
    },
    async stop() {
      child.kill('SIGKILL')
      await exited
      child.stdin?.destroy()
    },
  }
}

/** So many calls pass unchecked: all of them. */
const passing = 1_000_000_000
