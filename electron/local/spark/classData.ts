/** What Spark's Java has loaded by the end of a little work, kept so that it starts in half the time (CDS). Only a help: never a fault. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { lockFolder } from '../../lib/folderLock.ts'
import type { ClassData } from '../java/classData.ts'
import type { Java } from '../java/find.ts'
import { javaOptions } from './javaOptions.ts'
import { runNotebook } from './notebookRun.ts'

interface ClassDataDeps {
  readonly cache: string
  /** The folder `resources/spark`. */
  readonly scripts: string
  readonly signal: AbortSignal
  progress(text: string): void
}

/** Half a minute on a slow computer; another pipeline may be at it, ms. */
const patienceMs = 300_000
/** Of a Java or a Spark that is no longer there: 160 MB each, ms. */
const unusedMs = 90 * 86_400_000

/** Made once for each Java and each Spark; null where it cannot be had. Rejects with what the signal says alone. */
export async function classData(python: string, java: Java, deps: ClassDataDeps): Promise<ClassData> {
  const { cache, signal } = deps
  const folder = join(cache, 'spark', 'classes')
  try {
    const file = join(folder, `${await nameOf(python, java)}.jsa`)
    if (!existsSync(file)) await make(folder, file, python, java, deps)
    if (!existsSync(file)) return null
    const now = new Date()
    await utimes(file, now, now)
    return { use: file }
  } catch {
    signal.throwIfAborted()
    return null
  }
}

/** It fits one build of Java and one class path only. */
async function nameOf(python: string, { version, program }: Java): Promise<string> {
  const build = await stat(join(dirname(dirname(program)), 'lib', 'modules')).catch(() => null)
  const of = [version, program, build?.mtimeMs ?? '', python]
  return createHash('sha256').update(of.join('\n')).digest('hex').slice(0, 16)
}

async function make(
  folder: string,
  file: string,
  python: string,
  java: Java,
  { scripts, signal, progress }: ClassDataDeps,
): Promise<void> {
  const impossible = `${file}.none`
  await mkdir(folder, { recursive: true })
  if (existsSync(impossible)) return
  const unlock = await lockFolder(folder, patienceMs, signal)
  try {
    if (existsSync(file)) return
    await clear(folder)
    progress('prepares Spark’s quick start, once')
    const scratch = join(folder, 'warm')
    const made = join(scratch, 'classes.jsa')
    await mkdir(scratch)
    const program = {
      ...{ python, java: java.program, scripts, notebook: join(scripts, 'warm.py'), folder: scratch },
      ...{ javaOptions: javaOptions({ make: made }), widgets: {}, ivy: '', delta: false, kinesis: '' },
    }
    let begun: Promise<void> = Promise.resolve()
    let ok = false
    await runNotebook(
      program,
      (event) => {
        // Spark's launcher is a Java of its own, and wrote its own by then.
        if (event.type === 'session') begun = rm(made, { force: true })
        if (event.type === 'end') ok = event.ok
      },
      signal,
    )
    await begun
    signal.throwIfAborted()
    if (ok && existsSync(made)) await rename(made, file)
    // A Java that does not know how. What went wrong otherwise may pass.
    else if (ok) await writeFile(impossible, '')
  } finally {
    await rm(join(folder, 'warm'), { recursive: true, force: true })
    await unlock()
  }
}

/** What a maker that was killed left behind, and what nobody has used for long. */
async function clear(folder: string): Promise<void> {
  const oldest = Date.now() - unusedMs
  await rm(join(folder, 'warm'), { recursive: true, force: true })
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    if (name.endsWith('.jsa') && (await stat(path)).mtimeMs < oldest) await rm(path, { force: true })
  }
}
