/** Credit for streams, the reader's end: each batch that was worked through is told, so that the sender never runs ahead (decision 16). */
import { getEventMeta } from '@orpc/client'

/** How many batches of one stream may be on their way without having been taken. */
export const streamCredit = 2

/** The one call of the carrier itself; it is not in the contract, because each hop of a forwarded stream has its own credit. */
export const takenPath = ['flow', 'taken'] as const

/** What a batch is called on the wire: the stream's id and the batch's number from 1. */
export const batchId = (stream: string, batch: number) => `${stream}:${batch}`

/** What `takenPath` is called with. */
export interface Taken {
  readonly stream: string
  readonly batch: number
}

type Call = (
  path: readonly string[],
  input: Taken,
  options: { context: Record<never, never> },
) => Promise<unknown>

/**
 * For `interceptors` of an RPC link. A batch counts as taken when the next one is asked for, that is after the reader is
 * done with it. `call` is the same link's.
 */
export function takingInterceptor(call: Call) {
  return async ({ next }: { next(): Promise<unknown> }): Promise<unknown> => {
    const output = await next()
    return isStream(output) ? taking(output, call) : output
  }
}

async function* taking(stream: AsyncIterable<unknown>, call: Call): AsyncGenerator<unknown, void, void> {
  for await (const batch of stream) {
    yield batch
    const taken = parseBatchId(getEventMeta(batch)?.id)
    // A failure means that the connection is gone; the stream itself says so.
    if (taken !== null) void call(takenPath, taken, { context: {} }).catch(() => undefined)
  }
}

function parseBatchId(id: string | undefined): Taken | null {
  const [stream = '', batch] = id?.split(':') ?? []
  return batch === undefined ? null : { stream, batch: Number(batch) }
}

/** True for what a procedure with an event iterator answers. */
export function isStream(value: unknown): value is AsyncIterableIterator<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}
