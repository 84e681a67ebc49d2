/** Who is signed in to a workspace, and what it has; what may not be asked is not known, and no reason to fail. */
import type { DatabricksStatus } from '../../../shared/contract/databricks.ts'
import { AppError } from '../../../shared/errors.ts'
import { listClusters } from '../../clients/databricks/clusters.ts'
import type { Workspace } from '../../clients/databricks/http.ts'
import { hasServerless, unityCatalog, whoAmI } from '../../clients/databricks/me.ts'

/** A workspace may not have a part of the API, or not for this person: every other failure is one of the connection. */
const partIsMissing = /^DATABRICKS_(?:FORBIDDEN|NOT_FOUND|REFUSED|STATE)$/

async function ifThere<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked
  } catch (thrown) {
    if (thrown instanceof AppError && partIsMissing.test(thrown.code)) return null
    throw thrown
  }
}

/** Rejects with AppError where the connection does not work. */
export async function lookAround(workspace: Workspace): Promise<{
  readonly identity: NonNullable<DatabricksStatus['identity']>
  readonly can: NonNullable<DatabricksStatus['can']>
}> {
  const { userName, displayName, admin, clusters: mayMakeClusters } = await whoAmI(workspace)
  const [serverless, clusters, unity] = await Promise.all([
    ifThere(hasServerless(workspace)),
    ifThere(listClusters(workspace)),
    ifThere(unityCatalog(workspace)),
  ])
  return {
    identity: { userName, displayName, admin },
    can: {
      serverless,
      clusters: clusters?.map(({ id, name, state }) => ({ id, name, state })) ?? null,
      mayMakeClusters,
      unityCatalog: unity !== null,
      catalog: unity?.catalog ?? null,
    },
  }
}
