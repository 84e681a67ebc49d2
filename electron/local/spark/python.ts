/** Finds a Python that can carry Spark, by the names that systems give it. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { AppError } from '../../../shared/errors.ts'

const run = promisify(execFile)

/** What pyspark 4.2 was published for. */
const oldest = [3, 10] as const
const names = ['python3.12', 'python3.11', 'python3.13', 'python3.10', 'python3', 'python'] as const
/** Prints its version; fails where it cannot make an environment of its own. */
const question = 'import sys, venv, ensurepip; print("%d.%d.%d" % sys.version_info[:3])'

export interface Python {
  readonly program: string
  /** `3.11.7` */
  readonly version: string
}

/** The first that is new enough. Throws AppError PYTHON_MISSING with what was found. */
export async function findPython(signal: AbortSignal): Promise<Python> {
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
    if (major > oldest[0] || (major === oldest[0] && minor >= oldest[1])) return { program, version }
    if (version !== '') found.push(`${program} is ${version}`)
  }
  throw new AppError({
    code: 'PYTHON_MISSING',
    message: `No Python ${oldest.join('.')} or newer with venv was found${found.length === 0 ? '' : `: ${found.join(', ')}`}`,
    hint: advice[process.platform] ?? 'Install Python 3.11 or newer, with its module venv.',
  })
}

const advice: Readonly<Partial<Record<NodeJS.Platform, string>>> = {
  linux: 'Install it: sudo apt install python3 python3-venv, or sudo dnf install python3.',
  darwin: 'Install it: brew install python@3.12, or from python.org.',
  win32: 'Install Python 3.12 from python.org, or: winget install Python.Python.3.12.',
}
