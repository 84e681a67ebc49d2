/** The step that finds what the job runs on: serverless, or a cluster by its id or its name (F-67). */
import { AppError } from '../../../shared/errors.ts'
import { findCluster } from '../../clients/databricks/clusters.ts'
import { blocked, notNeeded, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import type { DatabricksDeps } from './deps.ts'

export function computeStep(deps: DatabricksDeps): Step {
  return {
    id: 'compute',
    title: 'Cluster',
    needs: ['workspace'],
    async check(_context, signal) {
      const { kind, cluster } = deps.wanted().settings.compute
      if (kind === 'serverless') return notNeeded('the job runs on serverless compute')
      if (cluster === '')
        return blocked('No cluster was named', 'Name one by its id or its name, or choose serverless.')
      try {
        const { id, name, state, runtime, endsAfter } = await findCluster(
          await deps.workspace(),
          cluster,
          signal,
        )
        const rest =
          endsAfter === 0 ? 'never ends by itself, which costs money' : `ends after ${endsAfter} min at rest`
        return present(`${name} (${id}), Spark ${runtime}, ${state}, ${rest}`, { clusterId: id })
      } catch (thrown) {
        if (thrown instanceof AppError && thrown.code === 'DATABRICKS_CLUSTER')
          return blocked(thrown.message, thrown.hint)
        throw thrown
      }
    },
    // A cluster is made by people; a run starts it where it has ended.
    apply: async () => {},
  }
}
