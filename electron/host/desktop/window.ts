/** The one window: isolated, sandboxed, showing only our page. */
import type { BrowserWindowConstructorOptions, WebContents } from 'electron'
import { appOrigin } from './guards.ts'
import { type Placement, smallest } from './windowState.ts'

/** Every security switch is stated although most are Electron's defaults, and tested (ARCHITECTURE, Electron). */
export function windowOptions(
  preload: string,
  icon: string,
  place: Placement,
): BrowserWindowConstructorOptions {
  return {
    ...place.bounds,
    minWidth: smallest.width,
    minHeight: smallest.height,
    show: false,
    title: 'Pipeline Control',
    icon,
    autoHideMenuBar: true,
    webPreferences: {
      preload,
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
    },
  }
}

/**
 * The page's path for a `pipeline://…` link, or null. A link only navigates (decision 20): no query, no fragment of its own,
 * and only characters that occur in our routes.
 */
export function deepLinkPath(link: string): string | null {
  const match = /^pipeline:\/\/([A-Za-z0-9._~%/-]{0,400})$/.exec(link)
  return match === null ? null : (match[1] ?? '').replace(/\/+$/, '')
}

/**
 * Shows a page of the app, '' the first one. A change of the fragment alone does not reload it; the same address again would, and
 * an address without a fragment too.
 */
export async function showPath(
  window: { readonly webContents: Pick<WebContents, 'getURL' | 'loadURL'> },
  path: string,
): Promise<void> {
  const url = `${appOrigin}/index.html#/${path}`
  if (window.webContents.getURL() !== url) await window.webContents.loadURL(url)
}
