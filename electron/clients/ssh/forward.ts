/** A connection from the host to an address as the host sees it, as a stream that is there at once. */
import { Duplex } from 'node:stream'
import type { Client, ClientChannel } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import { sshError, sshProblem } from './errors.ts'

/**
 * Buffers what is written until the host has opened the connection; then emits `connect`. One that is opened after the
 * stream was destroyed is closed again. `setNoDelay`, `setKeepAlive`, `setTimeout`, `ref` and `unref` are there because
 * clients call them on what they take for a socket; the SSH connection underneath has them set.
 */
export function forwardOver(client: () => Promise<Client>, host: string, port: number, via: string): Duplex {
  let channel: ClientChannel | null = null
  let waiting: (() => void) | null = null
  const opening = open(client, host, port, via)
  const stream = new Duplex({
    allowHalfOpen: true,
    read: () => void channel?.resume(),
    write(chunk, _encoding, done) {
      if (channel !== null) channel.write(chunk, (error) => done(error ?? null))
      else waiting = () => stream._write(chunk, 'buffer' as BufferEncoding, done)
    },
    final(done) {
      if (channel === null) waiting = () => stream._final(done)
      else {
        channel.end()
        done()
      }
    },
    destroy(error, done) {
      channel?.close()
      done(error)
    },
  })
  opening.then(
    (opened) => {
      if (stream.destroyed) {
        opened.close()
        return
      }
      channel = opened
      opened.on('data', (chunk: Buffer) => {
        if (!stream.push(chunk)) opened.pause()
      })
      opened.on('end', () => stream.push(null))
      opened.on('error', (error: Error) => stream.destroy(error))
      opened.on('close', () => {
        if (!stream.readableEnded) stream.push(null)
        if (!stream.writableFinished) stream.destroy()
      })
      stream.emit('connect')
      waiting?.()
      waiting = null
    },
    (error: Error) => stream.destroy(error),
  )
  const socketLike = () => stream
  return Object.assign(stream, {
    setNoDelay: socketLike,
    setKeepAlive: socketLike,
    setTimeout: socketLike,
    ref: socketLike,
    unref: socketLike,
  })
}

async function open(
  client: () => Promise<Client>,
  host: string,
  port: number,
  via: string,
): Promise<ClientChannel> {
  const connected = await client()
  return new Promise((resolve, reject) => {
    try {
      connected.forwardOut('127.0.0.1', 0, host, port, (error, channel) => {
        if (!error) resolve(channel)
        else reject(sshError(error, { host, port, user: '', via, tried: [], offered: [] }))
      })
    } catch (thrown) {
      reject(thrown instanceof AppError ? thrown : sshProblem('lost', via, thrown))
    }
  })
}
