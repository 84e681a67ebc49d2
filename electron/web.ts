/** The web door's entry: serves the app on loopback and prints its address. */
import { toErrorDetail } from '../shared/errors.ts'
import { keepCompiled } from './host/compiled.ts'
import { foldersOf } from './host/folders.ts'
import { version } from './host/version.ts'

const folders = foldersOf(import.meta.url, process.env)
keepCompiled(folders.cache)
const { createApp } = await import('./app.ts')
const { nodePlatform } = await import('./host/nodePlatform.ts')
const { serveUntil } = await import('./host/web/door.ts')

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
