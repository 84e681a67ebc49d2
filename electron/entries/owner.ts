/** The background owner as a plain Node program: started by `local up --detach`. */
import { createApp } from '../app.ts'
import { foldersOf } from '../host/folders.ts'
import { nodePlatform } from '../host/nodePlatform.ts'
import { keepOwner } from '../host/owner.ts'
import { version } from '../host/version.ts'

await keepOwner(createApp, nodePlatform('terminal', version, foldersOf(import.meta.url, process.env)))
process.exit(0)
