/** Throw-away folders for a test, and the built programs it runs. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { homedir, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

export const root = resolve(import.meta.dirname, '../..')

/** Shared by all tests, so that Kafka and the like are fetched once. */
export const cacheFolder = process.env.PIPELINE_CACHE ?? join(homedir(), '.cache', 'pipeline-control')

export interface TestHome {
  readonly home: string
  /** The environment of every program that is started for the test. */
  readonly env: NodeJS.ProcessEnv
  remove(): Promise<void>
}

/** A new `PIPELINE_HOME`, with the shared cache. */
export async function testHome(): Promise<TestHome> {
  const home = await mkdtemp(join(tmpdir(), 'pipeline-home-'))
  return {
    home,
    env: { ...process.env, PIPELINE_HOME: home, PIPELINE_CACHE: cacheFolder },
    remove: () => rm(home, { recursive: true, force: true, maxRetries: 5 }),
  }
}

export interface Finished {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Runs a built program to its end. */
export function runProgram(file: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<Finished> {
  const { child, finished } = startProgram(file, args, env)
  child.stdin?.end()
  return finished
}

/** Starts a built program of `out/`; `line` waits for a line of its output that matches. */
export function startProgram(file: string, args: readonly string[], env: NodeJS.ProcessEnv) {
  const child: ChildProcess = spawn(process.execPath, [join(root, 'out', file), ...args], {
    env,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let out = ''
  let err = ''
  const waiting = new Set<() => void>()
  const woken = () => {
    for (const wake of waiting) wake()
  }
  child.stdout?.on('data', (chunk) => {
    out += chunk
    woken()
  })
  child.stderr?.on('data', (chunk) => {
    err += chunk
    woken()
  })
  const finished = new Promise<Finished>((done) => {
    child.once('close', (code) => {
      woken()
      done({ code, out, err })
    })
  })
  const line = (pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((found, failed) => {
      const look = () => {
        const match = pattern.exec(out) ?? pattern.exec(err)
        if (match !== null) {
          waiting.delete(look)
          found(match)
        } else if (child.exitCode !== null) {
          waiting.delete(look)
          failed(
            new Error(`The program ended with ${child.exitCode} before it said ${pattern}:\n${out}${err}`),
          )
        }
      }
      waiting.add(look)
      look()
    })
  return { child, finished, line }
}

/** Every file below, with its text, for tests that look for what must not be there. */
export async function allFiles(folder: string): Promise<{ readonly path: string; readonly text: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Promise.all(
    files.map(async (path) => ({ path, text: await readFile(path, 'latin1').catch(() => '') })),
  )
}
