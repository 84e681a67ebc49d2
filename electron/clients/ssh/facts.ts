/** What a host is: asked with one script that needs nothing but a POSIX shell and changes nothing. */
import { AppError } from '../../../shared/errors.ts'
import type { SshHost } from './types.ts'

export interface Facts {
  /** `Amazon Linux 2023` */
  readonly os: string
  /** `x86_64`, `aarch64` */
  readonly arch: string
  readonly memoryMiB: number
  readonly diskMiB: number
  readonly diskFreeMiB: number
  /** The host's clock minus ours, ms. */
  readonly skewMs: number
  readonly user: string
  readonly sudo: 'root' | 'free' | 'password' | 'none'
}

export const factsScript = `
printf 'now=%s\\n' "$(date +%s%3N)"
printf 'user=%s\\n' "$(id -un)"
printf 'arch=%s\\n' "$(uname -m)"
(. /etc/os-release 2>/dev/null; printf 'os=%s\\n' "\${PRETTY_NAME:-$(uname -sr)}")
awk '/^MemTotal:/ { printf "memory=%d\\n", $2 / 1024 }' /proc/meminfo
df -Pk / | awk 'NR == 2 { printf "disk=%d\\nfree=%d\\n", $2 / 1024, $4 / 1024 }'
if [ "$(id -u)" = 0 ]; then echo sudo=root
elif ! command -v sudo >/dev/null 2>&1; then echo sudo=none
elif sudo -n true >/dev/null 2>&1; then echo sudo=free
else echo sudo=password
fi
`

/** Throws AppError; SSH_FACTS where the host is no Linux that answers these questions. */
export async function askFacts(host: SshHost, signal?: AbortSignal): Promise<Facts> {
  const before = Date.now()
  const lines: string[] = []
  // By standard input, so that the user's own login shell may be any.
  const { code, stderr } = await host.exec('sh -s', {
    stdin: factsScript,
    onLine: (line, from) => from === 'out' && lines.push(line),
    ...(signal && { signal }),
  })
  const ours = (before + Date.now()) / 2
  const said = new Map(lines.map((line) => [line.split('=', 1)[0] ?? '', line.slice(line.indexOf('=') + 1)]))
  const number = (name: string) => Math.round(Number(said.get(name) ?? Number.NaN))
  const sudo = (['root', 'free', 'password', 'none'] as const).find((each) => each === said.get('sudo'))
  const numbers = [number('memory'), number('disk'), number('free'), number('now')]
  if (sudo === undefined || numbers.some((each) => !Number.isSafeInteger(each))) {
    throw new AppError({
      code: 'SSH_FACTS',
      message: `The host does not answer like Linux (sh ended with ${code}): ${stderr.slice(0, 200).trim() || host.name}`,
      hint: 'Choose a machine with Amazon Linux, Debian or Ubuntu, and a user whose login shell runs commands.',
    })
  }
  return {
    os: (said.get('os') ?? '').slice(0, 200),
    arch: (said.get('arch') ?? '').slice(0, 64),
    memoryMiB: number('memory'),
    diskMiB: number('disk'),
    diskFreeMiB: number('free'),
    skewMs: Math.round(number('now') - ours),
    user: (said.get('user') ?? '').slice(0, 64),
    sudo,
  }
}
