/** The Python environment that notebooks run in. */
import { join } from 'node:path'
import type { Purpose } from '../python/environment.ts'

/** `scripts`: the folder `resources/spark`. */
export const sparkPurpose = (scripts: string): Purpose => ({
  name: 'spark',
  requirements: join(scripts, 'requirements.txt'),
  what: 'Spark and what belongs to it',
  size: '840 MB',
  // What pyspark 4.2 was published for.
  oldest: 10,
  newest: 14,
})
