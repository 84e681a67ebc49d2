/** Everything a page must not do in our window, denied in one place. */
import type { App, Event, Session, WebContents } from 'electron'

/** The only origin that is ever shown. */
export const appOrigin = 'app://pipeline'

/** What the page may ask the browser for, with the reason; everything else is denied. */
const allowedPermissions: Readonly<Record<string, string>> = {
  'clipboard-sanitized-write': 'copy buttons',
}

function deny(event: Pick<Event, 'preventDefault'>): void {
  event.preventDefault()
}

/** Denies navigation, redirects, new windows and webviews in every web contents that will ever exist. */
export function guardContents(app: Pick<App, 'on'>): void {
  app.on('web-contents-created', (_event, contents: WebContents) => {
    contents.on('will-navigate', deny)
    contents.on('will-frame-navigate', (event) => {
      // The page's own frame for the terminal, when it is first loaded.
      if (event.isMainFrame || event.url !== `${appOrigin}/terminal.html`) deny(event)
    })
    contents.on('will-redirect', deny)
    contents.on('will-attach-webview', deny)
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

/** Denies every permission but writing to the clipboard, both when asked and when only looked up. */
export function guardPermissions(
  session: Pick<
    Session,
    'setPermissionRequestHandler' | 'setPermissionCheckHandler' | 'setDevicePermissionHandler'
  >,
): void {
  const allowed = (permission: string) => Object.hasOwn(allowedPermissions, permission)
  session.setPermissionRequestHandler((_contents, permission, answer) => answer(allowed(permission)))
  session.setPermissionCheckHandler((_contents, permission) => allowed(permission))
  session.setDevicePermissionHandler(() => false)
}
