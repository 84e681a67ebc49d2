/** The clusters of a workspace: an existing one is named by its id, which is not its name (F-67). */
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import type { Workspace } from './http.ts'

const clusterSchema = z.object({
  cluster_id: z.string(),
  cluster_name: z.string().default(''),
  state: z.string().default('UNKNOWN'),
  /** `UI`, `API`, `JOB`, `SQL`, `PIPELINE` … */
  cluster_source: z.string().optional(),
  autotermination_minutes: z.number().default(0),
  spark_version: z.string().default(''),
})
const listSchema = z.object({
  clusters: z.array(clusterSchema).default([]),
  next_page_token: z.string().optional(),
})

export interface Cluster {
  readonly id: string
  readonly name: string
  /** `RUNNING`, `TERMINATED`, … */
  readonly state: string
  readonly runtime: string
  /** Minutes at rest after which it ends by itself; 0 for never. */
  readonly endsAfter: number
}

/** Those that a person made; what jobs bring with them is left out. Rejects with AppError. */
export async function listClusters(workspace: Workspace, signal?: AbortSignal): Promise<Cluster[]> {
  const found: z.infer<typeof clusterSchema>[] = []
  let token: string | undefined
  do {
    const query = { page_size: 100, page_token: token }
    const page = await workspace.call(
      { method: 'GET', path: '/api/2.1/clusters/list', query, schema: listSchema },
      signal,
    )
    found.push(...page.clusters)
    token = page.next_page_token || undefined
  } while (token !== undefined)
  return found
    .filter(({ cluster_source: source }) => source === undefined || source === 'UI' || source === 'API')
    .map((cluster) => ({
      id: cluster.cluster_id,
      name: cluster.cluster_name,
      state: cluster.state,
      runtime: cluster.spark_version,
      endsAfter: cluster.autotermination_minutes,
    }))
}

/** The cluster that an id or a name means. Rejects with AppError DATABRICKS_CLUSTER. */
export async function findCluster(
  workspace: Workspace,
  wanted: string,
  signal?: AbortSignal,
): Promise<Cluster> {
  const clusters = await listClusters(workspace, signal)
  const byId = clusters.find(({ id }) => id === wanted)
  if (byId !== undefined) return byId
  const byName = clusters.filter(({ name }) => name === wanted)
  const [only, second] = byName
  if (only !== undefined && second === undefined) return only
  const list = clusters.map(({ id, name }) => `${name} (${id})`).join(', ') || 'none'
  throw new AppError({
    code: 'DATABRICKS_CLUSTER',
    message:
      only === undefined
        ? `No cluster has this id or name: ${wanted}`
        : `Several clusters have this name: ${wanted}`,
    hint: `A job needs a cluster's id, such as 0110-123456-abcd1234, not a bucket's name (F-67). There are: ${list}. Or choose serverless.`,
    field: 'databricks.compute.cluster',
  })
}
