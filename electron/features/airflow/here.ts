/** What of Airflow is on this computer: the template of the DAG, and a real Airflow that reads one. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { networkOf } from '../../lib/network.ts'
import { type DagReading, parseDag } from '../../local/airflow/parse.ts'
import { airflowPurpose, generationOf } from '../../local/airflow/purpose.ts'
import { pythonEnvironment } from '../../local/python/environment.ts'
import type { Folders } from '../../platform.ts'
import type { SettingsStore } from '../deps.ts'

export interface AirflowHere {
  /** The text of `notebooks/dag.py`. */
  template(): Promise<string>
  /** By an Airflow of that version's generation. Rejects with AppError PYTHON_MISSING, PYTHON_PACKAGES, DAG_PARSE_FAILED. */
  read(
    file: string,
    text: string,
    airflow: string,
    progress: (text: string) => void,
    signal: AbortSignal,
  ): Promise<DagReading>
}

export function airflowHere(folders: Folders, settings: SettingsStore): AirflowHere {
  const scripts = join(folders.resources, 'airflow')
  return {
    template: () => readFile(join(folders.resources, '..', 'notebooks', 'dag.py'), 'utf8'),
    async read(file, text, airflow, progress, signal) {
      const network = await networkOf(settings.get())
      const purpose = airflowPurpose(scripts, generationOf(airflow))
      const python = await pythonEnvironment(purpose, { cache: folders.cache, network, signal, progress })
      progress('Airflow reads the file')
      return parseDag(file, text, { python, scripts, signal })
    },
  }
}

/** There is no Airflow to be had on this computer. */
export const noAirflow = (thrown: unknown): thrown is AppError =>
  thrown instanceof AppError && (thrown.code === 'PYTHON_MISSING' || thrown.code === 'PYTHON_PACKAGES')
