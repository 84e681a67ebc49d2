#!/usr/bin/env node
/** The terminal's entry: `pipeline …`. */
import { join } from 'node:path'
import { keepCompiled } from './host/compiled.ts'
import { foldersOf } from './host/folders.ts'
import { version } from './host/version.ts'

const folders = foldersOf(import.meta.url, process.env)
keepCompiled(folders.cache)
const { cliMain } = await import('./host/cli/main.ts')
const { nodePlatform } = await import('./host/nodePlatform.ts')
const code = await cliMain({
  args: process.argv.slice(2),
  // Not loaded for words that need no back end, nor where one runs already: that halves what a command takes.
  createApp: async (platform) => (await import('./app.ts')).createApp(platform),
  platform: nodePlatform('terminal', version, folders),
  folders,
  owner: { program: process.execPath, args: [join(folders.entries, 'owner.mjs')] },
})
process.exit(code)
