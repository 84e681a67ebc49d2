/** The typed client: the contract's procedures as functions. */
import { createORPCClient } from '@orpc/client'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../shared/contract.ts'
import { openLink } from './connection.ts'

export type Client = ContractRouterClient<Contract>

export const client: Client = createORPCClient({
  call: async (path, input, options) => (await openLink(options.signal)).call(path, input, options),
})
