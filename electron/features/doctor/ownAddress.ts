/** The address of this computer that a machine sees. */
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import { type Network, openFetcher } from '../../lib/network.ts'
import { isPrivate } from './portRule.ts'

/** AWS's own answer to "from which address do I come?": one line. */
const echo = 'https://checkip.amazonaws.com'
const echoMs = 4_000

/**
 * Where both ends are in private networks, or ours is public, it is the one the system would send from. Else a router stands
 * between: `outside` allows AWS to be asked what it sees. Null where it cannot be known. Never throws but for the signal.
 */
export async function ownAddress(
  host: string,
  options: { readonly outside: boolean; readonly network: Network },
  signal: AbortSignal,
): Promise<string | null> {
  const there = await lookup(host).catch(() => null)
  if (there === null) return null
  const here = await sentFrom(there.address, there.family).catch(() => null)
  if (here !== null && (isPrivate(there.address) || !isPrivate(here))) return here
  if (!options.outside) return null
  const fetcher = openFetcher(options.network)
  try {
    const answer = await fetcher.fetch(echo, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(echoMs)]),
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

/** Asks the system's routes; nothing is sent. */
function sentFrom(address: string, family: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(family === 6 ? 'udp6' : 'udp4')
    socket.once('error', (thrown) => {
      socket.close()
      reject(thrown)
    })
    // Any port will do: no packet leaves.
    socket.connect(9, address, () => {
      const from = socket.address().address
      socket.close()
      resolve(from)
    })
  })
}
