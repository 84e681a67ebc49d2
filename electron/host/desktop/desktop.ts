/** The desktop door: one instance, one window, one port, and a clean end. */
import { join } from 'node:path'
import { RPCHandler } from '@orpc/server/message-port'
import {
  app,
  BrowserWindow,
  dialog,
  ipcMain,
  Menu,
  MessageChannelMain,
  type MessagePortMain,
  protocol,
  screen,
  session,
  shell,
} from 'electron'
import { links } from '../../../shared/links.ts'
import type { Folders, Platform } from '../../platform.ts'
import type { Backend } from '../backend.ts'
import { carry } from '../carrier.ts'
import { askClosing, askConsent } from './consent.ts'
import { electronPlatform } from './electronPlatform.ts'
import { guardContents, guardPermissions } from './guards.ts'
import { menuTemplate } from './menu.ts'
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
}

/**
 * Runs the desktop app until it is quit. Order matters: the scheme and the guards stand before the app is ready, the lock
 * is taken before anything is opened, since it is keyed by the folder of the user's data.
 */
export async function runDesktop(deps: DesktopDeps): Promise<void> {
  app.setPath('userData', join(deps.folders.home, 'window'))
  if (!app.requestSingleInstanceLock()) {
    app.quit()
    return
  }
  app.enableSandbox()
  registerScheme(protocol)
  guardContents(app)
  await app.whenReady()

  guardPermissions(session.defaultSession)
  handleSchemes(protocol, join(deps.out, 'renderer'))
  const stateFile = join(deps.folders.home, 'window.json')
  const icon = join(deps.folders.resources, 'icons', 'icon.png')
  let window: BrowserWindow | null = null

  const backend = await deps.open({
    ...(await electronPlatform(deps.folders)),
    door: 'desktop',
    consent: async (question) => window !== null && (await askConsent(dialog, window, question)),
    openLink: async (link) => {
      await shell.openExternal(links[link])
      return true
    },
  })
  const { router, options } = carry(backend.router)
  const handler = new RPCHandler(router, options)
  const serve = (port: MessagePortMain) => {
    handler.upgrade(port)
    port.start()
  }

  let quitting = false
  const quit = async () => {
    if (quitting) return
    quitting = true
    await backend.dispose()
    app.exit(0)
  }

  const open = async (path: string) => {
    if (window !== null) {
      if (window.isMinimized()) window.restore()
      window.show()
      window.focus()
      if (path !== '') await showPath(window, path)
      return
    }
    const place = placement(
      readWindowState(stateFile),
      screen.getAllDisplays().map((display) => display.workArea),
    )
    const opened = new BrowserWindow(windowOptions(join(deps.out, 'preload.cjs'), icon, place))
    window = opened
    if (place.maximized) opened.maximize()
    const unwire = wire({
      ipcMain,
      window: opened,
      makeChannel: () => new MessageChannelMain(),
      serve,
      refused: (reason) => deps.warn(`a frame asked for the port and was refused: ${reason}`),
    })
    opened.once('ready-to-show', () => opened.show())
    opened.on('close', (event) => {
      if (quitting) return
      event.preventDefault()
      void close(opened)
    })
    opened.once('closed', () => {
      unwire()
      window = null
    })
    await showPath(opened, path)
  }

  const close = async (closing: BrowserWindow) => {
    await saveWindowState(stateFile, { ...closing.getNormalBounds(), maximized: closing.isMaximized() })
    // What another process owns goes on without us, and needs no question.
    const work = backend.attached ? { stack: false, runs: [] } : await backend.client.app.work()
    const busy = work.stack || work.runs.length > 0
    const answer = busy ? await askClosing(dialog, closing, work) : 'stop'
    if (answer === 'keep') closing.destroy()
    if (answer === 'stop') await quit()
  }

  app.setAboutPanelOptions({
    applicationName: 'Pipeline Control',
    applicationVersion: app.getVersion(),
    copyright: 'MIT licence',
    iconPath: icon,
  })
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate(process.platform === 'darwin', app.isPackaged, { goTo: (path) => void open(path) }),
    ),
  )
  app.setAsDefaultProtocolClient('pipeline')
  const follow = (link: string | undefined) => {
    const path = link === undefined ? null : deepLinkPath(link)
    void open(path ?? '')
  }
  app.on('second-instance', (_event, args) => follow(args.find((arg) => arg.startsWith('pipeline://'))))
  app.on('open-url', (event, url) => {
    event.preventDefault()
    follow(url)
  })
  app.on('activate', () => void open(''))
  // The window closing is not the end: work may have been kept running.
  app.on('window-all-closed', () => {})
  app.on('before-quit', (event) => {
    if (quitting) return
    event.preventDefault()
    if (window === null) void quit()
    else void close(window)
  })
  follow(process.argv.find((arg) => arg.startsWith('pipeline://')))
}
