/** A real terminal: results to standard output, everything else to standard error, one line rewritten for progress. */
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import type { Terminal } from './session.ts'

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
  }
}

/** Resolves when all that was written has left: the end of a program does not wait for it on every system. */
export async function flushed(): Promise<void> {
  const left = (stream: Writable) => new Promise<void>((resolve) => stream.write('', () => resolve()))
  await Promise.all([left(process.stdout), left(process.stderr)])
}
