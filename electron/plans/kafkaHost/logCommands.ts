/** The journal of our services as a stream: how it is asked for, and one line of its answer, as pure text. */
import type { LogLine } from '../../../shared/contract/services.ts'
import type { ServiceId } from '../../../shared/services.ts'
import { quote } from '../../lib/quote.ts'
import { serviceUnits } from './serviceCommands.ts'

/** Where a reader stands: the journal's own mark of the last line that came, or how many of the last ones to begin with. */
export type LogFrom = { readonly after: string } | { readonly lines: number }

export interface LogWhat {
  readonly services: readonly ServiceId[]
  readonly from: LogFrom
  readonly follow: boolean
}

/**
 * Characters of one JSON line: journald cuts what a program prints at 48 KiB (journald.conf(5), LineMax), and a byte that is
 * no text is up to four characters and a comma there.
 */
export const longestEntry = 1024 * 1024

/**
 * Ends with its own input: the connection's end, whatever ends that, ends `journalctl` too, under sudo as well, where no
 * signal of ours reaches it.
 */
export function logScript({ services, from, follow }: LogWhat): string {
  const units = services.map((service) => `-u ${serviceUnits[service]}`).join(' ')
  const place = 'after' in from ? `--after-cursor=${quote(from.after)}` : `-n ${from.lines}`
  const ask = `journalctl ${units} ${place} -q --all -o json --output-fields=MESSAGE,UNIT,_SYSTEMD_UNIT --no-pager`
  if (!follow) return ask
  return [
    'exec 3<&0',
    `${ask} --follow${'after' in from ? ' --no-tail' : ''} 3<&- &`,
    'reader=$!',
    '{ cat <&3; kill "$reader"; } >/dev/null 2>&1 &',
    'guard=$!',
    'exec 3<&-',
    'wait "$reader"; code=$?',
    'kill "$guard" 2>/dev/null',
    'exit "$code"',
  ].join('\n')
}

export interface LogEntry {
  readonly cursor: string | null
  readonly lines: readonly LogLine[]
}

/** Characters of a line in a view. */
const longest = 16 * 1024

/**
 * One entry of `-o json`: what is no text comes as an array of bytes, what occurs twice as an array of both. Null where it is
 * none, such as a warning of sudo. `plain` takes control characters out. One that was cut is told as such, with its place.
 */
export function parseEntry(
  text: string,
  services: readonly ServiceId[],
  plain: (text: string) => string,
): LogEntry | null {
  if (!text.startsWith('{')) return null
  const entry = jsonOf(text)
  const cursor = stringIn(entry?.__CURSOR) ?? /"__CURSOR":"([^"]+)"/.exec(text)?.[1] ?? null
  const micro =
    stringIn(entry?.__REALTIME_TIMESTAMP) ?? /"__REALTIME_TIMESTAMP":"(\d+)"/.exec(text)?.[1] ?? '0'
  const unit = stringIn(entry?.UNIT) ?? stringIn(entry?._SYSTEMD_UNIT)
  const head = {
    at: Math.floor(Number(micro) / 1_000),
    service: services.find((service) => serviceUnits[service] === unit) ?? (services[0] as ServiceId),
    system: entry !== null && stringIn(entry.UNIT) !== null,
  }
  const said = entry === null ? '(a line of more than 1 MiB)' : wordsOf(entry.MESSAGE)
  return {
    cursor,
    lines: said
      .trimEnd()
      .split(/\r?\n/)
      .map((line) => ({ ...head, text: plain(line).slice(0, longest) })),
  }
}

type Entry = Readonly<Record<string, unknown>>

function jsonOf(text: string): Entry | null {
  try {
    return JSON.parse(text) as Entry
  } catch {
    return null
  }
}

const stringIn = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  if (value.every((each) => typeof each === 'number')) return Buffer.from(value).toString('utf8')
  return value.map(wordsOf).join(' ')
}
