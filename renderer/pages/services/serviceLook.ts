/** How a service and its log are put into words: pure, so that each case is tested. */
import type { LogLine, Service } from '../../../shared/contract/services.ts'
import type { DotState } from '../../ui/StateDot.tsx'

export interface ServiceLook {
  readonly dot: DotState
  /** systemd's own words, so that a person can look them up. */
  readonly words: string
}

const dots: Readonly<Record<string, DotState>> = {
  active: 'good',
  activating: 'working',
  reloading: 'working',
  deactivating: 'working',
  failed: 'bad',
  inactive: 'off',
}

export function lookOf({ state, subState }: Pick<Service, 'state' | 'subState'>): ServiceLook {
  const failing = subState === 'auto-restart'
  const words = subState === '' || subState === state ? state : `${state} (${subState})`
  return { dot: failing ? 'bad' : (dots[state] ?? 'warn'), words }
}

/** What can be pressed: what runs, or is about to, can be stopped. */
export const isUp = ({ state }: Pick<Service, 'state'>): boolean => !['inactive', 'failed'].includes(state)

export type Level = 'plain' | 'warn' | 'bad'

/** By the word our log4j2 pattern and most programs begin with. */
export function levelOf(text: string): Level {
  if (/^\W*(?:error|fatal|severe|exception\b)/i.test(text)) return 'bad'
  return /^\W*warn/i.test(text) ? 'warn' : 'plain'
}

const two = (value: number, digits = 2) => String(value).padStart(digits, '0')

/** "20:41:07.123" of the person's own time zone. */
export function logClock(at: number): string {
  const time = new Date(at)
  return `${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}.${two(time.getMilliseconds(), 3)}`
}

/** For a file or the clipboard: a whole line each, with date and service. */
export const logText = (lines: readonly LogLine[]): string =>
  lines
    .map(
      ({ at, service, system, text }) =>
        `${new Date(at).toISOString()} ${service} ${system ? 'systemd: ' : ''}${text}\n`,
    )
    .join('')

/** Those that hold the text, whatever its case. */
export function matching<T extends Pick<LogLine, 'text'>>(lines: readonly T[], filter: string): readonly T[] {
  const wanted = filter.trim().toLowerCase()
  return wanted === '' ? lines : lines.filter(({ text }) => text.toLowerCase().includes(wanted))
}
