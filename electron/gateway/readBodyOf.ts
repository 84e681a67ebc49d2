/** Reads a request's body whole, up to a limit; with GET as well, where the frame would not. */
import type { IncomingMessage } from 'node:http'
import { gatewayError } from './answer.ts'

const none = Buffer.alloc(0)

/** Null where it is longer than `limit` bytes; what is left of it is then not kept. Rejects where the caller goes away. */
export function readBodyOf(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers
  if (encoding === undefined && (length === undefined || length === '0')) return Promise.resolve(none)
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    const gone = () => reject(gatewayError(400, 'The request ended before its body did.'))
    request.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= limit) chunks.push(chunk)
      else {
        chunks.length = 0
        resolve(null)
      }
    })
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] ?? none) : Buffer.concat(chunks)))
    request.once('error', gone)
    request.once('close', gone)
  })
}
