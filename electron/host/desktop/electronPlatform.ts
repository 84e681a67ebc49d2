/** The platform inside Electron: utility processes for children, the system's store for secrets, the system browser. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { app, safeStorage, shell, utilityProcess } from 'electron'
import { links } from '../../../shared/links.ts'
import { childEnvironment } from '../../lib/childEnvironment.ts'
import { servicePage } from '../../lib/servicePage.ts'
import type { Folders, Platform } from '../../platform.ts'
import { desktopCipher } from './cipher.ts'
import { forkUtility } from './forkUtility.ts'

/**
 * Gives Chromium its folder below the user's data, before the app is ready. Every door has the same one, since on Windows the key
 * that secrets are under lies in it; what Chromium caches is apart, because only one process can have it open.
 */
export function setDataFolder(folders: Folders, door: 'window' | 'terminal'): void {
  const userData = join(folders.home, 'window')
  const sessionData = door === 'window' ? userData : join(userData, door)
  // `setPath` wants folders that exist.
  mkdirSync(sessionData, { recursive: true, mode: 0o700 })
  app.setPath('userData', userData)
  app.setPath('sessionData', sessionData)
}

/** Call it after the app is ready. */
export async function electronPlatform(folders: Folders): Promise<Omit<Platform, 'door' | 'consent'>> {
  return {
    version: app.getVersion(),
    folders,
    fork: (entry, { args, env }) =>
      forkUtility(utilityProcess.fork, join(folders.entries, `${entry}.mjs`), {
        name: entry,
        args,
        env: { ...childEnvironment(), PIPELINE_HOME: folders.home, PIPELINE_CACHE: folders.cache, ...env },
      }),
    cipher: await desktopCipher(safeStorage, process.platform),
    openLink: async (link) => {
      await shell.openExternal(links[link])
      return true
    },
    openPage: async (_kind, url) => {
      const page = servicePage(url)
      if (page === null) return false
      // Where the system has no browser, the page shows the address.
      return shell.openExternal(page).then(
        () => true,
        () => false,
      )
    },
  }
}
