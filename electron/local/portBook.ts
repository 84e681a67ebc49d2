/** The ports of a stack: chosen once and kept, so that who is connected finds a restarted child at the same place. */

import { pause } from '../lib/broadcast.ts'
import { choosePort, portHolder, tryPort } from '../lib/ports.ts'

export interface PortBook {
  /** The part's port; another one, and why, where somebody else has it. */
  portOf(part: string, wanted: number, signal: AbortSignal): Promise<number>
  /** In words, by part, where the wanted port was taken. */
  readonly notes: ReadonlyMap<string, string>
  clear(): void
}

/** The system frees the port of a process that was killed within moments, ms. */
const freedWithinMs = 3_000

/** `tell` hears of every port that was not the wanted one. */
export function portBook(tell: (text: string) => void): PortBook {
  const chosen = new Map<string, { readonly wanted: number; readonly port: number }>()
  const notes = new Map<string, string>()

  const isFree = async (port: number, signal: AbortSignal): Promise<boolean> => {
    const until = Date.now() + freedWithinMs
    while ((await tryPort(port)) === null) {
      if (Date.now() > until) return false
      signal.throwIfAborted()
      await pause(50, signal)
    }
    return true
  }

  return {
    notes,
    async portOf(part, wanted, signal) {
      const known = chosen.get(part)
      if (known !== undefined && known.wanted === wanted) {
        if (await isFree(known.port, signal)) return known.port
        const holder = await portHolder(known.port)
        tell(`${holder?.name ?? 'Another program'} took port ${known.port} from ${part} while it was down`)
      }
      const { port, taken } = await choosePort(wanted)
      chosen.set(part, { wanted, port })
      if (taken === null) notes.delete(part)
      else {
        notes.set(part, `${taken}, so ${port} was chosen`)
        tell(`${taken}; ${part} uses ${port} instead`)
      }
      return port
    },
    clear() {
      chosen.clear()
      notes.clear()
    },
  }
}
