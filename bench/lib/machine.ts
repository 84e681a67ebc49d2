/** What the figures were measured on. */
import { execFile } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { promisify } from 'node:util'

const exec = promisify(execFile)

export interface Machine {
  readonly cpu: string
  readonly cores: number
  readonly memoryGiB: number
  readonly os: string
  readonly node: string
  /** Null where there is none. */
  readonly java: string | null
  /** Of one, five and fifteen minutes, before the first bench. */
  readonly load: readonly number[]
  /** With a `+` where files differ from it; null outside a repository. */
  readonly commit: string | null
}

export async function readMachine(): Promise<Machine> {
  const [first] = cpus()
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Number((totalmem() / 1024 ** 3).toFixed(1)),
    os: `${type()} ${release()}`,
    node: process.version,
    java: await javaVersion(),
    load: loadavg().map((each) => Number(each.toFixed(2))),
    commit: await commit(),
  }
}

/** `java -version` answers on standard error. */
async function javaVersion(): Promise<string | null> {
  const answer = await exec('java', ['-version']).catch(() => null)
  return answer && (/version "([^"]+)"/.exec(answer.stderr)?.[1] ?? 'unknown')
}

async function commit(): Promise<string | null> {
  try {
    const { stdout } = await exec('git', ['rev-parse', '--short', 'HEAD'])
    const changes = await exec('git', ['status', '--porcelain'])
    return `${stdout.trim()}${changes.stdout.trim() === '' ? '' : '+'}`
  } catch {
    return null
  }
}
