/** HTTP to what a machine sees: each connection is opened by the machine. */
import type { Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Agent, type Dispatcher } from 'undici'
import type { Limits, Network } from '../../lib/network.ts'
import { trustedAuthorities } from '../../lib/trust.ts'
import type { SshHost } from './types.ts'

/** For undici's requests. What fails on the way reaches a request as the machine's own AppError. */
export function tunnelDispatcher(
  via: Pick<SshHost, 'forward'>,
  { ca }: Network,
  { connectMs, silenceMs, connections }: Limits,
): Dispatcher {
  return new Agent({
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
    ...(connections === undefined ? {} : { connections }),
    connect: ({ hostname, port, protocol, servername }, done) => {
      const secure = protocol === 'https:'
      const stream = via.forward(hostname, Number(port) || (secure ? 443 : 80))
      const limit = setTimeout(
        () => stream.destroy(new Error('The machine did not open it in time.')),
        connectMs,
      )
      stream.once('error', (error) => {
        clearTimeout(limit)
        done(error, null)
      })
      const opened = (socket: Socket) => {
        clearTimeout(limit)
        done(null, socket)
      }
      if (!secure) {
        // It has what undici and Node.js ask of a socket (`forward.ts`).
        stream.once('connect', () => opened(stream as unknown as Socket))
        return
      }
      const tls = connectTls(
        {
          socket: stream,
          servername: servername ?? hostname,
          ...(ca === undefined ? {} : { ca: trustedAuthorities(ca) }),
        },
        () => opened(tls),
      )
      tls.once('error', (error) => done(error, null))
    },
  })
}
