/** The original script's loop, run by Python with the `requests` package as the course uses it. */
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Source } from '../../electron/emulator/types.ts'
import { pythonFolder } from './python.ts'

const exec = promisify(execFile)
const requests = 'requests==2.32.5'
const program = join(import.meta.dirname, 'script.py')

/** A Python that has `requests`: the system's, else one of our own in the cache. */
export async function pythonWithRequests(): Promise<string> {
  const imports = ['-c', 'import requests']
  try {
    await exec('python3', imports)
    return 'python3'
  } catch {
    return join(await pythonFolder('python', requests, ['python', ...imports]), 'python')
  }
}

/** Records a second of the loop. */
export async function originalLoop(options: {
  readonly python: string
  readonly url: string
  readonly topic: string
  readonly records: number
  readonly source: Source
}): Promise<number> {
  const { python, url, topic, records, source } = options
  const folder = await mkdtemp(join(tmpdir(), 'bench-script-'))
  try {
    const file = join(folder, 'rows.json')
    const { signal } = new AbortController()
    const posts = await Promise.all(
      Array.from({ length: source.size }, (_, index) => source.read(index, signal)),
    )
    await writeFile(file, JSON.stringify(posts.map(({ rows }) => rows.pin)))
    const { stdout } = await exec(python, [program, url, topic, String(records), file])
    return Number(stdout)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
