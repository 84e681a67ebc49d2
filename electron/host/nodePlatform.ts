/** The platform of every door but the desktop: no system store for secrets, consent by the typed name. */
import { join } from 'node:path'
import type { Door } from '../../shared/contract/app.ts'
import { childEnvironment } from '../lib/childEnvironment.ts'
import type { Folders, Platform } from '../platform.ts'
import { forkNode } from './forkNode.ts'

export function nodePlatform(door: Door, version: string, folders: Folders): Platform {
  return {
    door,
    version,
    folders,
    fork: (entry, { args, env }) =>
      forkNode(join(folders.entries, `${entry}.mjs`), {
        args,
        env: { ...childEnvironment(), PIPELINE_HOME: folders.home, PIPELINE_CACHE: folders.cache, ...env },
      }),
    cipher: null,
    consent: async (question, typed) => typed === question.typed,
    openLink: async () => false,
    openPage: async () => false,
  }
}
