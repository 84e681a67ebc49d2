/** What every carrier serves: the contract's router, and credit for its streams so that no reader is run over (decision 16). */
import { randomUUID } from 'node:crypto'
import { os, type Router, withEventMeta } from '@orpc/server'
import { z } from 'zod'
import type { Contract } from '../../shared/contract.ts'
import { batchId, isStream, streamCredit, type Taken } from '../../shared/flow.ts'

interface Open {
  /** The last batch the reader is done with. */
  taken: number
  wake(): void
}

const takenSchema = z.object({ stream: z.uuid(), batch: z.int().positive() })

/** For `new RPCHandler(carried.router, carried.options)`, once for each carrier. */
export function carry(router: Router<Contract, Record<never, never>>) {
  const streams = new Map<string, Open>()
  const take = ({ stream, batch }: Taken) => {
    const open = streams.get(stream)
    if (open === undefined || batch <= open.taken) return
    open.taken = batch
    open.wake()
  }
  return {
    router: {
      ...router,
      flow: {
        taken: os
          .input(takenSchema)
          .output(z.void())
          .handler(({ input }) => take(input)),
      },
    },
    options: {
      clientInterceptors: [
        async ({ next, signal }: { next(): Promise<unknown>; signal?: AbortSignal | undefined }) => {
          const output = await next()
          return isStream(output) ? credited(output, signal, streams) : output
        },
      ],
    },
  }
}

/** Asks the stream for its next batch only while there is credit: what waits behind it drops, or pauses, by its own rules. */
async function* credited(
  stream: AsyncIterableIterator<unknown>,
  signal: AbortSignal | undefined,
  streams: Map<string, Open>,
): AsyncGenerator<unknown, void, void> {
  const id = randomUUID()
  const open: Open = { taken: 0, wake: () => undefined }
  streams.set(id, open)
  try {
    for (let sent = 0; ; ) {
      while (sent - open.taken >= streamCredit && !signal?.aborted) await woken(open, signal)
      if (signal?.aborted) return
      const { value, done } = await stream.next()
      if (done) return
      sent += 1
      yield withEventMeta(value as object, { id: batchId(id, sent) })
    }
  } finally {
    streams.delete(id)
    await stream.return?.()
  }
}

function woken(open: Open, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      signal?.removeEventListener('abort', done)
      resolve()
    }
    open.wake = done
    signal?.addEventListener('abort', done, { once: true })
  })
}
