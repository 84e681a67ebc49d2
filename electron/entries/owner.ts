/** The back end in the background: started by `local up --detach`, ends when nothing runs and nobody is attached. */
import { createApp } from '../app.ts'
import { own } from '../host/backend.ts'
import { foldersOf } from '../host/folders.ts'
import { nodePlatform } from '../host/nodePlatform.ts'
import { version } from '../host/version.ts'

/** Time for the door that started us to attach and begin something, ms. */
const graceMs = 15_000
const lookEveryMs = 1_000

const owned = await own(createApp, nodePlatform('terminal', version, foldersOf(import.meta.url, process.env)))
if (owned === null) process.exit(0)

let idleSince = Date.now()
const end = async () => {
  clearInterval(looking)
  await owned.dispose()
  process.exit(0)
}
const looking = setInterval(async () => {
  const work = await owned.client.app.work()
  if (work.stack || work.runs.length > 0 || owned.doors() > 0) idleSince = Date.now()
  else if (Date.now() - idleSince > graceMs) await end()
}, lookEveryMs)
process.on('SIGTERM', () => void end())
process.on('SIGINT', () => void end())
