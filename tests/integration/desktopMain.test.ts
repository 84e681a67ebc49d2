/** The built main program, over a stand-in for Electron's module: from its command line to its end. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { FakeEvent } from '../helpers/fakeElectron.ts'
import { root, runProgram, type TestHome, testHome } from '../helpers/home.ts'
import { startOwner, type TestOwner } from '../helpers/owner.ts'

interface Call {
  readonly call: string
  readonly about: unknown
}

let home: TestHome
let children: ChildProcess[] = []
let owner: TestOwner | null = null

beforeEach(async () => {
  home = await testHome()
})
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL')
  children = []
  await owner?.stop()
  owner = null
  await home.remove()
})

function start(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const hook = pathToFileURL(join(root, 'tests/helpers/fakeElectronHook.ts')).href
  const child = spawn(process.execPath, ['--import', hook, join(root, 'out/main.js'), ...args], {
    env: { ...home.env, DISPLAY: ':0', ...env },
    stdio: ['ignore', 'pipe', 'inherit', 'ipc'],
  })
  children.push(child)
  const calls: Call[] = []
  const waiting = new Set<() => void>()
  child.on('message', (call: Call) => {
    calls.push(call)
    for (const look of waiting) look()
  })
  let out = ''
  child.stdout?.on('data', (chunk) => {
    out += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)))
  return {
    calls,
    ended,
    output: () => out,
    of: (name: string) => calls.filter(({ call }) => call === name).map(({ about }) => about),
    send: (event: FakeEvent) => child.send(event),
    /** Resolves once this was called that often; rejects where the program ends before. */
    called: (name: string, times = 1) =>
      new Promise<void>((resolve, reject) => {
        const look = () => {
          if (calls.filter(({ call }) => call === name).length >= times) resolve()
        }
        waiting.add(look)
        look()
        void ended.then((code) => reject(new Error(`ended with ${code} before: ${name}`)))
      }),
  }
}

it('opens the window at the link it was started with, follows the next, and closing ends it', async () => {
  const app = start(['pipeline://streams'])
  await app.called('show')
  expect(app.of('window')).toEqual([[join(root, 'resources/icons/icon.png'), join(root, 'out/preload.cjs')]])
  for (const [path] of app.of('window') as [string][]) expect(existsSync(path)).toBe(true)
  app.send({ of: 'app', name: 'second-instance', args: [['app', 'pipeline://topics/learner.pin']] })
  await app.called('load', 2)
  expect(app.of('load')).toEqual([
    'app://pipeline/index.html#/streams',
    'app://pipeline/index.html#/topics/learner.pin',
  ])
  app.send({ of: 'window', name: 'close' })
  expect(await app.ended).toBe(0)
  expect(existsSync(join(home.home, 'backend.lock'))).toBe(false)
  expect(JSON.parse(await readFile(join(home.home, 'window.json'), 'utf8'))).toMatchObject({ width: 1_000 })
})

it('tells of the end of a long run, and a press on it shows the run', async () => {
  const app = start([])
  await app.called('show')
  const words = ['emulate', '--sink', 'file', '--for', '31s', '--rate', '5']
  const { code, err } = await runProgram('cli.js', words, home.env)
  expect(code, err).toBe(0)
  await app.called('notification')
  const [notice] = app.of('notification') as { readonly title: string; readonly body: string }[]
  expect(notice?.title).toBe('Done')
  const runId = /^Emulation (\S+) done/.exec(notice?.body ?? '')?.[1]
  app.send({ of: 'notice', name: 'click' })
  await app.called('load', 2)
  expect(app.of('load').at(-1)).toBe(`app://pipeline/index.html#/emulation/${runId}`)
  app.send({ of: 'window', name: 'close' })
  expect(await app.ended).toBe(0)
}, 300_000)

it('ends without a question when the computer shuts down', async () => {
  const app = start([])
  await app.called('show')
  app.send({ of: 'powerMonitor', name: 'shutdown' })
  expect(await app.ended).toBe(0)
})

it('becomes the back end when the one it was attached to ends', async () => {
  owner = await startOwner(home)
  const app = start([])
  await app.called('show')
  await owner.kill()
  owner = null
  await app.called('reload')
  expect(JSON.parse(await readFile(join(home.home, 'backend.lock'), 'utf8'))).toMatchObject({
    door: 'desktop',
  })
  app.send({ of: 'window', name: 'close' })
  expect(await app.ended).toBe(0)
})

it('says why it cannot open, instead of staying without a window', async () => {
  const file = join(home.home, 'file')
  await writeFile(file, '')
  const app = start([], { PIPELINE_HOME: join(file, 'below') })
  expect(await app.ended).toBe(1)
  expect(String(app.of('error')[0])).toContain('ENOTDIR')
})

it('shows no window without a sandbox', async () => {
  const app = start(['--no-sandbox'])
  expect(await app.ended).toBe(1)
  expect(String(app.of('error')[0])).toContain('NO_SANDBOX')
  expect(app.of('window')).toEqual([])
})

it('runs commands, whatever switches stand before them, with nothing else on standard output', async () => {
  const app = start(['--no-sandbox', '--', 'cli', 'local', 'status', '--json'])
  expect(await app.ended).toBe(0)
  expect(JSON.parse(app.output())).toMatchObject({ running: false })
  expect(app.of('window')).toEqual([])
})
