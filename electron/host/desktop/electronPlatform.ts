/** The platform inside Electron: utility processes for children, the system's store for secrets, the system browser. */
import { join } from 'node:path'
import { app, safeStorage, shell, utilityProcess } from 'electron'
import { links } from '../../../shared/links.ts'
import type { Folders, Platform } from '../../platform.ts'
import { desktopCipher } from './cipher.ts'
import { forkUtility } from './forkUtility.ts'

/** Call it after the app is ready. */
export async function electronPlatform(folders: Folders): Promise<Omit<Platform, 'door' | 'consent'>> {
  return {
    version: app.getVersion(),
    folders,
    fork: (entry, { args, env }) =>
      forkUtility(utilityProcess.fork, join(folders.entries, `${entry}.mjs`), {
        name: entry,
        args,
        env: { ...definedEnvironment(), PIPELINE_HOME: folders.home, PIPELINE_CACHE: folders.cache, ...env },
      }),
    cipher: await desktopCipher(safeStorage, process.platform),
    openLink: async (link) => {
      await shell.openExternal(links[link])
      return true
    },
  }
}

function definedEnvironment(): Record<string, string> {
  return Object.fromEntries(
    Object.entries(process.env).filter((entry): entry is [string, string] => entry[1] !== undefined),
  )
}
