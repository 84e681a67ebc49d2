/** The Python environment of a real Airflow, which reads DAGs before they are uploaded; one for each of its two generations. */
import { join } from 'node:path'
import type { Purpose } from '../python/environment.ts'

export type Generation = 2 | 3

/** The newest, where it is not known. `airflow`: a version such as `2.10.3`, or empty. */
export const generationOf = (airflow: string): Generation => (airflow.startsWith('2.') ? 2 : 3)

/** Which Airflow that is: the pin in its list. */
const purposes = {
  // Airflow 2.10 was published for Python up to 3.12.
  2: { name: 'airflow-2', requirements: 'requirements-2.txt', size: '590 MB', oldest: 9, newest: 12 },
  3: { name: 'airflow-3', requirements: 'requirements-3.txt', size: '650 MB', oldest: 10, newest: 14 },
} as const

/** `scripts`: the folder `resources/airflow`. */
export function airflowPurpose(scripts: string, generation: Generation): Purpose {
  const purpose = purposes[generation]
  return {
    ...purpose,
    requirements: join(scripts, purpose.requirements),
    what: 'Airflow and what belongs to it',
  }
}
