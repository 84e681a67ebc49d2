/** What the doctor asks a machine, as pure text, and what the answers mean; none of it changes anything there. */
import { quote } from '../../lib/quote.ts'

/** Lines of the journal that are looked at. */
const journalLines = 12

/** Prints `name=value` of a unit, then who listens at the port, then the unit's last words. */
export function unitScript(unit: string, port: number): string {
  const name = quote(unit)
  const properties = [
    'LoadState',
    'ActiveState',
    'SubState',
    'UnitFileState',
    'NRestarts',
    'MainPID',
    'ExecMainStatus',
  ]
  return [
    `systemctl show ${name} --property=${properties.join(',')}`,
    `for pid in $(ss -Hltnp 'sport = :${port}' 2>/dev/null | grep -o 'pid=[0-9]*' | cut -d= -f2 | sort -u); do`,
    // The last part of its control group is the unit that it belongs to.
    '  printf "holder=%s %s %s\\n" "$pid" "$(tr -d " " < /proc/$pid/comm)" "$(sed -n "s|.*/||p" /proc/$pid/cgroup | tail -n 1)"',
    'done',
    `journalctl -u ${name} -n ${journalLines} --no-pager -o cat 2>/dev/null | sed 's/^/log=/'; true`,
  ].join('\n')
}

export interface UnitLook {
  readonly loaded: boolean
  /** systemd's words: `active`, `running`. */
  readonly active: string
  readonly sub: string
  readonly enabled: boolean
  readonly restarts: number
  readonly pid: number
  readonly exitStatus: number
  /** Who listens at its port: empty also where the machine does not tell us. */
  readonly holders: readonly { readonly pid: number; readonly name: string; readonly unit: string }[]
  readonly log: readonly string[]
}

/** Of the lines that `unitScript` printed. */
export function parseUnit(lines: readonly string[]): UnitLook {
  const pairs = lines.map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)] as const)
  const value = (name: string) => pairs.find(([each]) => each === name)?.[1] ?? ''
  const all = (name: string) => pairs.flatMap(([each, text]) => (each === name ? [text] : []))
  return {
    loaded: value('LoadState') === 'loaded',
    active: value('ActiveState'),
    sub: value('SubState'),
    enabled: value('UnitFileState') === 'enabled',
    restarts: Number(value('NRestarts')) || 0,
    pid: Number(value('MainPID')) || 0,
    exitStatus: Number(value('ExecMainStatus')) || 0,
    holders: all('holder').map((text) => {
      const [pid = '', name = '', unit = ''] = text.split(' ')
      return { pid: Number(pid), name, unit }
    }),
    log: all('log').filter((line) => line.trim() !== ''),
  }
}

const causes: readonly (readonly [words: RegExp, cause: string, hint: string, faults: readonly string[]])[] =
  [
    [
      /OutOfMemoryError|heap out of memory|oom-kill|Cannot allocate memory/i,
      'it ran out of memory',
      'Use a machine with more memory, or stop what else runs there.',
      ['F-26'],
    ],
    [
      /EADDRINUSE|Address already in use/i,
      'its port is taken',
      'Stop the program that has the port, or choose another one.',
      ['F-28'],
    ],
    [
      /UnsupportedClassVersionError|Unrecognized VM option|no such file.*java/i,
      'its Java does not fit',
      'Set it up again: that links the Java which fits.',
      ['F-27'],
    ],
    [
      /No space left on device|ENOSPC/i,
      'the disk is full',
      'Free some space, or give it a larger volume.',
      [],
    ],
    [
      /IAMClientCallbackHandler|IAMLoginModule/,
      'the jar of AWS’s sign-in is not on its class path',
      'Put aws-msk-iam-auth on the class path of the unit.',
      ['F-06', 'F-20'],
    ],
    [
      /No resolvable bootstrap|UnknownHostException|ENOTFOUND|Failed to construct kafka producer/,
      'it cannot find the brokers',
      'Check its bootstrap address as the machine sees it.',
      ['F-19'],
    ],
  ]

export interface Cause {
  readonly cause: string
  readonly hint: string
  readonly faults: readonly string[]
}

/** What the last words of a program say about its end; null where they say nothing that is known. The newest line counts. */
export function causeIn(log: readonly string[]): Cause | null {
  for (const line of [...log].reverse()) {
    const known = causes.find(([words]) => words.test(line))
    if (known !== undefined) return { cause: known[1], hint: known[2], faults: known[3] }
  }
  return null
}
