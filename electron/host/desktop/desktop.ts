/** The desktop door: one instance, one window, one port, and a clean end. */
import { join } from 'node:path'
import {
  app,
  BrowserWindow,
  dialog,
  type Event,
  ipcMain,
  Menu,
  MessageChannelMain,
  Notification,
  powerMonitor,
  protocol,
  screen,
  session,
} from 'electron'
import { AppError } from '../../../shared/errors.ts'
import type { Folders, Platform } from '../../platform.ts'
import type { Backend } from '../backend.ts'
import { askClosing, askConsent } from './consent.ts'
import { electronPlatform, setDataFolder } from './electronPlatform.ts'
import { guardContents, guardPermissions } from './guards.ts'
import { openLine } from './line.ts'
import { menuTemplate } from './menu.ts'
import { watchEnds } from './notices.ts'
import { holdRequests } from './requests.ts'
import { handleSchemes, registerScheme } from './scheme.ts'
import { deepLinkPath, showPath, windowOptions } from './window.ts'
import { placement, readWindowState, saveWindowState } from './windowState.ts'
import { wire } from './wire.ts'

export interface DesktopDeps {
  readonly folders: Folders
  /** Folder of the built page and of `preload.cjs`. */
  readonly out: string
  /** Attaches to the back end that owns the folder, or becomes it. */
  open(platform: Platform): Promise<Backend>
  /** For what a person cannot see: refused frames. */
  warn(text: string): void
  /** Tells the person and ends the app. */
  fail(thrown: unknown): void
}

/** The same as in electron-builder.yml: by it Windows groups our window with its pinned icon. */
const appId = 'io.pipelinecontrol.app'

const isLink = (arg: string) => arg.startsWith('pipeline://')

/**
 * Runs the desktop app until it is quit. Order matters: the scheme, the guards and the system's requests come before the app is
 * ready, the lock is taken before anything is opened, since it is keyed by the folder of the user's data.
 * Rejects with AppError where the back end cannot be opened.
 */
export async function runDesktop(deps: DesktopDeps): Promise<void> {
  setDataFolder(deps.folders, 'window')
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  app.enableSandbox()
  registerScheme(protocol)
  guardContents(app)
  if (process.platform === 'win32') app.setAppUserModelId(appId)
  const requests = holdRequests()
  const follow = (link: string | undefined) => requests.ask(link === undefined ? null : deepLinkPath(link))
  app.on('second-instance', (_event, args) => follow(args.find(isLink)))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    follow(url)
  })
  follow(process.argv.find(isLink))
  await app.whenReady()
  // AppImage's starter adds this switch where the system forbids the sandbox.
  if (app.commandLine.hasSwitch('no-sandbox')) throw noSandbox()

  guardPermissions(session.defaultSession)
  handleSchemes(protocol, join(deps.out, 'renderer'))
  const stateFile = join(deps.folders.home, 'window.json')
  const icon = join(deps.folders.resources, 'icons', 'icon.png')
  let window: BrowserWindow | null = null
  let quitting = false
  const ending = new AbortController()

  const platform: Platform = {
    ...(await electronPlatform(deps.folders)),
    door: 'desktop',
    consent: (question) => askConsent(dialog, window, question),
  }
  const line = await openLine({
    open: () => deps.open(platform),
    reopened: () => window?.webContents.reload(),
    fail: deps.fail,
  })

  const quit = async () => {
    if (quitting) return
    quitting = true
    ending.abort()
    await line.end().catch((thrown) => deps.warn(`not everything ended cleanly: ${thrown}`))
    app.exit(0)
  }

  const open = async (path: string | null) => {
    if (window !== null) {
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
      if (path !== null) await showPath(window, path)
      return
    }
    const place = placement(
      readWindowState(stateFile),
      screen.getAllDisplays().map((display) => display.workArea),
    )
    const opened = new BrowserWindow(windowOptions(join(deps.out, 'preload.cjs'), icon, place))
    window = opened
    const unwire = wire({
      ipcMain,
      window: opened,
      makeChannel: () => new MessageChannelMain(),
      serve: line.serve,
      refused: (reason) => deps.warn(`a frame asked for the port and was refused: ${reason}`),
    })
    opened.once('ready-to-show', () => {
      if (place.maximized) opened.maximize()
      opened.show()
    })
    opened.on('close', (event) => {
      if (quitting) return
      event.preventDefault()
      void close(opened)
    })
    opened.once('closed', () => {
      unwire()
      window = null
    })
    await showPath(opened, path ?? '')
  }
  const show = (path: string | null) =>
    void open(path).catch((thrown) => deps.warn(`the page was not shown: ${thrown}`))

  let closing = false
  const close = async (asked: BrowserWindow) => {
    if (closing) return
    closing = true
    const state = { ...asked.getNormalBounds(), maximized: asked.isMaximized() }
    await saveWindowState(stateFile, state).catch((thrown) => deps.warn(`the window's place: ${thrown}`))
    // What another process owns goes on without us, and needs no question.
    const idle = { stack: false, runs: [] }
    const { attached, client } = line.backend
    const work = attached ? idle : await client.app.work().catch(() => idle)
    const busy = work.stack || work.runs.length > 0
    const answer = busy ? await askClosing(dialog, asked, work) : 'stop'
    closing = false
    if (answer === 'keep') asked.destroy()
    if (answer === 'stop') await quit()
  }

  app.setAboutPanelOptions({
    applicationName: app.name,
    applicationVersion: app.getVersion(),
    copyright: 'MIT licence',
    iconPath: icon,
  })
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(menuTemplate(process.platform === 'darwin', app.isPackaged, { goTo: show })),
  )
  // In development it would register Electron itself, without our folder.
  if (app.isPackaged) app.setAsDefaultProtocolClient('pipeline')
  app.on('activate', () => show(null))
  // The window closing is not the end: work may have been kept running.
  app.on('window-all-closed', () => {})
  app.on('before-quit', (event) => {
    if (quitting) return
    event.preventDefault()
    if (window === null) void quit()
    else void close(window)
  })
  // A computer that shuts down is not asked back. Electron's types leave out the event that its documentation speaks of.
  ;(powerMonitor as NodeJS.EventEmitter).on('shutdown', (event?: Event) => {
    event?.preventDefault()
    void quit()
  })
  requests.serve(show)
  void watchEnds({
    client: () => line.backend.client,
    Notification,
    inSight: () => window?.isFocused() === true,
    show,
    warn: deps.warn,
    signal: ending.signal,
  })
}

function noSandbox(): AppError {
  return new AppError({
    code: 'NO_SANDBOX',
    message: 'This system does not let an AppImage run its window in a sandbox.',
    hint: 'Install the .deb or .rpm package instead, or run this one with "cli serve" and use the page it names.',
  })
}
