/** `npm run dev`: rebuilds as you type, restarts the back end, and reloads the page. */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, watch } from 'node:fs'
import { join } from 'node:path'

/** Editors write a file in several steps; one restart is enough for them, ms. */
const settleMs = 400

/** Watches until interrupted. The page is the built one, since its security policy is part of what is tested. */
export async function develop(root: string): Promise<void> {
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js')
  const run = (args: readonly string[]) =>
    spawn(process.execPath, [vite, 'build', ...args], { cwd: root, stdio: 'inherit' })
  const builders = ['vite.config.ts', 'vite.node.config.ts', 'vite.preload.config.ts'].map((config) =>
    run(['--watch', '-c', config]),
  )

  const out = join(root, 'out')
  const program = join(out, 'web.js')
  let backend: ChildProcess | null = null
  let ending = false
  let timer: NodeJS.Timeout | undefined
  const restart = async () => {
    const old = backend
    if (old !== null && old.exitCode === null) {
      const gone = new Promise((resolve) => old.once('exit', resolve))
      old.kill('SIGINT')
      await gone
    }
    // Not built yet: the build's own change starts it.
    if (ending || !existsSync(program)) return
    backend = spawn(process.execPath, [program], {
      cwd: root,
      stdio: 'inherit',
      // Ctrl-C reaches it through us alone: a second signal would end it at once.
      detached: process.platform !== 'win32',
    })
  }
  const changed = () => {
    clearTimeout(timer)
    timer = setTimeout(() => void restart(), settleMs)
  }
  mkdirSync(out, { recursive: true })
  const watcher = watch(out, { recursive: true }, (_event, name) => {
    if (name && /\.m?js$/.test(name) && !name.startsWith('renderer')) changed()
  })
  changed()
  await new Promise<void>((resolve) => {
    process.once('SIGINT', () => {
      // Whatever still watches or waits would keep this program alive.
      ending = true
      watcher.close()
      clearTimeout(timer)
      for (const builder of builders) builder.kill()
      if (backend === null || backend.exitCode !== null) return resolve()
      backend.once('exit', () => resolve())
      backend.kill('SIGINT')
    })
  })
}
