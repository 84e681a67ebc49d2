/** A Python environment of one purpose's own: made once, in the cache, of exactly the packages that stand in its list. */
import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { access, mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { AppError } from '../../../shared/errors.ts'
import { lockFolder } from '../../lib/folderLock.ts'
import type { Network } from '../../lib/network.ts'
import { findPython, type PythonRange } from './find.ts'

/** What an environment is made of, and what a person is told of it. */
export interface Purpose extends PythonRange {
  /** Folder in the cache. */
  readonly name: string
  /** Every package with its version. */
  readonly requirements: string
  /** `Spark and what belongs to it`. */
  readonly what: string
  /** `840 MB`, once installed. */
  readonly size: string
}

export interface EnvironmentDeps {
  readonly cache: string
  readonly network: Network
  readonly signal: AbortSignal
  progress(text: string): void
}

/** Hundreds of megabytes are installed the first time; another pipeline may be at it, ms. */
const patienceMs = 1_800_000

/** Its Python; made where it is not there. Throws AppError PYTHON_MISSING, PYTHON_PACKAGES. */
export async function pythonEnvironment(purpose: Purpose, deps: EnvironmentDeps): Promise<string> {
  const { requirements } = purpose
  const sum = createHash('sha256')
    .update(await readFile(requirements))
    .digest('hex')
  const folder = join(deps.cache, purpose.name, sum.slice(0, 12))
  const done = join(folder, 'done')
  const venv = join(folder, 'venv')
  const python =
    process.platform === 'win32' ? join(venv, 'Scripts', 'python.exe') : join(venv, 'bin', 'python')
  if (await isThere(done)) return python
  await mkdir(folder, { recursive: true })
  const unlock = await lockFolder(folder, patienceMs, deps.signal)
  try {
    if (await isThere(done)) return python
    // What a try that was cut off left behind.
    await rm(venv, { recursive: true, force: true })
    deps.progress('looking for Python')
    const { program, version } = await findPython(purpose, deps.signal)
    deps.progress(`Python ${version} makes an environment`)
    await step(purpose, deps, program, ['-m', 'venv', venv])
    const pip = ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-input', '--progress-bar', 'off']
    await step(purpose, deps, python, [...pip, '-r', requirements])
    await writeFile(done, '')
    return python
  } finally {
    await unlock()
  }
}

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  )

/** Runs one program to its end; its lines are the progress. */
function step(
  purpose: Purpose,
  { signal, progress, network }: EnvironmentDeps,
  program: string,
  args: readonly string[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const proxy = network.proxy === undefined ? {} : { HTTPS_PROXY: network.proxy, HTTP_PROXY: network.proxy }
    const child = spawn(program, [...args], {
      signal,
      env: { ...process.env, ...proxy },
      stdio: ['ignore', 'pipe', 'pipe'],
      windowsHide: true,
    })
    const last: string[] = []
    for (const stream of [child.stdout, child.stderr])
      createInterface({ input: stream }).on('line', (line) => {
        last.push(line.trim())
        if (last.length > 3) last.shift()
        const package_ =
          /^(?:Collecting|Downloading|Installing collected packages:|Building wheel for) ?\S+/.exec(
            line.trim(),
          )
        if (package_ !== null) progress(line.trim().slice(0, 120))
      })
    child.once('error', (thrown) => reject(signal.aborted ? signal.reason : thrown))
    child.once('close', (code) => {
      if (code === 0) resolve()
      else if (signal.aborted) reject(signal.reason)
      else reject(notInstalled(purpose, last.join(' ')))
    })
  })
}

const notInstalled = ({ what, size }: Purpose, said: string) =>
  new AppError({
    code: 'PYTHON_PACKAGES',
    message: `Python’s packages could not be installed: ${said || 'pip said nothing'}`,
    hint: `${what} come from Python’s package index, ${size} once installed. Check the network and the proxy in Settings, and that 2 GiB of disk are free; then run it again.`,
  })
