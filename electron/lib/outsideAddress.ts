/** The address this computer is seen with from outside, as AWS's own service answers it. */
import { isIP } from 'node:net'
import { type Network, openFetcher } from './network.ts'

/** "From which address do I come?": one line. */
export const addressService = 'https://checkip.amazonaws.com'

/** Null where it cannot be known within `withinMs`. Never throws but for the signal. */
export async function outsideAddress(
  network: Network,
  withinMs: number,
  signal: AbortSignal,
): Promise<string | null> {
  const fetcher = openFetcher(network)
  try {
    const answer = await fetcher.fetch(addressService, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]),
    })
    const text = (await answer.text()).trim()
    return answer.ok && isIP(text) !== 0 ? text : null
  } catch {
    signal.throwIfAborted()
    return null
  } finally {
    await fetcher.close()
  }
}
