/** The original script's loop, run by Python with the `requests` package as the course uses it. */
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Source } from '../../electron/emulator/types.ts'

const exec = promisify(execFile)
const requests = 'requests==2.32.5'
const program = join(import.meta.dirname, 'script.py')

/** A Python that has `requests`: the system's, else one of our own in the cache, made the first time. */
export async function pythonWithRequests(): Promise<string> {
  const has = (python: string) =>
    exec(python, ['-c', 'import requests']).then(
      () => true,
      () => false,
    )
  if (await has('python3')) return 'python3'
  const cache = process.env.PIPELINE_CACHE ?? join(homedir(), '.cache', 'pipeline-control')
  const folder = join(cache, 'bench-python')
  const own = join(folder, 'bin', 'python')
  if (existsSync(own) && (await has(own))) return own
  await exec('python3', ['-m', 'venv', folder])
  await exec(own, ['-m', 'pip', 'install', '--quiet', requests])
  return own
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
