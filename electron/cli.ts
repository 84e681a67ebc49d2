#!/usr/bin/env node
/** The terminal's entry: `pipeline …`. */
import { join } from 'node:path'
import { createApp } from './app.ts'
import { cliMain } from './host/cli/main.ts'
import { foldersOf } from './host/folders.ts'
import { nodePlatform } from './host/nodePlatform.ts'
import { version } from './host/version.ts'

const folders = foldersOf(import.meta.url, process.env)
const code = await cliMain({
  args: process.argv.slice(2),
  createApp,
  platform: nodePlatform('terminal', version, folders),
  folders,
  owner: { program: process.execPath, args: [join(folders.entries, 'owner.mjs')] },
})
process.exit(code)
