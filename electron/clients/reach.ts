/** Whether names resolve and ports open, from where this pipeline opens its connections: here, or the machine. */
import { lookup } from 'node:dns/promises'
import { connect, isIP } from 'node:net'
import { AppError } from '../../shared/errors.ts'
import { quote } from '../lib/quote.ts'
import type { SshHost } from './ssh/types.ts'

export interface Reach {
  /** "this computer", "the machine" */
  readonly from: string
  /** Empty where the name has none. */
  addresses(name: string, signal: AbortSignal): Promise<string[]>
  /** Null where the port opens, else why not, in words; at most `openMs`. */
  closed(host: string, port: number, signal: AbortSignal): Promise<string | null>
}

/** ms for one address; several are tried at once. */
const openMs = 6_000

/** Prints each address of a name as the machine resolves it; nothing where it has none. */
export const addressesScript = (name: string): string =>
  `getent ahosts -- ${quote(name)} | cut -d' ' -f1 | sort -u; true`

/** Through the network of this computer. */
export const fromHere: Reach = {
  from: 'this computer',
  addresses: async (name) => {
    const found = await lookup(name, { all: true }).catch(() => [])
    return found.map(({ address }) => address)
  },
  closed: (host, port, signal) => {
    const socket = connect({ host, port })
    return opened(socket, signal, (thrown) => byCode[(thrown as NodeJS.ErrnoException).code ?? ''])
  },
}

/** As the machine sees the addresses. */
export function fromMachine(host: Pick<SshHost, 'exec' | 'forward'>): Reach {
  return {
    from: 'the machine',
    addresses: async (name, signal) => {
      const { stdout } = await host.exec('sh -s', { stdin: addressesScript(name), signal })
      return stdout.split('\n').filter((line) => isIP(line.trim()) !== 0)
    },
    closed: (name, port, signal) =>
      opened(host.forward(name, port), signal, (thrown) =>
        thrown instanceof AppError ? (byCode[thrown.code] ?? thrown.message) : undefined,
      ),
  }
}

/** Of Node.js and of the machine's SSH server. */
const byCode: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  SSH_REFUSED: 'nothing listens there',
  ETIMEDOUT: 'nobody answers',
  SSH_TIMEOUT: 'nobody answers',
  EHOSTUNREACH: 'there is no way to it',
  ENETUNREACH: 'there is no way to it',
  SSH_UNREACHABLE: 'there is no way to it',
  ENOTFOUND: 'the name has no address',
  EAI_AGAIN: 'the name has no address',
  SSH_NAME_UNKNOWN: 'the name has no address',
}

interface Stream {
  once(event: 'connect', listener: () => void): unknown
  on(event: 'error', listener: (thrown: Error) => void): unknown
  destroy(): unknown
}

function opened(
  stream: Stream,
  signal: AbortSignal,
  wordsOf: (thrown: Error) => string | undefined,
): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const over = (end: () => void) => {
      clearTimeout(timer)
      signal.removeEventListener('abort', aborted)
      stream.destroy()
      end()
    }
    const aborted = () => over(() => reject(signal.reason))
    const timer = setTimeout(() => over(() => resolve('nobody answers')), openMs)
    signal.addEventListener('abort', aborted, { once: true })
    stream.once('connect', () => over(() => resolve(null)))
    // Stays: what is destroyed may still fail.
    stream.on('error', (thrown) => over(() => resolve(wordsOf(thrown) ?? thrown.message)))
    if (signal.aborted) aborted()
  })
}
