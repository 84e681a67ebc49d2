/** The page's one connection to the back end: opened, watched, opened again; everything else only reads its state. */
import { RPCLink as PortLink } from '@orpc/client/message-port'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import { takingInterceptor } from '../../shared/flow.ts'

export type Link = Pick<SocketLink<Record<never, never>>, 'call'>

export interface ConnectionState {
  /** `refused`: the door is there and does not know this browser. */
  readonly phase: 'connecting' | 'open' | 'lost' | 'refused'
  /** Counts the connections opened so far; a stream restarts when it changes. */
  readonly generation: number
}

let state: ConnectionState = { phase: 'connecting', generation: 0 }
let link: Link | null = null
const listeners = new Set<() => void>()

function change(phase: ConnectionState['phase'], next: Link | null): void {
  link = next
  state = { phase, generation: state.generation + (phase === 'open' ? 1 : 0) }
  for (const listener of listeners) listener()
}

export const connectionState = (): ConnectionState => state

export function onConnection(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** How long a call waits for a connection that is just being opened again, ms. */
const patience = 8_000

/** Not an answer of the back end but the lack of one. */
export class ConnectionLost extends Error {}

/** The open link; waits for one a while, then throws ConnectionLost. */
export function openLink(signal: AbortSignal | undefined): Promise<Link> {
  if (link !== null) return Promise.resolve(link)
  return new Promise((resolve, reject) => {
    const settle = (done: () => void) => {
      stop()
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
      done()
    }
    const aborted = () => settle(() => reject(signal?.reason))
    const stop = onConnection(() => {
      const open = link
      if (open !== null) settle(() => resolve(open))
    })
    const timer = setTimeout(
      () => settle(() => reject(new ConnectionLost('There is no connection to Pipeline Control.'))),
      patience,
    )
    signal?.addEventListener('abort', aborted, { once: true })
  })
}

/**
 * Called once. The token in the fragment belongs to the door, not to the router, which is made only once there is a connection;
 * it stays there until the door has answered, so that a page that is loaded again meanwhile still has its way in.
 */
export function connect(): void {
  if (location.protocol === 'app:') connectDesktop()
  else void connectWeb()
}

function connectDesktop(): void {
  window.addEventListener('message', (event) => {
    const port = event.ports[0]
    if (event.source !== window || event.data !== 'pipeline-port' || port === undefined) return
    port.addEventListener('close', () => change('lost', null))
    const opened: Link = new PortLink({
      port,
      interceptors: [takingInterceptor((...call) => opened.call(...call))],
    })
    port.start()
    change('open', opened)
  })
}

async function connectWeb(): Promise<void> {
  const token = /^#token=([\w-]+)$/.exec(location.hash)?.[1]
  if (token !== undefined) {
    await signIn(token)
    if (location.hash.startsWith('#token=')) history.replaceState(null, '', location.pathname)
  }
  openSocket(0)
}

/** 0.3 s, doubled up to 5 s: soon back after a restart, quiet when nothing is there. */
const backOff = (attempt: number) => Math.min(5_000, 300 * 2 ** attempt)

/**
 * Until an answer came: a browser drops what is under way when a network comes or goes, and the token is in the address only
 * once. A refusal shows itself when the socket is opened.
 */
async function signIn(token: string): Promise<void> {
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  }
  for (let attempt = 0; (await fetch('/session', request).catch(() => null)) === null; attempt++) {
    change('lost', null)
    await new Promise((resolve) => setTimeout(resolve, backOff(attempt)))
  }
}

function openSocket(attempt: number): void {
  const socket = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/rpc`)
  let opened = false
  socket.addEventListener('open', () => {
    opened = true
    const link: Link = new SocketLink({
      websocket: socket,
      interceptors: [takingInterceptor((...call) => link.call(...call))],
    })
    change('open', link)
  })
  socket.addEventListener('close', () => {
    if (opened) change('lost', null)
    else void reachable().then((there) => change(there ? 'refused' : 'lost', null))
    const next = opened ? 0 : attempt + 1
    setTimeout(() => openSocket(next), backOff(next))
  })
}

/** A socket does not say why it was not opened: a server that answers HTTP has refused it. */
function reachable(): Promise<boolean> {
  return fetch('/', { method: 'HEAD', cache: 'no-store' }).then(
    () => true,
    () => false,
  )
}
