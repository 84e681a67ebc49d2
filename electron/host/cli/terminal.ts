/** A real terminal: results to standard output, everything else to standard error, one line rewritten for progress. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { ByteStreams, Terminal } from './session.ts'

/** A line longer than the screen cannot be rewritten. */
const usualWidth = 80

export function realTerminal(): Terminal {
  const { stdin, stdout, stderr } = process
  let pending = false
  const clear = () => {
    if (pending) stderr.write('\r\u001b[2K')
    pending = false
  }
  return {
    out: (line) => {
      clear()
      stdout.write(`${line}\n`)
    },
    note: (line) => {
      clear()
      stderr.write(`${line}\n`)
    },
    status: (line) => {
      if (!stderr.isTTY) return
      stderr.write(`\r\u001b[2K${line.slice(0, (stderr.columns ?? usualWidth) - 1)}`)
      pending = true
    },
    interactive: Boolean(stdin.isTTY && stderr.isTTY),
    ask: async (question) => {
      clear()
      const lines = createInterface({ input: stdin, output: stderr })
      try {
        return await lines.question(question)
      } finally {
        lines.close()
      }
    },
    askHidden: async (question) => {
      clear()
      stderr.write(question)
      const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
      const lines = createInterface({ input: stdin, output: nowhere, terminal: true, historySize: 0 })
      try {
        return await lines.question('')
      } finally {
        lines.close()
        stderr.write('\n')
      }
    },
    streams: byteStreams,
  }
}

function byteStreams(): ByteStreams {
  const { stdin, stdout, stderr } = process
  const size = () =>
    stdout.isTTY && stdout.columns > 0 && stdout.rows > 0
      ? { columns: stdout.columns, rows: stdout.rows }
      : null
  let resized = () => {}
  let wasRaw = false
  return {
    size,
    onSize: (listener) => {
      resized = () => {
        const now = size()
        if (now !== null) listener(now)
      }
      stdout.on('resize', resized)
    },
    raw: () => {
      if (!stdin.isTTY) return
      stdin.setRawMode(true)
      wasRaw = true
    },
    onInput: (data, end) => {
      stdin.on('data', (bytes: Buffer) => {
        stdin.pause()
        void data(bytes).finally(() => stdin.resume())
      })
      stdin.once('end', end)
    },
    write: (to, bytes) => void (to === 'out' ? stdout : stderr).write(bytes),
    end: () => {
      stdout.off('resize', resized)
      if (wasRaw) stdin.setRawMode(false)
      stdin.removeAllListeners('data')
      stdin.removeAllListeners('end')
      stdin.pause()
    },
  }
}

/** Resolves when all that was written has left: the end of a program does not wait for it on every system. */
export async function flushed(): Promise<void> {
  const left = (stream: Writable) => new Promise<void>((resolve) => stream.write('', () => resolve()))
  await Promise.all([left(process.stdout), left(process.stderr)])
}
