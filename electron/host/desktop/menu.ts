/** The application menu: the usual roles with their shortcuts, so that copy, zoom and quit work as everywhere. */
import type { MenuItemConstructorOptions } from 'electron'

export interface MenuActions {
  goTo(path: string): void
}

/** Ctrl on Windows and Linux, Cmd on macOS. */
const pages: readonly (readonly [label: string, path: string])[] = [
  ['Overview', ''],
  ['Set-up', 'setup'],
  ['Topics', 'topics'],
  ['Groups', 'groups'],
  ['Cluster', 'cluster'],
  ['Streams', 'streams'],
  ['Emulation', 'emulation'],
  ['Trace', 'trace'],
  ['Incidents', 'incidents'],
  ['Activity', 'activity'],
  ['Machine', 'machine'],
]

/** The template; `packaged` leaves the developer tools out. */
export function menuTemplate(
  mac: boolean,
  packaged: boolean,
  actions: MenuActions,
): MenuItemConstructorOptions[] {
  const settings: MenuItemConstructorOptions = {
    label: 'Settings…',
    accelerator: 'CmdOrCtrl+,',
    click: () => actions.goTo('settings'),
  }
  const appMenu: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      { role: 'about' },
      { type: 'separator' },
      settings,
      { type: 'separator' },
      { role: 'services' },
      { type: 'separator' },
      { role: 'hide' },
      { role: 'hideOthers' },
      { role: 'unhide' },
      { type: 'separator' },
      { role: 'quit' },
    ],
  }
  const go: MenuItemConstructorOptions = {
    label: 'Go',
    submenu: pages.map(([label, path], index) => ({
      label,
      // There is no tenth digit.
      ...(index < 9 ? { accelerator: `CmdOrCtrl+${index + 1}` } : {}),
      click: () => actions.goTo(path),
    })),
  }
  return [
    ...(mac ? [appMenu] : []),
    {
      role: 'fileMenu',
      submenu: mac ? [{ role: 'close' }] : [settings, { type: 'separator' }, { role: 'quit' }],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(packaged
          ? []
          : ([{ role: 'reload' }, { role: 'toggleDevTools' }] satisfies MenuItemConstructorOptions[])),
      ],
    },
    go,
    { role: 'windowMenu' },
    {
      role: 'help',
      submenu: [
        { label: 'Licences', click: () => actions.goTo('settings/licences') },
        ...(mac ? [] : ([{ role: 'about' }] satisfies MenuItemConstructorOptions[])),
      ],
    },
  ]
}
