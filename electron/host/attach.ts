/** Later doors attach to the back end that owns the folder: the same contract over a Unix socket or named pipe. */
import { chmod, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { RPCHandler } from '@orpc/server/ws'
import { WebSocket, WebSocketServer } from 'ws'
import type { Contract } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'
import { takingInterceptor } from '../../shared/flow.ts'
import type { App } from '../app.ts'
import { carry } from './carrier.ts'

/** As for the page: a message of 20 MiB as base64 fits. */
const largestFrame = 32 * 1024 * 1024

/** Serves the contract on the socket; only this user may connect (0600). `attached` counts the doors that are here. */
export async function serveAttach(
  app: Pick<App, 'router'>,
  socket: string,
): Promise<{ attached(): number; close(): Promise<void> }> {
  const server = createServer((_request, response) => {
    response.writeHead(426)
    response.end()
  })
  const sockets = new WebSocketServer({ server, maxPayload: largestFrame, perMessageDeflate: false })
  const { router, options } = carry(app.router)
  const handler = new RPCHandler(router, options)
  sockets.on('connection', (websocket) => handler.upgrade(websocket))
  // Made unreadable for others from its first moment, not only after chmod.
  const listening = new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.once('listening', resolve)
  })
  const mask = process.platform === 'win32' ? null : process.umask(0o177)
  try {
    // Makes the socket before it returns; a mask that stayed longer would also fall on files that others make meanwhile.
    server.listen(socket)
  } finally {
    if (mask !== null) process.umask(mask)
  }
  await listening
  if (process.platform !== 'win32') await chmod(socket, 0o600)
  return {
    attached: () => sockets.clients.size,
    close: async () => {
      for (const client of sockets.clients) client.terminate()
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      if (process.platform !== 'win32') await rm(socket, { force: true })
    },
  }
}

export interface Attached {
  readonly client: ContractRouterClient<Contract>
  /** Resolves when the owner is gone. */
  readonly gone: Promise<void>
  close(): void
}

/** Throws AppError OWNER_SILENT where nobody answers. */
export async function attach(socket: string): Promise<Attached> {
  const websocket = new WebSocket('ws://pipeline/', {
    createConnection: () => connect(socket),
    maxPayload: largestFrame,
    perMessageDeflate: false,
  })
  await new Promise<void>((resolve, reject) => {
    websocket.once('open', () => resolve())
    websocket.once('error', (cause) =>
      reject(
        new AppError(
          {
            code: 'OWNER_SILENT',
            message: 'Another Pipeline Control owns this folder and does not answer.',
            hint: 'Wait a moment and try again; if that does not help, end it and start again.',
          },
          cause,
        ),
      ),
    )
  })
  const gone = new Promise<void>((resolve) => websocket.once('close', () => resolve()))
  // After `open`, an error is always followed by `close`.
  websocket.on('error', () => {})
  return { client: clientOver(websocket), gone, close: () => websocket.close() }
}

/** The contract's client over an open socket. */
export function clientOver(websocket: WebSocket): ContractRouterClient<Contract> {
  const link: RPCLink<Record<never, never>> = new RPCLink({
    // The link wants the browser's WebSocket; ws has the same members but other event types.
    websocket: websocket as unknown as globalThis.WebSocket,
    interceptors: [takingInterceptor((...call) => link.call(...call))],
  })
  return createORPCClient(link)
}
