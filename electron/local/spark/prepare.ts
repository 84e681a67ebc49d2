/** What a notebook needs before it runs on this computer: Python with Spark, Java, and the class data that halves its start. */
import { AppError } from '../../../shared/errors.ts'
import { findJava } from '../java/find.ts'
import { type EnvironmentDeps, pythonEnvironment } from '../python/environment.ts'
import { classData } from './classData.ts'
import { javaOptions } from './javaOptions.ts'
import type { SparkPrograms } from './notebookRun.ts'
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
  const data = await classData(python, java, { scripts, cache, signal, progress })
  return { python, java: java.program, javaOptions: javaOptions(data) }
}

const noJava = () =>
  new AppError({
    code: 'NOTEBOOK_NO_JAVA',
    message: 'Spark needs Java 17 or 21, and none was found.',
    hint: 'Apply the step Java on the page Set-up, or name its folder in Settings.',
  })
