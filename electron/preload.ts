/** Asks the main process for the page's port and hands it over; nothing else of Electron reaches the page. */
import { ipcRenderer } from 'electron'

/** The page's own window, as far as this file needs it (this project has no DOM types). */
declare const window: {
  addEventListener(event: 'load', listener: () => void, options: { readonly once: true }): void
  postMessage(message: string, targetOrigin: string, transfer: readonly unknown[]): void
}

// The page listens once its scripts have run, which is before `load` (Electron's own documented pattern).
const loaded = new Promise<void>((resolve) => window.addEventListener('load', resolve, { once: true }))

ipcRenderer.on('pipeline-port', (event) => {
  // '*' is safe here: the message goes to this very window, which never shows another origin.
  void loaded.then(() => window.postMessage('pipeline-port', '*', event.ports))
})

ipcRenderer.send('pipeline-port')
