/** The desktop's entry: the window, or the terminal's commands as `<executable> cli …` (before any lock is taken). */
import { app } from 'electron'
import { createApp } from './app.ts'
import { open } from './host/backend.ts'
import { cliMain } from './host/cli/main.ts'
import { runDesktop } from './host/desktop/desktop.ts'
import { electronPlatform } from './host/desktop/electronPlatform.ts'
import { foldersOf } from './host/folders.ts'
import { keepOwner } from './host/owner.ts'

const folders = foldersOf(import.meta.url, process.env)
const [command, ...args] = process.argv.slice(app.isPackaged ? 1 : 2)

/** The word that makes `<executable> cli` the background owner; not for people. */
const ownerWord = '__owner'

async function terminal(): Promise<number> {
  // Commands open no window, and must also work where there is no display.
  if (process.platform === 'linux') app.commandLine.appendSwitch('ozone-platform', 'headless')
  if (process.platform === 'darwin') app.dock?.hide()
  await app.whenReady()
  const platform = {
    ...(await electronPlatform(folders)),
    door: 'terminal' as const,
    consent: async (question: { readonly typed: string }, typed: string) => typed === question.typed,
  }
  if (args[0] === ownerWord) {
    await keepOwner(createApp, platform)
    return 0
  }
  const start = app.isPackaged ? [] : [process.argv[1] ?? '.']
  return cliMain({
    args,
    createApp,
    platform,
    folders,
    owner: { program: process.execPath, args: [...start, 'cli', ownerWord] },
  })
}

if (command === 'cli') {
  void terminal().then(
    (code) => app.exit(code),
    (thrown) => {
      process.stderr.write(`${thrown instanceof Error ? thrown.message : String(thrown)}\n`)
      app.exit(1)
    },
  )
} else {
  void runDesktop({
    folders,
    out: folders.out,
    open: (platform) => open(createApp, platform),
    warn: (text) => process.stderr.write(`${text}\n`),
  })
}
