/** Who is signed in to a workspace, and what it has. */
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
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

/** The catalog that names without one are in; null where the workspace has no Unity Catalog. Rejects with AppError. */
export async function defaultCatalog(workspace: Workspace, signal?: AbortSignal): Promise<string | null> {
  const path = '/api/2.1/unity-catalog/current-metastore-assignment'
  const found = await workspace.find({ method: 'GET', path, schema: metastoreSchema }, signal)
  return found === null ? null : (found.default_catalog_name ?? 'main')
}

const warehousesSchema = z.object({
  warehouses: z.array(z.object({ enable_serverless_compute: z.boolean().default(false) })).default([]),
})

/** Whether one of its SQL warehouses is serverless, which says that serverless compute is there; null: it may not be asked. */
export async function hasServerless(workspace: Workspace, signal?: AbortSignal): Promise<boolean | null> {
  try {
    const path = '/api/2.0/sql/warehouses'
    const { warehouses } = await workspace.call({ method: 'GET', path, schema: warehousesSchema }, signal)
    return warehouses.length === 0 ? null : warehouses.some((each) => each.enable_serverless_compute)
  } catch (thrown) {
    if (thrown instanceof AppError && /_(?:FORBIDDEN|NOT_FOUND)$/.test(thrown.code)) return null
    throw thrown
  }
}
