/** The web door's entry: serves the app on loopback and prints its address. */
import { toErrorDetail } from '../shared/errors.ts'
import { createApp } from './app.ts'
import { foldersOf } from './host/folders.ts'
import { nodePlatform } from './host/nodePlatform.ts'
import { version } from './host/version.ts'
import { serveUntil } from './host/web/door.ts'

const folders = foldersOf(import.meta.url, process.env)
const interrupting = new AbortController()
const interrupt = () => {
  if (interrupting.signal.aborted) process.exit(130)
  interrupting.abort()
}
process.on('SIGINT', interrupt)
process.on('SIGTERM', interrupt)

try {
  await serveUntil({
    createApp,
    platform: nodePlatform('web', version, folders),
    folders,
    port: 0,
    interrupted: interrupting.signal,
    say: (line) => process.stdout.write(`${line}\n`),
  })
} catch (thrown) {
  const { code, message, hint } = toErrorDetail(thrown)
  process.stderr.write(`✗ ${message}\n  ${hint} [${code}]\n`)
  process.exitCode = 1
}
process.exit()
