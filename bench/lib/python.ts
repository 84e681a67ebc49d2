/** Python packages that benches need, each in a folder of its own in the cache, made the first time. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const exec = promisify(execFile)

/** The `bin` folder of an environment that has `wanted` (`name==version`); `works` is a command of it that must succeed. */
export async function pythonFolder(name: string, wanted: string, works: readonly string[]): Promise<string> {
  const cache = process.env.PIPELINE_CACHE ?? join(homedir(), '.cache', 'pipeline-control')
  const folder = join(cache, `bench-${name}`)
  const bin = join(folder, 'bin')
  const [command = '', ...args] = works
  const fine = () =>
    exec(join(bin, command), [...args]).then(
      () => true,
      () => false,
    )
  if (existsSync(join(bin, command)) && (await fine())) return bin
  await exec('python3', ['-m', 'venv', folder])
  await exec(join(bin, 'python'), ['-m', 'pip', 'install', '--quiet', wanted])
  return bin
}
