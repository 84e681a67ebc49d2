/** A machine's target in two parts that may cross to a worker thread: plain data, and its secrets by name (decision 6). */

import type { Secrets } from '../../lib/openFor.ts'
import type { Secret } from '../../lib/secret.ts'
import type { HostKeyPolicy, SshHop, SshHost, SshTarget } from './types.ts'

type Which = 'host' | 'jump'
type What = 'key' | 'passphrase' | 'password'

interface PlainHop {
  readonly host: string
  readonly port: number
  readonly user: string
  readonly agent: string | null
  /** Its host key is decided already: a worker asks nobody. */
  readonly hostKey: HostKeyPolicy
}

export interface PlainTarget extends PlainHop {
  readonly jump: PlainHop | null
}

export interface PackedTarget {
  readonly plain: PlainTarget
  /** For `openFor`. */
  readonly secrets: Readonly<Record<string, Secret>>
}

const nameOf = (which: Which, what: What) => `ssh.${which}.${what}`

/** What answers questions stays behind: a worker's own connection signs in with keys and passwords only. */
export function packTarget(target: SshTarget): PackedTarget {
  const secrets: Record<string, Secret> = {}
  const plain = (which: Which, { host, port, user, auth, hostKey }: SshHop): PlainHop => {
    const keep = (what: What, value: Secret | null | undefined) => {
      if (value) secrets[nameOf(which, what)] = value
    }
    keep('key', auth.key?.text)
    keep('passphrase', auth.key?.passphrase)
    keep('password', auth.password)
    return { host, port, user, agent: auth.agent, hostKey }
  }
  const jump = target.jump === null ? null : plain('jump', target.jump)
  return { plain: { ...plain('host', target), jump }, secrets }
}

/** The worker's own connection to the machine, to be closed by it; null where there is none. Connects at first use. */
export async function openMachine(plain: PlainTarget | null, secrets: Secrets): Promise<SshHost | null> {
  if (plain === null) return null
  // A thread that needs no machine does not pay for loading ssh2.
  const { openSshHost } = await import('./host.ts')
  return openSshHost(unpackTarget(plain, secrets))
}

function unpackTarget({ jump, ...host }: PlainTarget, secrets: Secrets): SshTarget {
  const whole = (which: Which, { agent, ...hop }: PlainHop): SshHop => {
    const held = (what: What) => secrets[nameOf(which, what)] ?? null
    const text = held('key')
    return {
      ...hop,
      auth: {
        agent,
        key: text === null ? null : { text, passphrase: held('passphrase') },
        password: held('password'),
        ask: null,
      },
    }
  }
  return { ...whole('host', host), jump: jump === null ? null : whole('jump', jump) }
}
