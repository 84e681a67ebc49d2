/**
 * Stands in for Electron's module in a plain Node process, so that the built main program can be run where Electron's own cannot
 * be had. It tells its parent what was called, and what its parent says becomes an event.
 */
import { EventEmitter } from 'node:events'

/** What the test sends: an event of `app`, of the window, of `powerMonitor` or of the last notification, with what follows the event object. */
export interface FakeEvent {
  readonly of: 'app' | 'window' | 'powerMonitor' | 'notice'
  readonly name: string
  readonly args?: readonly unknown[]
}

const tell = (call: string, about: unknown) => process.send?.({ call, about })
const nothing = () => {}

class App extends EventEmitter {
  readonly isPackaged = true
  readonly name = 'Pipeline Control'
  readonly commandLine = { hasSwitch: (name: string) => process.argv.includes(`--${name}`) }
  readonly enableSandbox = nothing
  readonly setAboutPanelOptions = nothing
  readonly getAppPath = () => process.cwd()
  readonly getVersion = () => '0.0.0'
  readonly setPath = (name: string, path: string) => tell('setPath', [name, path])
  readonly whenReady = () => Promise.resolve()
  readonly requestSingleInstanceLock = () => true
  readonly setAsDefaultProtocolClient = (scheme: string) => tell('protocol', scheme)
  readonly quit = () => this.emit('before-quit', { preventDefault: nothing })
  readonly exit = (code: number) => process.exit(code)
}
export const app = new App()

class WebContents extends EventEmitter {
  #url = ''
  readonly getURL = () => this.#url
  readonly reload = () => tell('reload', null)
  async loadURL(url: string): Promise<void> {
    this.#url = url
    tell('load', url)
  }
}

let window: BrowserWindow | null = null

export class BrowserWindow extends EventEmitter {
  readonly webContents = new WebContents()
  readonly isMinimized = () => false
  readonly isFocused = () => false
  readonly isMaximized = () => false
  readonly getNormalBounds = () => ({ x: 1, y: 2, width: 1_000, height: 700 })
  readonly focus = nothing
  readonly show = () => tell('show', null)
  constructor(options: { readonly icon: string; readonly webPreferences: { readonly preload: string } }) {
    super()
    window = this
    tell('window', [options.icon, options.webPreferences.preload])
    setImmediate(() => this.emit('ready-to-show'))
  }
}

export const dialog = { showErrorBox: (_title: string, text: string) => tell('error', text) }
export const ipcMain = new EventEmitter()
export const Menu = { buildFromTemplate: nothing, setApplicationMenu: nothing }
export class MessageChannelMain {}
let notice: Notification | null = null

export class Notification extends EventEmitter {
  static readonly isSupported = () => true
  readonly #about: unknown
  constructor(about: { readonly title: string; readonly body: string }) {
    super()
    this.#about = about
    notice = this
  }
  readonly show = () => tell('notification', this.#about)
}
export const powerMonitor = new EventEmitter()
export const protocol = { registerSchemesAsPrivileged: nothing, handle: nothing }
export const safeStorage = { getSelectedStorageBackend: () => 'basic_text' }
export const screen = { getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1_920, height: 1_080 } }] }
export const session = {
  defaultSession: {
    setPermissionRequestHandler: nothing,
    setPermissionCheckHandler: nothing,
    setDevicePermissionHandler: nothing,
  },
}
export const shell = {}
export const utilityProcess = {}

process.on('message', ({ of, name, args = [] }: FakeEvent) => {
  const target = { app, window, powerMonitor, notice }[of]
  target?.emit(name, { preventDefault: nothing }, ...args)
})
