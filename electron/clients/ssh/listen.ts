/** A port on this computer that leads to one on the machine's side, for clients that only know addresses. */
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import type { SshHost } from './types.ts'

export interface LocalPort {
  /** On 127.0.0.1, chosen by the system. */
  readonly port: number
  close(): void
}

/** `host` and `port` are as the machine sees them. A connection that the machine cannot open is closed here. */
export function listenThrough(via: Pick<SshHost, 'forward'>, host: string, port: number): Promise<LocalPort> {
  const sockets = new Set<Socket>()
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    const stream = via.forward(host, port)
    // Either half ends by itself; an error of one ends both.
    pipeline(socket, stream, (error) => error && socket.destroy())
    pipeline(stream, socket, (error) => error && socket.destroy())
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () =>
      resolve({
        port: (server.address() as AddressInfo).port,
        close: () => {
          server.close()
          for (const socket of sockets) socket.destroy()
        },
      }),
    )
  })
}
