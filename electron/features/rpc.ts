/** How a feature implements its part of the contract: one place turns what was thrown into the contract's one error. */
import { type ImplementerInternalWithMiddlewares, implement, ORPCError } from '@orpc/server'
import { type Contract, contract } from '../../shared/contract.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'

export type { Contract }
export { contract }

/** No context: what a feature needs it was given when it was made. */
type Nothing = Record<never, never>

/**
 * The contract as implementer; each feature takes its own branch: `api.topics.list.handler(…)`. Its type is written out
 * because the inferred one is longer than the compiler writes down.
 */
export const api: ImplementerInternalWithMiddlewares<Contract, Nothing, Nothing> = implement(contract).use(
  async ({ next }) => {
    try {
      return await next()
    } catch (thrown) {
      throw toRpcError(thrown)
    }
  },
)

/** Expected failures cross with their code and hint; the rest cross as INTERNAL with the message only. */
export function toRpcError(thrown: unknown): unknown {
  if (thrown instanceof ORPCError) return thrown
  const aborted = thrown instanceof Error && thrown.name === 'AbortError'
  if (aborted) return thrown
  const { message, ...data } = toErrorDetail(thrown)
  return new ORPCError('FAILED', {
    status: 422,
    defined: true,
    message,
    data,
    cause: thrown instanceof AppError ? undefined : thrown,
  })
}
