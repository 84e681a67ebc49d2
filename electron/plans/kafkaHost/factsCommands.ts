/** What the plan wants to know of a host beyond what the connection's test tells, as pure text. */
import { z } from 'zod'
import type { Facts } from '../../clients/ssh/facts.ts'
import { javaCurrent, places } from './wanted.ts'

/** Prints `name=value` lines; needs nothing but a POSIX shell, and no right. */
export const moreScript = [
  '. /etc/os-release 2>/dev/null',
  'echo "id=$ID"; echo "name=$(uname -n)"',
  // A container or a slice may have less than the machine.
  'limit=$(cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null)',
  'echo "limit=$limit"',
  `echo "address=$(hostname -I 2>/dev/null | awk '{print $1}')"`,
  'for tool in apt-get dnf yum systemctl flock; do command -v $tool >/dev/null && echo "tool=$tool"; done; true',
].join('\n')

export interface HostFacts extends Facts {
  /** `debian`, `ubuntu`, `amzn`, … */
  readonly id: string
  /** The host's own name. */
  readonly name: string
  /** Its first own address; empty where it tells none. */
  readonly address: string
  readonly tools: readonly string[]
}

const schema = z.object({ id: z.string().min(1), name: z.string(), address: z.string() })

/** Null where the answer is not the script's: a login message in between, or a forced command. */
export function withMore(facts: Facts, text: string): HostFacts | null {
  const lines = text.split('\n').flatMap((line) => {
    const at = line.indexOf('=')
    return at < 1 ? [] : [[line.slice(0, at), line.slice(at + 1).trim()] as const]
  })
  const parsed = schema.safeParse(Object.fromEntries(lines))
  if (!parsed.success) return null
  // Without a limit the file says "max", or a number larger than any memory.
  const limit = Math.floor(Number(lines.find(([name]) => name === 'limit')?.[1]) / 1_024 ** 2)
  return {
    ...facts,
    ...parsed.data,
    memoryMiB: limit > 0 ? Math.min(facts.memoryMiB, limit) : facts.memoryMiB,
    tools: lines.filter(([name]) => name === 'tool').map(([, value]) => value),
  }
}

/** The Java programs to try, best first; each that is there, once, prints `path<TAB>version line`: starting one takes a tenth of a second. */
export const javaScript = [
  `for java in ${javaCurrent}/bin/java "$(command -v java)" /usr/lib/jvm/*/bin/java ${places.programs}/java/*/bin/java; do`,
  '[ -x "$java" ] || continue',
  'real=$(readlink -f "$java")',
  'case "$seen" in *":$real:"*) continue;; esac',
  'seen="$seen:$real:"',
  'printf "%s\\t%s\\n" "$real" "$("$real" -version 2>&1 | head -n 1)"',
  'done; true',
].join('\n')

export interface Java {
  readonly program: string
  /** Java's own number: `1.8` is 8. */
  readonly major: number
  readonly version: string
}

/** All that are there, in the order of the script. */
export const parseJavas = (text: string): readonly Java[] =>
  text.split('\n').flatMap((line) => {
    const match = /^(\/\S+)\t.*version "(\d+)(?:\.(\d+))?([^"]*)"/.exec(line)
    if (match === null) return []
    const [, program = '', first = '', second = '', rest = ''] = match
    const major = first === '1' ? Number(second) : Number(first)
    return [{ program, major, version: `${first}${second === '' ? '' : `.${second}`}${rest}` }]
  })

/** Where the plan keeps what it made there. */
export const ledgerFile = `${places.data}/ledger.json`
