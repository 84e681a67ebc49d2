/** `npm start` and its kin: builds if needed, then opens the window where that can be, else serves on loopback and says why. */
import { spawn, spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { sandboxWorks } from './host/sandbox.ts'

const root = resolve(import.meta.dirname, '..')
/** Run by this Node itself: the shell that `.bin` needs on Windows takes a path with a blank apart. */
const viteProgram = join(root, 'node_modules', 'vite', 'bin', 'vite.js')

/** The newest change below, ms since 1970. */
function newest(path: string): number {
  const stat = statSync(path, { throwIfNoEntry: false })
  if (stat === undefined) return 0
  if (!stat.isDirectory()) return stat.mtimeMs
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), 0)
}

const sources = [
  'shared',
  'electron',
  'renderer',
  'package-lock.json',
  'vite.config.ts',
  'vite.node.config.ts',
  'vite.preload.config.ts',
]
const built = ['out/cli.js', 'out/web.js', 'out/main.js', 'out/preload.cjs', 'out/renderer/index.html']

/** True where a source is newer than the oldest thing built from it. */
function outdated(): boolean {
  const oldest = Math.min(
    ...built.map((file) => statSync(join(root, file), { throwIfNoEntry: false })?.mtimeMs ?? 0),
  )
  return sources.some((source) => newest(join(root, source)) > oldest)
}

/** Builds quietly; what it said is shown only where it failed. */
function build(): void {
  if (!outdated()) return
  process.stderr.write('Building …\n')
  for (const config of ['vite.config.ts', 'vite.node.config.ts', 'vite.preload.config.ts']) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [viteProgram, 'build', '-c', config], {
      cwd: root,
      encoding: 'utf8',
    })
    if (status === 0) continue
    process.stderr.write(`${stdout}${stderr}\nThe build failed.\n`)
    process.exit(1)
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

const owner = (file: string) => statSync(file, { throwIfNoEntry: false })

/** Why no window can be opened, or Electron's program. */
function electronProgram(): { readonly program: string } | { readonly why: string } {
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY) {
    return { why: 'there is no display. On a computer with a screen npm start opens a window' }
  }
  if (process.platform === 'linux' && process.getuid?.() === 0) {
    return {
      why: 'Electron refuses to run as root with its sandbox on. Start it as an ordinary user to get the window',
    }
  }
  const packageFolder = join(createRequire(import.meta.url).resolve('electron/package.json'), '..')
  const own = process.env.ELECTRON_OVERRIDE_DIST_PATH
  const folder = own ?? join(packageFolder, 'dist')
  const names: Readonly<Record<string, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  }
  const program = join(folder, names[process.platform] ?? 'electron')
  if (!existsSync(program)) {
    process.stderr.write('Fetching Electron’s program, once …\n')
    spawnSync(process.execPath, [join(packageFolder, 'install.js')], { cwd: root, stdio: 'ignore' })
  }
  const helper = join(folder, 'chrome-sandbox')
  if (existsSync(program) && process.platform === 'linux' && !sandboxWorks(readText, owner(helper))) {
    return {
      why: `this system does not let Electron make its sandbox. For the window: sudo chown root:root '${helper}' && sudo chmod 4755 '${helper}'`,
    }
  }
  if (existsSync(program)) return { program }
  return {
    why: 'Electron’s program could not be fetched. "npx install-electron" fetches it where the network allows, then npm start opens a window',
  }
}

/** Runs a program in our place: same terminal, its exit code is ours. */
function become(program: string, args: readonly string[]): void {
  const child = spawn(program, [...args], { cwd: process.cwd(), stdio: 'inherit' })
  // Ctrl-C reaches the child by the terminal; we wait for its clean end.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal)
    })
  }
  child.once('error', (error) => {
    process.stderr.write(`${error.message}\n`)
    process.exit(1)
  })
  child.once('exit', (code, signal) => process.exit(signal === null ? (code ?? 1) : 1))
}

const [command = 'app', ...rest] = process.argv.slice(2)
if (command === 'dev') {
  const { develop } = await import('./host/develop.ts')
  await develop(root)
} else {
  build()
  if (command === 'cli') become(process.execPath, [join(root, 'out', 'cli.js'), ...rest])
  else if (command === 'app') {
    const found = electronProgram()
    if ('program' in found) become(found.program, [root, ...rest])
    else {
      process.stdout.write(`Serving on loopback, because ${found.why}.\n`)
      become(process.execPath, [join(root, 'out', 'web.js')])
    }
  } else if (command !== 'build') {
    process.stderr.write(`Unknown: ${command}. Use app, cli, dev or build.\n`)
    process.exitCode = 2
  }
}
