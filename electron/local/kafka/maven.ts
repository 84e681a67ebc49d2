/** Kafka's jars by Maven, where it is installed. */
import { spawn } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { childEnvironment } from '../../lib/childEnvironment.ts'
import { systemOf } from '../../lib/platformOs.ts'
import { endTree } from '../../lib/processes.ts'
import { replaceFolder } from '../../lib/unpack.ts'
import type { InstallContext, KafkaPlaces } from './install.ts'
import { difference, readLock, sumsOf } from './jars.ts'
import { downloadedJar, isMavenError, mavenCopy, mavenVersion } from './mavenCommands.ts'

/** A work folder that nobody has touched for so long was left by an app that was killed, ms. */
const forgottenMs = 3_600_000

/** Its exit code; −1 where it is not installed. Cancelling ends it with the JVM below it. */
function maven(
  args: readonly string[],
  cwd: string,
  signal: AbortSignal,
  onLine: (line: string) => void,
): Promise<number> {
  const { program, shell } = systemOf(process.platform).script('mvn')
  return new Promise((resolve) => {
    const child = spawn(program, [...args], {
      cwd,
      shell,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: childEnvironment(),
      windowsHide: true,
    })
    const end = () => void endTree(child.pid ?? 0)
    for (const output of [child.stdout, child.stderr]) createInterface({ input: output }).on('line', onLine)
    signal.addEventListener('abort', end, { once: true })
    if (signal.aborted) end()
    child.once('error', () => resolve(-1))
    child.once('close', (code) => {
      signal.removeEventListener('abort', end)
      resolve(code ?? 1)
    })
  })
}

async function removeForgotten(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('maven-')) continue
    const made = (await stat(join(folder, name)).catch(() => null))?.mtimeMs ?? 0
    if (made < Date.now() - forgottenMs) await rm(join(folder, name), { recursive: true, force: true })
  }
}

/** Puts `libs` into `folder` and answers true, or says in the log why it could not. Throws only when cancelled. */
export async function kafkaFromMaven(
  { cache, resources }: KafkaPlaces,
  folder: string,
  { signal, log, progress }: InstallContext,
): Promise<boolean> {
  const parent = join(cache, 'kafka')
  await mkdir(parent, { recursive: true })
  await removeForgotten(parent)
  const work = await mkdtemp(join(parent, 'maven-'))
  try {
    const there = (await maven(mavenVersion, work, signal, () => {})) === 0
    signal.throwIfAborted()
    if (!there) {
      log('Maven is not installed.')
      return false
    }
    progress(null, 'Maven looks for the jars')
    await copyFile(join(resources, 'kafka', 'pom.xml'), join(work, 'pom.xml'))
    const code = await maven(mavenCopy, work, signal, (line) => {
      const jar = downloadedJar(line)
      if (jar !== null) progress(null, `Maven fetched ${jar}`)
      if (isMavenError(line)) log(line)
    })
    signal.throwIfAborted()
    if (code !== 0) return false
    const { jars } = await readLock(resources)
    const wrong = difference(await sumsOf(join(work, 'libs')), jars)
    if (wrong !== null) {
      log(`What Maven brought is not used: ${wrong}`)
      return false
    }
    await rm(join(work, 'pom.xml'))
    await replaceFolder(work, folder)
    return true
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
