import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/message-port'
import { os, type Router } from '@orpc/server'
import { RPCHandler } from '@orpc/server/message-port'
import { afterEach, describe, expect, it } from 'vitest'
import type { Contract } from '../../shared/contract.ts'
import { streamCredit, takingInterceptor } from '../../shared/flow.ts'
import { carry } from './carrier.ts'

type Stream = AsyncIterableIterator<{ n: number }>
type Client = {
  fast(input: undefined, options?: { signal: AbortSignal }): Promise<Stream>
  one(): Promise<string>
}

const ports: MessagePort[] = []
afterEach(() => {
  for (const port of ports.splice(0)) port.close()
})

/** A stream that never waits by itself, and how far it was asked. */
function setUp({ taking }: { taking: boolean }) {
  const seen = { made: 0, ended: 0 }
  const router = {
    one: os.handler(() => 'one'),
    fast: os.handler(async function* () {
      try {
        for (;;) yield { n: ++seen.made }
      } finally {
        seen.ended += 1
      }
    }),
  }
  const { port1, port2 } = new MessageChannel()
  ports.push(port1, port2)
  const carried = carry(router as unknown as Router<Contract, Record<never, never>>)
  new RPCHandler(carried.router, carried.options).upgrade(port1)
  const link: RPCLink<Record<never, never>> = new RPCLink({
    port: port2,
    interceptors: taking ? [takingInterceptor((...call) => link.call(...call))] : [],
  })
  port1.start()
  port2.start()
  const client = createORPCClient(link) as unknown as Client
  return { client, seen }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe('credit of a stream', () => {
  it('asks for no more than two batches ahead of a reader that does not come back', async () => {
    const { client, seen } = setUp({ taking: true })
    const stream = await client.fast(undefined)
    await pause(50)
    expect(seen.made).toBe(streamCredit)
    for (const n of [1, 2, 3, 4, 5]) expect((await stream.next()).value).toEqual({ n })
    await pause(50)
    // Five were handed over; the fifth is still being worked through.
    expect(seen.made).toBe(4 + streamCredit)
    await stream.return?.()
    await expect.poll(() => seen.ended).toBe(1)
  })

  it('stands still for a reader that never says what it took, and leaves other calls alone', async () => {
    const { client, seen } = setUp({ taking: false })
    const stream = await client.fast(undefined)
    await stream.next()
    await stream.next()
    await pause(50)
    expect(seen.made).toBe(streamCredit)
    expect(await client.one()).toBe('one')
  })

  it('ends a stream that waits for credit when its reader leaves', async () => {
    const { client, seen } = setUp({ taking: true })
    const leaving = new AbortController()
    await client.fast(undefined, { signal: leaving.signal })
    await expect.poll(() => seen.made).toBe(streamCredit)
    leaving.abort()
    await expect.poll(() => seen.ended).toBe(1)
  })

  it('gives each stream its own credit', async () => {
    const { client, seen } = setUp({ taking: true })
    const slow = await client.fast(undefined)
    await pause(30)
    const quick = await client.fast(undefined)
    for (let read = 0; read < 20; read += 1) await quick.next()
    expect(seen.made).toBeGreaterThanOrEqual(20)
    expect((await slow.next()).value?.n).toBe(1)
  })
})
