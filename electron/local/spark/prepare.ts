/** What a notebook needs before it runs on this computer: Python with Spark, Java, and the class data that halves its start. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { lockFolder } from '../../lib/folderLock.ts'
import { findJava, type Java } from '../java/find.ts'
import { type EnvironmentDeps, pythonEnvironment } from '../python/environment.ts'
import { type ClassData, javaOptions } from './javaOptions.ts'
import { runNotebook } from './notebookRun.ts'
import type { SparkPrograms } from './programs.ts'
import { sparkPurpose } from './purpose.ts'

export interface SparkDeps extends EnvironmentDeps {
  /** The folder `resources/spark`. */
  readonly scripts: string
  /** Where `requirements.txt` lies: `scripts`, but for tests of another Spark. */
  readonly requirements?: string
  /** Of the settings; empty where Java is looked for. */
  readonly javaHome: string
}

/** Throws AppError PYTHON_MISSING, PYTHON_PACKAGES, NOTEBOOK_NO_JAVA. */
export async function prepareSpark(deps: SparkDeps): Promise<SparkPrograms> {
  const { scripts, requirements = scripts, cache, javaHome, signal, progress } = deps
  const python = await pythonEnvironment(sparkPurpose(requirements), deps)
  progress('looking for Java')
  const java = (await findJava({ javaHome, cache }, signal)).found
  if (java === null) throw noJava()
  const data = await classData(python, java, deps)
  return { python, java: java.program, javaOptions: javaOptions(data) }
}

/** Half a minute on a slow computer; another pipeline may be at it, ms. */
const patienceMs = 300_000

/**
 * Made once for each Java and each Spark by a notebook that does a little of everything; null where it cannot be had: its lack
 * only takes time.
 */
async function classData(
  python: string,
  java: Java,
  { cache, scripts, signal, progress }: SparkDeps,
): Promise<ClassData> {
  const folder = join(cache, 'spark', 'classes')
  const name = createHash('sha256').update([java.version, java.program, python].join('\n')).digest('hex')
  const file = join(folder, `${name.slice(0, 16)}.jsa`)
  const impossible = `${file}.none`
  if (existsSync(file)) return { use: file }
  await mkdir(folder, { recursive: true })
  const unlock = await lockFolder(folder, patienceMs)
  const scratch = await mkdtemp(join(folder, 'warm-'))
  try {
    if (!existsSync(file) && !existsSync(impossible)) {
      progress('prepares Spark’s quick start, once')
      const made = join(scratch, 'classes.jsa')
      const program = {
        ...{ python, java: java.program, scripts, notebook: join(scripts, 'warm.py'), folder: scratch },
        ...{ javaOptions: javaOptions({ make: made }), widgets: {}, ivy: '', delta: false, kinesis: '' },
      }
      await runNotebook(program, () => {}, signal)
      signal.throwIfAborted()
      if (existsSync(made)) await rename(made, file)
      else await writeFile(impossible, '')
    }
    return existsSync(file) ? { use: file } : null
  } finally {
    await rm(scratch, { recursive: true, force: true })
    await unlock()
  }
}

const noJava = () =>
  new AppError({
    code: 'NOTEBOOK_NO_JAVA',
    message: 'Spark needs Java 17 or 21, and none was found.',
    hint: 'Apply the step Java on the page Set-up, or name its folder in Settings.',
  })
