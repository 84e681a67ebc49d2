/** Hands the page its one MessagePort: only to the main frame of our window, at our origin (decision 16). */
import type { BrowserWindow, IpcMain, IpcMainEvent, MessageChannelMain, MessagePortMain } from 'electron'
import { appOrigin } from './guards.ts'

/** The preload's request and our answer travel on this channel. */
export const portChannel = 'pipeline-port'

export interface WireDeps {
  readonly ipcMain: Pick<IpcMain, 'on' | 'off'>
  readonly window: Pick<BrowserWindow, 'webContents'>
  makeChannel(): Pick<MessageChannelMain, 'port1' | 'port2'>
  /** Serves the contract on our end. */
  serve(port: MessagePortMain): void
  refused(reason: string): void
}

/** Why a request for the port is refused, or null where it is ours. `origin` is compared as it is: never by `new URL`. */
export function refusal(event: Pick<IpcMainEvent, 'senderFrame'>, window: WireDeps['window']): string | null {
  if (event.senderFrame === null) return 'the frame is gone'
  if (event.senderFrame !== window.webContents.mainFrame) return 'not the main frame of the window'
  if (event.senderFrame.origin !== appOrigin) return `foreign origin: ${event.senderFrame.origin}`
  return null
}

/** Answers requests until the returned function is called; a new port (reload) closes the one before. */
export function wire(deps: WireDeps): () => void {
  let live: MessagePortMain | null = null
  const close = () => {
    live?.close()
    live = null
  }
  const listener = (event: IpcMainEvent) => {
    const reason = refusal(event, deps.window)
    if (reason !== null) {
      deps.refused(reason)
      return
    }
    close()
    const { port1, port2 } = deps.makeChannel()
    live = port1
    deps.serve(port1)
    event.senderFrame?.postMessage(portChannel, null, [port2])
  }
  deps.ipcMain.on(portChannel, listener)
  deps.window.webContents.on('did-start-navigation', (details) => {
    if (details.isMainFrame && !details.isSameDocument) close()
  })
  deps.window.webContents.on('render-process-gone', close)
  deps.window.webContents.on('destroyed', close)
  return () => {
    deps.ipcMain.off(portChannel, listener)
    close()
  }
}
