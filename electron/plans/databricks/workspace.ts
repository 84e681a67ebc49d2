/** The step that looks whether the workspace can do what was chosen: who is signed in, Unity Catalog, serverless (F-61). */
import type { Workspace } from '../../clients/databricks/http.ts'
import { defaultCatalog, hasServerless, whoAmI } from '../../clients/databricks/me.ts'
import { blocked, present } from '../../plan/findings.ts'
import type { Step } from '../../plan/step.ts'
import { type DatabricksDeps, namesOf } from './deps.ts'

const unbelievable = 'Choose another place for the lake on the page Databricks'

export function workspaceStep(deps: DatabricksDeps): Step {
  return {
    id: 'workspace',
    title: 'Workspace',
    async check(_context, signal) {
      const workspace = await deps.workspace()
      const wanted = deps.wanted()
      const { compute, lake, streams } = wanted.settings
      const [{ userName }, catalog] = await Promise.all([
        whoAmI(workspace, signal),
        defaultCatalog(workspace, signal),
      ])
      if (lake.place === 'volume' && catalog === null)
        return blocked(
          'This workspace has no Unity Catalog, so it has no volumes',
          `${unbelievable}: s3a:// with keys, or the classic mount.`,
        )
      if (lake.place === 'mount' && compute.kind === 'serverless')
        return blocked(
          'Serverless compute has no mounts, and Unity Catalog’s standard clusters have none either (F-61)',
          `${unbelievable}: a volume or an external location; or choose a cluster without Unity Catalog.`,
        )
      if (lake.place === 'keys' && compute.kind === 'serverless')
        return blocked(
          'Serverless compute reads no s3a:// by keys (F-61)',
          `${unbelievable}: a volume or an external location; or choose a cluster.`,
        )
      if (compute.kind === 'serverless' && (await noServerless(workspace, signal)))
        return blocked(
          'This workspace has no serverless compute',
          'Choose a cluster on the page Databricks, or have serverless switched on for the account.',
        )
      if (streams && !wanted.streamsOnAws)
        return blocked(
          'The streams of this pipeline are on this computer, where Databricks cannot reach them',
          'Switch the job of the streams off, or choose a pipeline whose streams are on AWS.',
        )
      const { folder, scope, volume } = namesOf(wanted, deps.mark, { userName, catalog })
      return present(`${userName} at ${workspace.host}${catalog === null ? ', without Unity Catalog' : ''}`, {
        userName,
        folder,
        scope,
        volume,
        catalog: catalog ?? '',
      })
    },
    // A workspace is made by people.
    apply: async () => {},
  }
}

async function noServerless(workspace: Workspace, signal: AbortSignal): Promise<boolean> {
  return (await hasServerless(workspace, signal)) === false
}
