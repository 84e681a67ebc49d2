/** The desktop's entry: the window, or the terminal's commands as `<executable> cli …` (before any lock is taken). */
import { app, dialog } from 'electron'
import { toErrorDetail } from '../shared/errors.ts'
import { createApp } from './app.ts'
import { open } from './host/backend.ts'
import { commandOf, lacksDisplay } from './host/desktop/commandLine.ts'
import { runDesktop } from './host/desktop/desktop.ts'
import { againHeadless, runTerminal } from './host/desktop/terminal.ts'
import { foldersOf } from './host/folders.ts'

const folders = foldersOf(import.meta.url, process.env)
const [command, ...args] = commandOf(process.argv, app.isPackaged)

function say(text: string): void {
  process.stderr.write(`${text}\n`)
}

/** The window could not be opened, or lost what it showed for good: said where a person sees it. */
function fail(thrown: unknown): void {
  const { code, message, hint } = toErrorDetail(thrown)
  dialog.showErrorBox('Pipeline Control', `${message}\n\n${hint}\n\n${code}`)
  app.exit(1)
}

if (command === 'cli') {
  const left = (thrown: unknown) => {
    say(toErrorDetail(thrown).message)
    app.exit(1)
  }
  // Awaited: Electron looks for a display as soon as this module has run.
  if (lacksDisplay(process.platform, process.argv, process.env)) app.exit(await againHeadless())
  else void runTerminal({ args, createApp, folders }).then((code) => app.exit(code), left)
} else {
  void runDesktop({
    folders,
    out: folders.out,
    open: (platform) => open(createApp, platform),
    warn: say,
    fail,
  }).catch(fail)
}
