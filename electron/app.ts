/** The composition root: one readable list of constructions, the same behind every door. */
import type { ContractRouterClient } from '@orpc/contract'
import type { Router } from '@orpc/server'
import type { Contract } from '../shared/contract.ts'
import type { Platform } from './platform.ts'

export interface App {
  /** What a carrier serves. */
  readonly router: Router<Contract, Record<never, never>>
  /** The same, called in this process. */
  readonly client: ContractRouterClient<Contract>
  /** Ends what runs, at a step border and a record boundary. */
  dispose(): Promise<void>
}

export async function createApp(_platform: Platform): Promise<App> {
  throw new Error('The features are being built.')
}
