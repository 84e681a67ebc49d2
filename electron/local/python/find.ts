/** Finds a Python of a wanted version, by the names that systems give it. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { AppError } from '../../../shared/errors.ts'

const run = promisify(execFile)

const names = ['python3.12', 'python3.11', 'python3.13', 'python3.10', 'python3', 'python'] as const
/** Prints its version; fails where it cannot make an environment of its own. */
const question = 'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3])'

/** Minor versions of Python 3 that the packages were published for. */
export interface PythonRange {
  readonly oldest: number
  readonly newest: number
}

export interface Python {
  readonly program: string
  /** `3.11.7` */
  readonly version: string
}

/** The first that fits. Throws AppError PYTHON_MISSING with what was found. */
export async function findPython({ oldest, newest }: PythonRange, signal: AbortSignal): Promise<Python> {
  const found: string[] = []
  for (const program of names) {
    signal.throwIfAborted()
    const answer = await run(program, ['-c', question], { signal, timeout: 15_000, windowsHide: true }).catch(
      (thrown: { readonly code?: string; readonly stderr?: string }) => {
        if (thrown.code !== 'ENOENT') found.push(`${program} has no venv`)
        return null
      },
    )
    const version = answer?.stdout.trim() ?? ''
    const [major = 0, minor = 0] = version.split('.').map(Number)
    if (major === 3 && minor >= oldest && minor <= newest) return { program, version }
    if (version !== '') found.push(`${program} is ${version}`)
  }
  throw new AppError({
    code: 'PYTHON_MISSING',
    message: `No Python 3.${oldest} to 3.${newest} with venv was found${found.length === 0 ? '' : `: ${found.join(', ')}`}`,
    hint: advice[process.platform] ?? 'Install Python 3.11 or newer, with its module venv.',
  })
}

const advice: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Install it: sudo apt install python3 python3-venv, or sudo dnf install python3.',
  darwin: 'Install it: brew install python@3.12, or from python.org.',
  win32: 'Install Python 3.12 from python.org, or: winget install Python.Python.3.12.',
}
