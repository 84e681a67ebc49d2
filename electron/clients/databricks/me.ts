/** Who is signed in to a workspace, and what it has. */
import { z } from 'zod'
import type { Workspace } from './http.ts'

export interface Me {
  /** What the person's folder is called: `/Users/<userName>`. */
  readonly userName: string
  readonly displayName: string
  readonly admin: boolean
  /** May make clusters. */
  readonly clusters: boolean
}

const named = z.object({ value: z.string().optional(), display: z.string().optional() })
const meSchema = z.object({
  userName: z.string(),
  displayName: z.string().optional(),
  groups: z.array(named).default([]),
  entitlements: z.array(named).default([]),
})

/** Rejects with AppError. */
export async function whoAmI(workspace: Workspace, signal?: AbortSignal): Promise<Me> {
  const path = '/api/2.0/preview/scim/v2/Me'
  const { userName, displayName, groups, entitlements } = await workspace.call(
    { method: 'GET', path, schema: meSchema },
    signal,
  )
  const admin = groups.some(({ display }) => display === 'admins')
  return {
    userName,
    displayName: displayName ?? userName,
    admin,
    clusters: admin || entitlements.some(({ value }) => value === 'allow-cluster-create'),
  }
}

const metastoreSchema = z.object({ metastore_id: z.string(), default_catalog_name: z.string().optional() })

/** Of workspaces that were older than Unity Catalog: it has no volumes. */
const oldCatalog = 'hive_metastore'

/** Null where there is no Unity Catalog; `catalog` is null where names without one are in none that has volumes. Rejects with AppError. */
export async function unityCatalog(
  workspace: Workspace,
  signal?: AbortSignal,
): Promise<{ readonly catalog: string | null } | null> {
  const path = '/api/2.1/unity-catalog/current-metastore-assignment'
  const found = await workspace.find({ method: 'GET', path, schema: metastoreSchema }, signal)
  if (found === null) return null
  const { default_catalog_name: catalog = null } = found
  return { catalog: catalog === oldCatalog ? null : catalog }
}

const warehousesSchema = z.object({
  warehouses: z.array(z.object({ enable_serverless_compute: z.boolean().default(false) })).default([]),
})

/** True where one of its SQL warehouses is serverless; else it is not known: jobs may be all the same. Rejects with AppError. */
export async function hasServerless(workspace: Workspace, signal?: AbortSignal): Promise<true | null> {
  const path = '/api/2.0/sql/warehouses'
  const { warehouses } = await workspace.call({ method: 'GET', path, schema: warehousesSchema }, signal)
  return warehouses.some((each) => each.enable_serverless_compute) ? true : null
}
