/** A router that hands every call on to another back end: how a window or a page works on an owner it attached to. */
import { isContractProcedure } from '@orpc/contract'
import { implement, type Router } from '@orpc/server'
import { type Contract, contract } from '../../shared/contract.ts'
import type { Client } from './cli/session.ts'

type Call = (input: unknown, options: { signal: AbortSignal | undefined }) => Promise<unknown>
/** The client is a tree of the contract's own shape; here it is walked without its types. */
type Tree = Readonly<Record<string, unknown>>

interface Implementer {
  handler(handle: (call: { input: unknown; signal?: AbortSignal }) => Promise<unknown>): unknown
}

function forwardTree(part: Tree, implementer: Tree, client: Tree): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(part).map(([name, value]) => {
      if (!isContractProcedure(value)) {
        return [name, forwardTree(value as Tree, implementer[name] as Tree, client[name] as Tree)]
      }
      const call = client[name] as Call
      return [
        name,
        (implementer[name] as Implementer).handler(({ input, signal }) => call(input, { signal })),
      ]
    }),
  )
}

/** Validates, strips and cancels as the real one does; errors of the owner arrive as they are. */
export function forwardRouter(client: Client): Router<Contract, Record<never, never>> {
  // The walk visits exactly the contract's procedures, so the result has its shape.
  return forwardTree(
    contract,
    implement(contract) as unknown as Tree,
    client as unknown as Tree,
  ) as unknown as Router<Contract, Record<never, never>>
}
