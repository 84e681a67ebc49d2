/** The connection to Databricks of the pipeline in use. */
import type { DatabricksStatus } from '../../shared/contract/databricks.ts'
import { client } from '../api/client.ts'
import { type Live, useLive } from '../api/live.ts'
import { usePipeline } from '../api/pipeline.ts'

export function useDatabricks(): Live<DatabricksStatus> {
  const { id } = usePipeline()
  return useLive(`databricks ${id}`, (signal) => client.databricks.watch({ pipeline: id }, { signal }))
}
