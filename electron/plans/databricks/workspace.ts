/** The step that looks whether the workspace can do what was chosen: who is signed in, Unity Catalog, what serverless lacks (F-61). */
import { unityCatalog, whoAmI } from '../../clients/databricks/me.ts'
import { blocked, present } from '../../plan/findings.ts'
import type { Finding, Step } from '../../plan/step.ts'
import { type DatabricksDeps, type DatabricksWanted, namesOf } from './deps.ts'

export function workspaceStep(deps: DatabricksDeps): Step {
  return {
    id: 'workspace',
    title: 'Workspace',
    async check(_context, signal) {
      const workspace = await deps.workspace()
      const wanted = deps.wanted()
      const [{ userName }, unity] = await Promise.all([
        whoAmI(workspace, signal),
        unityCatalog(workspace, signal),
      ])
      const names = namesOf(wanted, deps.mark, { userName, catalog: unity?.catalog ?? null })
      const obstacle = impossible(wanted, unity !== null, names.volume)
      if (obstacle !== null) return obstacle
      const others = deps.elsewhere().filter((host) => host !== workspace.host)
      const left = others.length === 0 ? '' : `; what was made at ${others.join(', ')} is still there`
      const without = unity === null ? ', without Unity Catalog' : ''
      return present(`${userName} at ${workspace.host}${without}${left}`, { userName, ...names })
    },
    // A workspace is made by people.
    apply: async () => {},
  }
}

const elsewhere = 'Choose another place for the lake on the page Databricks'

/** What was chosen and cannot work there; null where nothing speaks against it. */
function impossible(
  { settings: { compute, lake, streams }, streamsOnAws }: DatabricksWanted,
  hasUnity: boolean,
  volume: string,
): Finding | null {
  if (lake.place === 'volume' && !hasUnity)
    return blocked(
      'This workspace has no Unity Catalog, so it has no volumes',
      `${elsewhere}: s3a:// with keys, or the classic mount.`,
    )
  if (lake.place === 'volume' && volume === '')
    return blocked(
      'Names without a catalog are in hive_metastore here, which has no volumes',
      'Name the volume on the page Databricks, with a catalog of Unity Catalog: catalog.schema.volume.',
    )
  if (lake.place === 'mount' && compute.kind === 'serverless')
    return blocked(
      'Serverless compute has no mounts, and Unity Catalog’s standard clusters have none either (F-61)',
      `${elsewhere}: a volume or an external location; or choose a cluster without Unity Catalog.`,
    )
  if (lake.place === 'keys' && compute.kind === 'serverless')
    return blocked(
      'Serverless compute reads no s3a:// by keys (F-61)',
      `${elsewhere}: a volume or an external location; or choose a cluster.`,
    )
  if (streams && !streamsOnAws)
    return blocked(
      'The streams of this pipeline are on this computer, where Databricks cannot reach them',
      'Switch the job of the streams off, or choose a pipeline whose streams are on AWS.',
    )
  return null
}
