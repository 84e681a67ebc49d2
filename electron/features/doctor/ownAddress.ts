/** The address of this computer that a machine sees. */
import { createSocket } from 'node:dgram'
import { lookup } from 'node:dns/promises'
import type { Network } from '../../lib/network.ts'
import { outsideAddress } from '../../lib/outsideAddress.ts'
import { isPrivate } from './portRule.ts'

/** One link of a chain does not wait longer for it, ms. */
const outsideMs = 4_000

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
  return outsideAddress(options.network, outsideMs, signal)
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
