/** One SSH connection, directly or through a jump host: TCP, host key, sign-in. */
import { connect as connectTcp, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import ssh2, { type Client } from 'ssh2'
import { sshError, sshProblem, type Where } from './errors.ts'
import { hostKeyOf } from './fingerprint.ts'
import { algorithmOrder, type HostKeyError, judge } from './hostKey.ts'
import { signIn } from './signIn.ts'
import type { HostKey, SshHop, SshTarget } from './types.ts'

/** ms; a SYN is repeated after 1, 3 and 7 s. */
const tcpMs = 10_000
/** ms from the open socket to the sign-in; sshd's own LoginGraceTime is 120 s, but a person waits. */
const readyMs = 30_000
/** A dead peer is noticed after three of these, ms; NAT gateways of AWS forget a silent connection after 350 s. */
const keepAliveMs = 10_000
const keepAlives = 3

/** What was reached, for those who watch: `hop` is `host:port`. */
export type Reached =
  | { readonly what: 'tcp'; readonly hop: string }
  | { readonly what: 'hostKey'; readonly hop: string; readonly key: HostKey }
  | { readonly what: 'signIn'; readonly hop: string; readonly method: string }

export interface Dialled {
  readonly client: Client
  /** Ends the connection, and the one through the jump host. */
  close(): void
}

/** Throws AppError SSH_…; what was opened is closed then. */
export async function dial(
  target: SshTarget,
  signal?: AbortSignal,
  reached: (step: Reached) => void = () => {},
): Promise<Dialled> {
  const { jump } = target
  if (jump === null) {
    const client = await handshake(target, await openTcp(target, signal), null, signal, reached)
    return { client, close: () => end(client) }
  }
  const first = await handshake(jump, await openTcp(jump, signal), null, signal, reached)
  const via = `${jump.host}:${jump.port}`
  try {
    const stream = await through(first, target, via)
    const client = await handshake(target, stream, via, signal, reached)
    first.once('close', () => client.destroy())
    return {
      client,
      close: () => {
        end(client)
        end(first)
      },
    }
  } catch (thrown) {
    end(first)
    throw thrown
  }

  async function openTcp(hop: SshHop, until?: AbortSignal): Promise<Socket> {
    const socket = await tcp(hop, until)
    reached({ what: 'tcp', hop: `${hop.host}:${hop.port}` })
    return socket
  }
}

/** Says goodbye, and does not wait for ever for a peer that is gone. */
function end(client: Client): void {
  client.end()
  setTimeout(() => client.destroy(), 1_000).unref()
}

const nothing = (hop: SshHop, via: string | null): Where => ({ ...hop, via, tried: [], offered: [] })

function tcp(hop: SshHop, signal: AbortSignal | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted()
    const socket = connectTcp({ host: hop.host, port: hop.port, noDelay: true })
    const over = (thrown: unknown) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      socket.destroy()
      reject(thrown)
    }
    const aborted = () => over(signal?.reason)
    const timer = setTimeout(() => over(sshProblem('timeout', `${hop.host}:${hop.port}`)), tcpMs)
    signal?.addEventListener('abort', aborted, { once: true })
    const failed = (thrown: unknown) => over(sshError(firstOf(thrown), nothing(hop, null)))
    socket.once('error', failed)
    socket.once('connect', () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      socket.off('error', failed)
      resolve(socket)
    })
  })
}

/** A name with several addresses fails with one error for each of them. */
function firstOf(thrown: unknown): unknown {
  return thrown instanceof AggregateError ? thrown.errors[0] : thrown
}

function through(client: Client, to: SshHop, via: string): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(sshProblem('timeout', `${to.host}:${to.port}, seen from ${via}`))
    }, tcpMs)
    client.forwardOut('127.0.0.1', 0, to.host, to.port, (error, stream) => {
      clearTimeout(timer)
      if (error === undefined || error === null) resolve(stream)
      else reject(sshError(error, nothing(to, via)))
    })
  })
}

function handshake(
  hop: SshHop,
  sock: Duplex,
  via: string | null,
  signal: AbortSignal | undefined,
  reached: (step: Reached) => void,
): Promise<Client> {
  return new Promise((resolve, reject) => {
    const name = `${hop.host}:${hop.port}`
    let refused: HostKeyError | null = null
    const fail = (thrown: unknown) => {
      signal?.removeEventListener('abort', aborted)
      client.destroy()
      sock.destroy()
      reject(thrown)
    }
    const aborted = () => fail(signal?.reason)
    const client = new ssh2.Client()
    let methods: ReturnType<typeof signIn>
    try {
      signal?.throwIfAborted()
      methods = signIn(hop)
    } catch (thrown) {
      fail(thrown)
      return
    }
    signal?.addEventListener('abort', aborted, { once: true })
    const where = (): Where => ({ ...hop, via, tried: methods.tried, offered: methods.offered })
    // After the connection is up, an error is followed by `close`, which is what counts.
    client.on('error', (thrown) => fail(refused ?? sshError(thrown, where())))
    client.once('close', () => fail(refused ?? sshProblem('lost', name)))
    client.once('ready', () => {
      signal?.removeEventListener('abort', aborted)
      reached({ what: 'signIn', hop: name, method: methods.tried.at(-1) ?? 'none' })
      resolve(client)
    })
    client.connect({
      // Only for its own checks; the stream is ours.
      host: hop.host,
      port: hop.port,
      sock,
      username: hop.user,
      authHandler: methods.handler,
      readyTimeout: readyMs,
      keepaliveInterval: keepAliveMs,
      keepaliveCountMax: keepAlives,
      algorithms: { serverHostKey: algorithmOrder(hop.hostKey, hop.host, hop.port) as never },
      hostVerifier: (blob: Buffer) => {
        const key = hostKeyOf(blob)
        refused = judge(hop.hostKey, hop.host, hop.port, key)
        if (refused === null) reached({ what: 'hostKey', hop: name, key })
        return refused === null
      },
    })
  })
}
