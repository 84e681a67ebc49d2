/** The app's log file: one JSON line an event, redacted, bounded in size. */
import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import pino from 'pino'
import { redact } from './redact.ts'

export interface Log {
  info(text: string): void
  warn(text: string): void
  error(text: string): void
}

/** The log is cut here and one older file kept: at most twice this on disk. */
const largest = 5 * 1024 * 1024

/**
 * Opens the log. `secrets` answers the values in use at that moment, which are taken out wherever they stand. Text only:
 * vendor objects are never logged whole.
 */
export function openLog(file: string, secrets: () => Iterable<string>): Log {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  const write = (line: string) => {
    try {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largest) renameSync(file, `${file}.1`)
      appendFileSync(file, redact(line, secrets()), { mode: 0o600 })
    } catch {
      // A full disk must not end the app for the sake of its log.
    }
  }
  const logger = pino({ base: { pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, { write })
  return {
    info: (text) => logger.info(text),
    warn: (text) => logger.warn(text),
    error: (text) => logger.error(text),
  }
}
