/** The terminal's commands as `<executable> cli …`: no window, and no display needed. */
import { spawn } from 'node:child_process'
import { app } from 'electron'
import type { Platform } from '../../platform.ts'
import type { CreateApp } from '../backend.ts'
import { cliMain } from '../cli/main.ts'
import type { foldersOf } from '../folders.ts'
import { keepOwner } from '../owner.ts'
import { headlessSwitch, ownProgram } from './commandLine.ts'
import { electronPlatform, setDataFolder } from './electronPlatform.ts'

/** The word that makes `<executable> cli` the background owner; not for people. */
const ownerWord = '__owner'

/** Runs this very command once more without a display. Answers its exit code. */
export function againHeadless(): Promise<number> {
  const child = spawn(process.execPath, [headlessSwitch, ...process.argv.slice(1)], { stdio: 'inherit' })
  // Ctrl-C reaches it by the terminal; we wait for its clean end.
  process.on('SIGINT', () => {})
  for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', (code) => resolve(code ?? 1))
  })
}

export interface TerminalDeps {
  /** What stands after `cli`. */
  readonly args: readonly string[]
  readonly createApp: CreateApp
  readonly folders: ReturnType<typeof foldersOf>
}

/** Answers the exit code. */
export async function runTerminal({ args, createApp, folders }: TerminalDeps): Promise<number> {
  setDataFolder(folders, 'terminal')
  if (process.platform === 'darwin') app.dock?.hide()
  const { program, args: start } = ownProgram({
    packaged: app.isPackaged,
    execPath: process.execPath,
    appPath: app.getAppPath(),
    environment: process.env,
  })
  await app.whenReady()
  const platform: Platform = {
    ...(await electronPlatform(folders)),
    door: 'terminal',
    consent: async (question, typed) => typed === question.typed,
  }
  if (args[0] !== ownerWord) {
    // Always without a display: one that goes away (the end of a session) would take the owner with it.
    const headless = process.platform === 'linux' ? [headlessSwitch] : []
    return cliMain({
      args,
      createApp,
      platform,
      folders,
      owner: { program, args: [...headless, ...start, 'cli', ownerWord] },
    })
  }
  // macOS gives a click on the icon to whichever process of ours runs: this one, and the window is another.
  const openWindow = (link: readonly string[]) => {
    const child = spawn(program, [...start, ...link], { detached: true, stdio: 'ignore' })
    child.on('error', () => {})
    child.unref()
  }
  app.on('activate', () => openWindow([]))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    openWindow([url])
  })
  await keepOwner(createApp, platform)
  return 0
}
