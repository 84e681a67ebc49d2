/** The shared connection to one host: made when first used, made again when lost, ended for all. */
import type { Client } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import { pause } from '../../lib/broadcast.ts'
import { type Dialled, dial, type Reached } from './dial.ts'
import { mayPass, type Where } from './errors.ts'
import { execOn } from './exec.ts'
import { forwardOver } from './forward.ts'
import { shellOn } from './shell.ts'
import { downloadOn, readTextOn, uploadOn } from './transfer.ts'
import type { SshHost, SshState, SshTarget } from './types.ts'

/** How long a use waits for a host that was connected before to come back: a machine's restart, ms. */
const patienceMs = 60_000
const firstDelayMs = 250
const longestDelayMs = 5_000

export interface HostOptions {
  /** Told of each step of each connection. */
  readonly reached?: (step: Reached) => void
  /** ms; see `patienceMs`. */
  readonly patienceMs?: number
}

/**
 * Connects to nobody before the first use. The first connection is tried once, so that a wrong address is known at once;
 * one that was up before is tried again with growing pauses. A host key or a sign-in that fails is never tried again.
 */
export function openSshHost(target: SshTarget, options: HostOptions = {}): SshHost {
  const name = `${target.user}@${target.host}:${target.port}`
  const listeners = new Set<(state: SshState) => void>()
  const over = new AbortController()
  let state: SshState = 'idle'
  let current: Dialled | null = null
  let opening: Promise<Client> | null = null
  let wasUp = false

  const set = (next: SshState) => {
    if (state === next || state === 'closed') return
    state = next
    for (const listener of listeners) listener(next)
  }

  async function open(): Promise<Client> {
    set('connecting')
    const deadline = Date.now() + (wasUp ? (options.patienceMs ?? patienceMs) : 0)
    for (let delay = firstDelayMs; ; delay = Math.min(delay * 2, longestDelayMs)) {
      try {
        const made = await dial(target, over.signal, options.reached)
        if (over.signal.aborted) {
          made.close()
          throw closed(name)
        }
        made.client.once('close', () => {
          if (current !== made) return
          current = null
          made.close()
          set('lost')
        })
        current = made
        wasUp = true
        set('connected')
        return made.client
      } catch (thrown) {
        if (over.signal.aborted) throw closed(name)
        if (!mayPass(thrown) || Date.now() + delay > deadline) {
          set('lost')
          throw thrown
        }
      }
      await pause(delay, over.signal)
    }
  }

  /** One attempt at a time, whoever waits for it; who gives up leaves it to the others. */
  async function client(signal?: AbortSignal): Promise<Client> {
    signal?.throwIfAborted()
    if (over.signal.aborted) throw closed(name)
    if (current !== null) return current.client
    opening ??= open().finally(() => {
      opening = null
    })
    if (signal === undefined) return opening
    const attempt = opening
    attempt.catch(() => {})
    return new Promise((resolve, reject) => {
      const aborted = () => reject(signal.reason)
      signal.addEventListener('abort', aborted, { once: true })
      attempt.then(resolve, reject).finally(() => signal.removeEventListener('abort', aborted))
    })
  }

  const where: Where = { ...target, via: null, tried: [], offered: [] }
  const transfer = async (signal?: AbortSignal) => ({ client: await client(signal), where })
  return {
    name,
    state: () => state,
    onState: (listener) => {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    connect: async (signal) => void (await client(signal)),
    exec: async (command, given = {}) => execOn(await client(given.signal), command, given, where),
    upload: async (from, path, given = {}) => uploadOn(await transfer(given.signal), from, path, given),
    download: async (path, to, given = {}) => downloadOn(await transfer(given.signal), path, to, given),
    readText: async (path, limit = 1024 * 1024) => readTextOn(await transfer(), path, limit),
    forward: (host, port) => forwardOver(() => client(), host, port, `${target.host}:${target.port}`),
    shell: async (given) => shellOn(await client(), given, where),
    close: () => {
      over.abort()
      current?.close()
      current = null
      set('closed')
    },
  }
}

function closed(name: string): AppError {
  return new AppError({
    code: 'SSH_CLOSED',
    message: `The connection was closed by this app: ${name}`,
    hint: 'Open the page again.',
  })
}
