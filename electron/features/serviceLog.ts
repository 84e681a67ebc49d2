/** The journal of a machine's services, live: bounded, and after a lost connection going on behind the last line that came. */
import type { Problem } from '../../shared/contract/base.ts'
import type { LogBatch, LogLine } from '../../shared/contract/services.ts'
import { AppError, toErrorDetail } from '../../shared/errors.ts'
import type { ServiceId } from '../../shared/services.ts'
import { plainText } from '../clients/ssh/lines.ts'
import { pause } from '../lib/broadcast.ts'
import { tailBuffer } from '../lib/tailBuffer.ts'
import { type LogFrom, logScript, longestEntry, parseEntry } from '../plans/kafkaHost/logCommands.ts'
import { type HostRootDeps, ready, rootOn } from './hostRoot.ts'
import { passes } from './serviceLook.ts'

/** At most ten batches a second go to a view; one a second also where nothing came, so that its numbers stay true. */
const batchEveryMs = 100
const silentMs = 1_000
const logItems = 2_000
const logBytes = 8 * 1024 * 1024
const retryEveryMs = 1_000
/** Bytes of its output that are kept beside the lines: only what it says when it fails. */
const keptOutput = 4 * 1024
/** A shell's exit code for a program that a signal ended is larger. */
const signalled = 128

export interface LogInput {
  readonly pipeline: string
  readonly services: readonly ServiceId[]
  readonly lines: number
  readonly follow: boolean
}

/**
 * Throws AppError HOST_NONE, SECRET_LOCKED, … before anything is asked of the machine. What goes wrong there is told in a last
 * batch instead: whoever reads must not try a refused sign-in or password again by itself.
 */
export async function* serviceLog(
  deps: HostRootDeps,
  { pipeline, services, lines, follow }: LogInput,
  signal: AbortSignal,
): AsyncGenerator<LogBatch, void, void> {
  await ready(deps, pipeline)
  const buffer = tailBuffer<LogLine>({
    maxItems: Math.max(logItems, lines),
    maxBytes: logBytes,
    sizeOf: ({ text }) => text.length,
  })
  let problem: Problem | null = null
  /** What went wrong since the last batch, also where it is over again: a short cut is told as well. */
  let untold: Problem | null = null
  let over = false
  let from: LogFrom = { lines }
  const ending = new AbortController()
  const both = AbortSignal.any([signal, ending.signal])

  const trouble = (thrown: unknown) => {
    problem = { ...toErrorDetail(thrown) }
    untold = problem
  }
  const onLine = (text: string, output: 'out' | 'err') => {
    const entry = output === 'out' ? parseEntry(text, services, plainText) : null
    if (entry === null) return
    if (entry.cursor !== null) from = { after: entry.cursor }
    const bytes = entry.lines.reduce((sum, line) => sum + line.text.length, 0)
    buffer.push({ count: entry.lines.length, bytes, items: () => entry.lines })
  }
  /** False where it was ended there, as a restart of the machine does. */
  const readOnce = async (): Promise<boolean> => {
    const root = await rootOn(deps, pipeline, both)
    problem = null
    const { code, stderr } = await root.run(logScript({ services, from, follow }), {
      signal: both,
      ...(follow ? { openUntil: both } : {}),
      onLine,
      longestLine: longestEntry,
      keep: keptOutput,
    })
    if (code !== null && code > 0 && code < signalled) throw logFailed(code, stderr)
    if (follow) trouble(logEnded())
    return !follow
  }
  const read = async () => {
    for (;;) {
      try {
        if (await readOnce()) return
      } catch (thrown) {
        if (both.aborted) return
        trouble(thrown)
        if (!passes(thrown)) return
      }
      await pause(retryEveryMs, both)
      if (both.aborted) return
    }
  }
  // Runs beside the view, so that a slow view loses lines (counted) instead of holding up the connection that all share.
  void read().then(() => {
    over = true
  })
  try {
    while (!signal.aborted) {
      const last = over
      if (!last) await buffer.wait(silentMs, signal)
      const { items, seen, dropped } = buffer.take()
      const ended = last && items.length === 0
      if (ended && problem === null) return
      const told = problem ?? untold
      untold = null
      yield { lines: [...items], seen, dropped, rate: buffer.rate(), problem: told, retrying: !ended }
      if (ended) return
      await pause(batchEveryMs, signal)
    }
  } finally {
    ending.abort()
  }
}

function logEnded(): AppError {
  return new AppError({
    code: 'SERVICE_LOG_ENDED',
    message: 'The reading of the journal was ended on the machine.',
    hint: 'It begins again by itself, behind the last line that came.',
  })
}

function logFailed(code: number, stderr: string): AppError {
  const said = plainText(stderr).trim().split('\n').at(-1) ?? ''
  return new AppError({
    code: 'SERVICE_LOG_FAILED',
    message: `The journal of the machine cannot be read (exit ${code}): ${said || 'it said nothing'}`,
    hint: 'It is read as root by journalctl of systemd 236 or newer. Try it in the terminal of the Machine page.',
  })
}
