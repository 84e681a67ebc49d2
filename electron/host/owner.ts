/** The back end in the background: stays while something runs or somebody is attached, then ends by itself (decision 2). */
import type { Platform } from '../platform.ts'
import { type CreateApp, own } from './backend.ts'

/** Time for the door that started us to attach and begin something, ms. */
const graceMs = 15_000
const lookEveryMs = 1_000

/** Resolves when it has ended; at once where somebody else owns the folder. */
export async function keepOwner(createApp: CreateApp, platform: Platform): Promise<void> {
  const owned = await own(createApp, platform)
  if (owned === null) return
  await new Promise<void>((resolve) => {
    let idleSince = Date.now()
    const looking = setInterval(async () => {
      const work = await owned.client.app.work()
      if (work.stack || work.runs.length > 0 || owned.doors() > 0) idleSince = Date.now()
      else if (Date.now() - idleSince > graceMs) end()
    }, lookEveryMs)
    const end = () => {
      clearInterval(looking)
      resolve()
    }
    process.once('SIGTERM', end)
    process.once('SIGINT', end)
  })
  await owned.dispose()
}
