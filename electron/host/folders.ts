/** The absolute folders of this installation and this user. */
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import envPaths from 'env-paths'
import type { Folders } from '../platform.ts'

/** Everything that runs is bundled into `out/`, at this depth or one below (`out/chunks`, `out/entries`). */
function outFolder(moduleUrl: string): string {
  const folder = dirname(fileURLToPath(moduleUrl))
  return /[\\/](chunks|entries)$/.test(folder) ? dirname(folder) : folder
}

/** What must be a real file (for a child program, or the JVM) lies beside the asar in a package. */
function unpacked(path: string): string {
  return path.replace(/app\.asar(?=[\\/]|$)/, 'app.asar.unpacked')
}

/** `PIPELINE_HOME` and `PIPELINE_CACHE` come before the system's usual places. */
export function foldersOf(
  moduleUrl: string,
  environment: NodeJS.ProcessEnv,
): Folders & { readonly out: string } {
  const out = outFolder(moduleUrl)
  const usual = envPaths('pipeline-control', { suffix: '' })
  const given = (name: string) => (environment[name] ? resolve(environment[name]) : null)
  return {
    out,
    home: given('PIPELINE_HOME') ?? usual.data,
    cache: given('PIPELINE_CACHE') ?? usual.cache,
    resources: unpacked(join(out, '..', 'resources')),
    entries: unpacked(join(out, 'entries')),
  }
}
