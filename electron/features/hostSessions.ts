/** Terminals and commands that run on machines: opened by a call, read by a stream at the reader's own pace. */
import { randomUUID } from 'node:crypto'
import type { HostOutput } from '../../shared/contract/hosts.ts'
import { AppError } from '../../shared/errors.ts'
import { sshProblem } from '../clients/ssh/errors.ts'
import type { Shell, SshHost } from '../clients/ssh/types.ts'

export interface HostSessions {
  open(
    host: SshHost,
    options: {
      readonly command: string | undefined
      readonly size: { columns: number; rows: number } | undefined
    },
  ): Promise<string>
  /** Ends with the session; who leaves ends the session. One reader only. */
  output(session: string, signal: AbortSignal): AsyncGenerator<HostOutput, void, void>
  input(session: string, data: Uint8Array, end: boolean): void
  resize(session: string, columns: number, rows: number): void
  close(session: string): void
  closeAll(): void
}

/** Bytes that wait for the reader before the host is held up. */
const mostWaiting = 256 * 1024

interface Session {
  readonly shell: Shell
  readonly name: string
  waiting: { readonly from: 'out' | 'err'; readonly data: Buffer }[]
  bytes: number
  ended: HostOutput['ended']
  read: boolean
  wake: () => void
}

export function openHostSessions(): HostSessions {
  const sessions = new Map<string, Session>()
  const get = (id: string): Session => {
    const session = sessions.get(id)
    if (session !== undefined) return session
    throw new AppError({
      code: 'HOST_SESSION_OVER',
      message: 'This terminal has ended.',
      hint: 'Open a new one.',
    })
  }
  const close = (id: string) => {
    sessions.get(id)?.shell.close()
    sessions.delete(id)
  }
  return {
    async open(host, { command, size }) {
      const shell = await host.shell({
        columns: size?.columns ?? 80,
        rows: size?.rows ?? 24,
        pty: size !== undefined,
        ...(command === undefined ? {} : { command }),
      })
      const session: Session = {
        shell,
        name: host.name,
        waiting: [],
        bytes: 0,
        ended: null,
        read: false,
        wake: () => {},
      }
      const take = (from: 'out' | 'err', stream: NodeJS.ReadableStream) =>
        stream.on('data', (data: Buffer) => {
          session.waiting.push({ from, data })
          session.bytes += data.length
          if (session.bytes > mostWaiting) {
            shell.output.pause()
            shell.errors.pause()
          }
          session.wake()
        })
      take('out', shell.output)
      take('err', shell.errors)
      void shell.ended.then(({ code, signal }) => {
        const lost = code === null && signal === null
        session.ended = {
          code,
          signal,
          problem: lost ? problemOf(sshProblem('lost', host.name)) : null,
        }
        session.wake()
      })
      const id = randomUUID()
      sessions.set(id, session)
      return id
    },
    async *output(id, signal) {
      const session = get(id)
      if (session.read) {
        throw new AppError({
          code: 'HOST_SESSION_READ',
          message: 'This terminal is shown somewhere else already.',
          hint: 'Open a new one here.',
        })
      }
      session.read = true
      const woken = () => session.wake()
      signal.addEventListener('abort', woken)
      try {
        while (!signal.aborted) {
          if (session.waiting.length === 0 && session.ended === null) {
            await new Promise<void>((resolve) => {
              session.wake = resolve
            })
            continue
          }
          const { ended } = session
          const chunks = session.waiting.map(({ from, data }) => ({ from, data: data.toString('base64') }))
          session.waiting = []
          session.bytes = 0
          session.shell.output.resume()
          session.shell.errors.resume()
          yield { chunks, ended }
          if (ended !== null) return
        }
      } finally {
        signal.removeEventListener('abort', woken)
        close(id)
      }
    },
    input: (id, data, end) => {
      const { input } = get(id).shell
      if (data.length > 0) input.write(data)
      if (end) input.end()
    },
    resize: (id, columns, rows) => get(id).shell.resize(columns, rows),
    close,
    closeAll: () => {
      for (const id of [...sessions.keys()]) close(id)
    },
  }
}

const problemOf = ({ code, message, hint }: AppError) => ({ code, message, hint })
