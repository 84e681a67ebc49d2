/** The desktop host against typed fakes of Electron: each test is named after what it keeps out, or what it must do. */
import { EventEmitter } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Dialog, IpcMainEvent, SafeStorage, Session, WebContents } from 'electron'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { desktopCipher } from '../../electron/host/desktop/cipher.ts'
import {
  commandOf,
  headlessSwitch,
  lacksDisplay,
  ownProgram,
} from '../../electron/host/desktop/commandLine.ts'
import { askClosing, askConsent } from '../../electron/host/desktop/consent.ts'
import { guardContents, guardPermissions } from '../../electron/host/desktop/guards.ts'
import { menuTemplate } from '../../electron/host/desktop/menu.ts'
import { watchEnds } from '../../electron/host/desktop/notices.ts'
import { holdRequests } from '../../electron/host/desktop/requests.ts'
import { serveApp } from '../../electron/host/desktop/scheme.ts'
import { deepLinkPath, showPath, windowOptions } from '../../electron/host/desktop/window.ts'
import { placement } from '../../electron/host/desktop/windowState.ts'
import { portChannel, wire } from '../../electron/host/desktop/wire.ts'
import { type Activity, deletes } from '../../shared/contract/app.ts'

/** A value of Electron's type made of just the members a function uses; the one place where a fake is cast. */
function fake<T>(members: object): T {
  return members as T
}

describe('guards', () => {
  it('deny navigation, redirects, frames, webviews and new windows in every contents', () => {
    const app = new EventEmitter()
    guardContents(fake(app))
    const contents = Object.assign(new EventEmitter(), {
      opener: null as unknown as () => { action: string },
      setWindowOpenHandler(handler: () => { action: string }) {
        this.opener = handler
      },
    })
    app.emit('web-contents-created', {}, fake<WebContents>(contents))
    for (const name of ['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview']) {
      let denied = false
      contents.emit(name, { preventDefault: () => (denied = true) })
      expect(denied, name).toBe(true)
    }
    expect(contents.opener().action).toBe('deny')
  })

  it('deny every permission but writing to the clipboard', () => {
    let request: (contents: unknown, permission: string, answer: (ok: boolean) => void) => void = () => {}
    let check: (contents: unknown, permission: string) => boolean = () => true
    let device: () => boolean = () => true
    guardPermissions(
      fake<Session>({
        setPermissionRequestHandler: (handler: typeof request) => (request = handler),
        setPermissionCheckHandler: (handler: typeof check) => (check = handler),
        setDevicePermissionHandler: (handler: typeof device) => (device = handler),
      }),
    )
    for (const permission of [
      'geolocation',
      'media',
      'notifications',
      'openExternal',
      '__proto__',
      'constructor',
    ]) {
      let granted: boolean | undefined
      request(null, permission, (ok) => (granted = ok))
      expect(granted, permission).toBe(false)
      expect(check(null, permission), permission).toBe(false)
    }
    expect(check(null, 'clipboard-sanitized-write')).toBe(true)
    expect(device()).toBe(false)
  })
})

describe('the end of long work', () => {
  const entry = (id: number, change: Partial<Activity> = {}): Activity => ({
    id,
    at: Date.now() + 1_000,
    level: 'good',
    area: 'emulation',
    pipeline: 'p',
    text: `Emulation ${id} done`,
    hint: null,
    ended: { path: `emulation/${id}`, tookMs: 31_000 },
    remind: null,
    ...change,
  })

  /** Runs over the given batches and answers what was told; each notification is pressed at once. */
  async function tell(
    batches: readonly (readonly Activity[])[],
    { notifyEnds = true, inSight = false, supported = true } = {},
  ) {
    const ending = new AbortController()
    const told: unknown[] = []
    const shown: string[] = []
    class Notification extends EventEmitter {
      static readonly isSupported = () => supported
      readonly #about: unknown
      constructor(about: unknown) {
        super()
        this.#about = about
      }
      show() {
        told.push(this.#about)
        this.emit('click')
      }
    }
    const watch = async function* () {
      yield* batches
      ending.abort()
    }
    await watchEnds({
      client: () => fake({ app: { activity: { watch } }, settings: { get: async () => ({ notifyEnds }) } }),
      Notification: fake(Notification),
      inSight: () => inSight,
      show: (path) => shown.push(path),
      warn: (text) => told.push(text),
      signal: ending.signal,
    })
    return { told, shown }
  }

  it('is told, and a press on it only shows the page', async () => {
    const failed = entry(2, { level: 'bad', text: 'It broke', hint: 'Mend it.' })
    const reminder = entry(3, { ended: null, remind: { path: 'aws' }, text: 'It still runs' })
    const { told, shown } = await tell([[entry(1)], [entry(1), failed, reminder]])
    expect(told).toEqual([
      { title: 'Done', body: 'Emulation 1 done' },
      { title: 'Failed', body: 'It broke\nMend it.' },
      { title: 'Reminder', body: 'It still runs' },
    ])
    expect(shown).toEqual(['emulation/1', 'emulation/2', 'aws'])
  })

  it('is not told of what ended before, of short work and of what is no end', async () => {
    const { told } = await tell([
      [entry(1, { at: 5 })],
      [entry(2, { ended: { path: 'emulation/2', tookMs: 29_000 } }), entry(3, { ended: null })],
    ])
    expect(told).toEqual([])
  })

  it('is not told while the window is in sight, where it is switched off, and where there is no place for it', async () => {
    for (const how of [{ inSight: true }, { notifyEnds: false }, { supported: false }])
      expect((await tell([[entry(1)]], how)).told, JSON.stringify(how)).toEqual([])
  })
})

describe('wire', () => {
  const setUp = () => {
    const ipcMain = new EventEmitter()
    const mainFrame = {
      origin: 'app://pipeline',
      posted: [] as unknown[][],
      postMessage: (...args: unknown[]) => mainFrame.posted.push(args),
    }
    const webContents = Object.assign(new EventEmitter(), { mainFrame })
    const served: { closed: boolean }[] = []
    const refused: string[] = []
    const stop = wire({
      ipcMain: fake(ipcMain),
      window: fake({ webContents }),
      makeChannel: () => {
        const port1 = { closed: false, close: () => (port1.closed = true) }
        return fake({ port1, port2: { far: true } })
      },
      serve: (port) => served.push(fake(port)),
      refused: (reason) => refused.push(reason),
    })
    const ask = (senderFrame: unknown) => ipcMain.emit(portChannel, fake<IpcMainEvent>({ senderFrame }))
    return { ask, mainFrame, webContents, served, refused, stop }
  }

  it('gives the main frame of our origin one port', () => {
    const { ask, mainFrame, served, refused } = setUp()
    ask(mainFrame)
    expect(served).toHaveLength(1)
    expect(mainFrame.posted).toEqual([[portChannel, null, [{ far: true }]]])
    expect(refused).toEqual([])
  })

  it('refuses a sub-frame, a foreign origin, the opaque origin "null", and a frame that is gone', () => {
    const { ask, mainFrame, served, refused } = setUp()
    ask({ ...mainFrame })
    ask(null)
    for (const origin of ['https://evil.example', 'null', 'app://pipeline.evil', '']) {
      mainFrame.origin = origin
      ask(mainFrame)
    }
    expect(served).toEqual([])
    expect(mainFrame.posted).toEqual([])
    expect(refused).toHaveLength(6)
  })

  it('closes the port before giving another, on navigation, and when the window goes', () => {
    const { ask, mainFrame, webContents, served, stop } = setUp()
    ask(mainFrame)
    ask(mainFrame)
    expect(served.map((port) => port.closed)).toEqual([true, false])
    webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: true })
    expect(served[1]?.closed).toBe(false)
    webContents.emit('did-start-navigation', { isMainFrame: true, isSameDocument: false })
    expect(served[1]?.closed).toBe(true)
    ask(mainFrame)
    stop()
    expect(served[2]?.closed).toBe(true)
    ask(mainFrame)
    expect(served).toHaveLength(3)
  })
})

describe('app://', () => {
  let root = ''
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'pipeline-scheme-'))
    await writeFile(join(root, 'index.html'), '<p>page</p>')
    await writeFile(`${root}-secret.txt`, 'secret')
  })
  afterAll(async () => {
    await rm(root, { recursive: true })
    await rm(`${root}-secret.txt`)
  })

  it('serves the page with its policy', async () => {
    const response = await serveApp(root, { method: 'GET', url: 'app://pipeline/index.html?x=1#/topics' })
    expect(response.status).toBe(200)
    expect(await response.text()).toBe('<p>page</p>')
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'")
  })

  it.each([
    'app://pipeline/../x.html',
    'app://pipeline/%2e%2e/x.html',
    'app://pipeline/..%2f..%2fetc%2fhosts.txt',
    'app://pipeline/missing.html',
    'app://other/index.html',
    'app:index.html',
    'file:///index.html',
  ])('gives 404 for %s', async (url) => {
    expect((await serveApp(root, { method: 'GET', url })).status).toBe(404)
  })

  it('answers only GET', async () => {
    expect((await serveApp(root, { method: 'POST', url: 'app://pipeline/index.html' })).status).toBe(405)
  })
})

describe('secrets', () => {
  const storage = (backend: string, available = true) =>
    fake<SafeStorage>({
      getSelectedStorageBackend: () => backend,
      isAsyncEncryptionAvailable: async () => available,
      encryptStringAsync: async (text: string) => Buffer.from(text).reverse(),
      decryptStringAsync: async (data: Buffer) => ({
        result: Buffer.from(data).reverse().toString(),
        shouldReEncrypt: false,
      }),
    })

  it.each(['basic_text', 'unknown'])(
    'refuse the Linux back end %s, whose key protects nothing',
    async (backend) => {
      expect(await desktopCipher(storage(backend), 'linux')).toBeNull()
    },
  )

  it('refuse a store that is not available', async () => {
    expect(await desktopCipher(storage('gnome_libsecret', false), 'linux')).toBeNull()
  })

  it('come back wrapped, and name their store', async () => {
    const cipher = await desktopCipher(storage('kwallet6'), 'linux')
    expect(cipher?.store).toBe('kwallet6')
    const opened = await cipher?.decrypt((await cipher?.encrypt('canary')) ?? new Uint8Array())
    expect(String(opened)).toBe('[REDACTED]')
    expect(opened?.reveal()).toBe('canary')
    expect((await desktopCipher(storage('unknown'), 'darwin'))?.store).toBe('keychain')
  })
})

describe('questions', () => {
  const dialog = (response: number) => {
    const shown: { detail: string; defaultId: number; cancelId: number }[] = []
    return {
      shown,
      api: fake<Dialog>({
        showMessageBox: async (_window: unknown, options: (typeof shown)[number]) => {
          shown.push(options)
          return { response }
        },
      }),
    }
  }

  it('name what would be lost, and mean no by default and by Escape', async () => {
    const { shown, api } = dialog(0)
    const question = {
      title: 'Delete topic?',
      ...deletes,
      losses: Array.from({ length: 20 }, (_, i) => `t${i}: 5 messages`),
      typed: 't',
    }
    expect(await askConsent(api, fake({}), question)).toBe(false)
    expect(shown[0]?.detail).toContain('t0: 5 messages')
    expect(shown[0]?.detail).toContain('and 8 more')
    expect([shown[0]?.defaultId, shown[0]?.cancelId]).toEqual([0, 0])
    expect(await askConsent(dialog(1).api, fake({}), question)).toBe(true)
    const alone = fake<Dialog>({ showMessageBox: async (...args: unknown[]) => ({ response: args.length }) })
    expect(await askConsent(alone, null, question)).toBe(true)
  })

  it('let closing keep, stop or cancel', async () => {
    const work = { runs: ['r1'], stack: true }
    expect(await askClosing(dialog(0).api, fake({}), work)).toBe('keep')
    expect(await askClosing(dialog(1).api, fake({}), work)).toBe('stop')
    expect(await askClosing(dialog(2).api, fake({}), work)).toBe('cancel')
  })
})

describe('window', () => {
  it('is isolated and sandboxed', () => {
    const { webPreferences } = windowOptions('/p.cjs', '/i.png', placement(null, []))
    expect(webPreferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      webSecurity: true,
      webviewTag: false,
    })
  })

  const screen = { x: 0, y: 0, width: 1920, height: 1080 }
  it('opens where it was, unless no screen shows that place', () => {
    const state = { x: 100, y: 50, width: 1000, height: 700, maximized: true }
    expect(placement(state, [screen])).toEqual({
      bounds: { x: 100, y: 50, width: 1000, height: 700 },
      maximized: true,
    })
    expect(placement({ ...state, x: 5000 }, [screen]).bounds).not.toHaveProperty('x')
    expect(placement({ ...state, width: 'wide' }, [screen]).maximized).toBe(false)
    expect(placement(JSON.parse('{"__proto__":{"x":1}}'), [screen]).bounds).not.toHaveProperty('x')
  })

  it.each([
    ['pipeline://topics/learner.pin', 'topics/learner.pin'],
    ['pipeline://', ''],
    ['pipeline://topics?next=app://evil', null],
    ['pipeline://x#y', null],
    ['pipeline://"><script>', null],
    ['https://evil.example', null],
  ])('takes the deep link %s as %s', (link, path) => {
    expect(deepLinkPath(link)).toBe(path)
  })
})

describe('what is shown', () => {
  it('is every page the menu names, without loading again what is there', async () => {
    const loaded: string[] = []
    const webContents = {
      getURL: () => loaded.at(-1) ?? '',
      loadURL: async (url: string) => void loaded.push(url),
    }
    for (const path of ['', 'topics', 'topics', '']) await showPath({ webContents }, path)
    // Each with a fragment: only then the page is not loaded anew.
    expect(loaded).toEqual(['#/', '#/topics', '#/'].map((end) => `app://pipeline/index.html${end}`))
  })

  it('is the link the app was started with, even if it came before there was a window', () => {
    const requests = holdRequests()
    const shown: (string | null)[] = []
    requests.ask('topics/learner.pin')
    requests.ask(null)
    requests.serve((path) => shown.push(path))
    requests.ask(null)
    requests.ask('streams')
    expect(shown).toEqual(['topics/learner.pin', null, 'streams'])
  })
})

describe('the command line', () => {
  it.each([
    ['packaged', ['app', 'cli', 'local', 'up', '--json'], true],
    ['from an AppImage without a sandbox', ['app', '--no-sandbox', 'cli', 'local', 'up', '--json'], true],
    ['from pipeline.cmd', ['app.exe', '--', 'cli', 'local', 'up', '--json'], true],
    ['started again without a display', ['app', headlessSwitch, 'cli', 'local', 'up', '--json'], true],
    ['in development', ['electron', headlessSwitch, '/repo', 'cli', 'local', 'up', '--json'], false],
  ])('is understood %s', (_name, argv, packaged) => {
    expect(commandOf(argv, packaged)).toEqual(['cli', 'local', 'up', '--json'])
  })

  it('has no command where the window is meant', () => {
    expect(commandOf(['app'], true)).toEqual([])
    expect(commandOf(['app', '--no-sandbox'], true)).toEqual([])
    expect(commandOf(['app', 'pipeline://topics'], true)).toEqual(['pipeline://topics'])
  })

  it('needs another start only on Linux without a display, and only one', () => {
    expect(lacksDisplay('linux', ['app', 'cli'], {})).toBe(true)
    expect(lacksDisplay('linux', ['app', headlessSwitch, 'cli'], {})).toBe(false)
    expect(lacksDisplay('linux', ['app', 'cli'], { WAYLAND_DISPLAY: 'wayland-0' })).toBe(false)
    expect(lacksDisplay('darwin', ['app', 'cli'], {})).toBe(false)
  })

  it('starts what outlives it from the AppImage, not from where that is mounted', () => {
    const environment = { APPIMAGE: '/home/me/Pipeline.AppImage', APPDIR: '/tmp/.mount_x' }
    const at = (execPath: string, packaged = true) =>
      ownProgram({ packaged, execPath, appPath: '/repo', environment })
    expect(at('/tmp/.mount_x/pipeline-control')).toEqual({ program: environment.APPIMAGE, args: [] })
    // Started from the terminal of another AppImage, whose variables we inherit.
    expect(at('/opt/Pipeline Control/pipeline-control').program).toBe(
      '/opt/Pipeline Control/pipeline-control',
    )
    expect(at('/repo/electron', false)).toEqual({ program: '/repo/electron', args: ['/repo'] })
  })
})

describe('menu', () => {
  it('has the roles people expect and no developer tools when packaged', () => {
    const visited: string[] = []
    const menu = menuTemplate(false, true, { goTo: (path) => visited.push(path) })
    expect(menu.map((item) => item.role ?? item.label)).toEqual([
      'fileMenu',
      'editMenu',
      'View',
      'Go',
      'windowMenu',
      'help',
    ])
    expect(JSON.stringify(menu)).not.toContain('toggleDevTools')
    expect(JSON.stringify(menuTemplate(true, false, { goTo: () => {} }))).toContain('toggleDevTools')
    const go = menu.find((item) => item.label === 'Go')?.submenu
    if (Array.isArray(go)) for (const item of go) item.click?.(fake({}), undefined, fake({}))
    expect(visited).toEqual([
      '',
      'setup',
      'topics',
      'groups',
      'cluster',
      'streams',
      'emulation',
      'trace',
      'incidents',
      'activity',
      'machine',
    ])
  })
})
