/** Runs one command on a host. */
import type { Client, ClientChannel } from 'ssh2'
import { sshError, sshProblem, type Where } from './errors.ts'
import { lineSplitter } from './lines.ts'
import type { Ended, ExecOptions, ExecResult } from './types.ts'

const usualKeep = 1024 * 1024

/** Opens the channel; throws AppError. */
export function openChannel(
  open: (done: (error: Error | undefined, channel: ClientChannel) => void) => void,
  where: Where,
): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    try {
      open((error, channel) => {
        if (!error) resolve(channel)
        else if (/Channel open failure/i.test(error.message))
          reject(sshProblem('sessions', where.host, error))
        else reject(sshError(error, where))
      })
    } catch (thrown) {
      // ssh2 throws at once where the connection has just gone.
      reject(sshError(thrown, where))
    }
  })
}

export async function execOn(
  client: Client,
  command: string,
  options: ExecOptions,
  where: Where,
): Promise<ExecResult> {
  const { signal, stdin, openUntil, onLine, longestLine, keep = usualKeep } = options
  signal?.throwIfAborted()
  const channel = await openChannel((done) => client.exec(command, done), where)
  const out = collector(keep, onLine && ((line) => onLine(line, 'out')), longestLine)
  const err = collector(keep, onLine && ((line) => onLine(line, 'err')), longestLine)
  return new Promise((resolve, reject) => {
    const aborted = () => {
      terminate(channel)
      channel.close()
      reject(signal?.reason)
    }
    channel.on('data', out.push)
    channel.stderr.on('data', err.push)
    channel.on('error', () => {})
    channel.once('close', (code?: number | null, name?: string) => {
      signal?.removeEventListener('abort', aborted)
      out.end()
      err.end()
      const ended = endOf(code, name)
      if (ended.code === null && ended.signal === null) {
        reject(sshProblem('lost', `${where.host}:${where.port}`))
        return
      }
      resolve({
        ...ended,
        stdout: out.text(),
        stderr: err.text(),
        truncated: out.truncated() || err.truncated(),
      })
    })
    signal?.addEventListener('abort', aborted, { once: true })
    if (signal?.aborted) aborted()
    if (stdin !== undefined)
      channel.write(typeof stdin === 'string' || stdin instanceof Uint8Array ? stdin : stdin.reveal())
    if (openUntil === undefined || openUntil.aborted) channel.end()
    else openUntil.addEventListener('abort', () => channel.end(), { once: true })
  })
}

/**
 * What `close` says of a command's end; both null where the connection was lost. Not by `exit`: with a quick command it comes
 * in one packet with the channel, before anybody listens.
 */
export function endOf(code: number | null | undefined, name: string | undefined): Ended {
  return {
    code: typeof code === 'number' ? code : null,
    signal: typeof code === 'number' ? null : (name?.replace(/^SIG/, '') ?? null),
  }
}

/** As `channel.signal`, which ssh2 leaves out once the command's input has ended; the protocol allows it (RFC 4254, 6.9). */
function terminate(channel: ClientChannel): void {
  const inside = channel as unknown as {
    readonly _client: { readonly _protocol: { signal(id: number, name: string): void } }
    readonly outgoing: { readonly id: number; readonly state: string }
  }
  if (inside.outgoing.state !== 'open' && inside.outgoing.state !== 'eof') return
  inside._client._protocol.signal(inside.outgoing.id, 'TERM')
}

/** Keeps the beginning of an output and gives on its lines. */
function collector(keep: number, onLine: ((line: string) => void) | undefined, longest?: number) {
  const kept: Buffer[] = []
  let size = 0
  let over = false
  const lines = onLine && lineSplitter(onLine, longest)
  return {
    push: (chunk: Buffer) => {
      lines?.push(chunk)
      const part = chunk.subarray(0, keep - size)
      if (part.length < chunk.length) over = true
      if (part.length === 0) return
      kept.push(Buffer.from(part))
      size += part.length
    },
    end: () => lines?.end(),
    text: () => Buffer.concat(kept).toString('utf8'),
    truncated: () => over,
  }
}
