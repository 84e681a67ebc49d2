/** Who speaks to a Databricks workspace, and how far it is from here. */
import type { AppError } from '../../../shared/errors.ts'
import type { Network } from '../../lib/network.ts'
import type { Secret } from '../../lib/secret.ts'

export interface DatabricksAccess {
  /** Of the workspace: `https://dbc-….cloud.databricks.com`, without a slash at its end. */
  readonly host: string
  readonly network: Network
  /** What is sent as bearer; a new one where `refused` was answered with 401. Rejects with AppError. */
  token(signal: AbortSignal | undefined, refused?: Secret): Promise<Secret>
  /** Told of a call that the workspace did not accept the sign-in of, after a new token was tried. */
  onRefused?(error: AppError): void
}
