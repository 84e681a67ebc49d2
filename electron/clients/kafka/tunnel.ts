/** Brokers through a machine: every address the cluster advertises is opened by the machine, which also resolves its name. */
import type { SshHost } from '../ssh/types.ts'
import type { OpenSocket } from './sockets.ts'

/** For `connectKafka`. What fails on the way reaches the link as the stream's error. */
export function throughHost(host: Pick<SshHost, 'forward'>): OpenSocket {
  return ({ host: broker, port, onConnect }) => {
    const stream = host.forward(broker, port)
    stream.once('connect', onConnect)
    return stream
  }
}
