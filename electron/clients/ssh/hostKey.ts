/** Decides about the key a host shows, before anything is sent to it. */
import { AppError } from '../../../shared/errors.ts'
import { knownKeys, lookUp } from './knownHosts.ts'
import type { HostKey, HostKeyPolicy } from './types.ts'

/** Carries the key that was shown, so that a person can be asked about it. */
export class HostKeyError extends AppError {
  readonly shown: HostKey

  constructor(detail: ConstructorParameters<typeof AppError>[0], shown: HostKey) {
    super(detail)
    this.name = 'HostKeyError'
    this.shown = shown
  }
}

/** Null where the key is the right one. */
export function judge(
  policy: HostKeyPolicy,
  host: string,
  port: number,
  shown: HostKey,
): HostKeyError | null {
  const at = `${host}:${port}`
  const known = lookUp(policy.knownHosts, host, port, shown)
  if (known.verdict === 'revoked') {
    return new HostKeyError(
      {
        code: 'SSH_HOST_KEY_REVOKED',
        message: `The host shows a key that known_hosts marks as revoked, ${shown.sha256}: ${at}`,
        hint: 'Do not connect. Whoever runs the host must give it a new key.',
        field: 'hostKey',
      },
      shown,
    )
  }
  const wanted = policy.pinned === null ? known.keys : [policy.pinned]
  if (wanted.some((key) => key.sha256 === shown.sha256)) return null
  if (wanted.length > 0) {
    const before = wanted.map((key) => key.sha256).join(', ')
    return new HostKeyError(
      {
        code: 'SSH_HOST_KEY_CHANGED',
        message: `The host’s key has changed from ${before} to ${shown.sha256} (${shown.algorithm}): ${at}`,
        hint: 'Somebody may be in between, or the machine was made anew. Nothing was sent. Only if you know why it changed, forget the old key and test again.',
        field: 'hostKey',
      },
      shown,
    )
  }
  return new HostKeyError(
    {
      code: 'SSH_HOST_KEY_UNKNOWN',
      message: `This host is not known yet; its key (${shown.algorithm}) is ${shown.sha256}: ${at}`,
      hint: 'Compare it with what the machine’s console says (ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub), then accept it.',
      field: 'hostKey',
    },
    shown,
  )
}

/** Host key algorithms, by signature, that a key's own name stands for. */
const signatures: Readonly<Record<string, readonly string[]>> = {
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256', 'ssh-rsa'],
}
/** Without SHA-1 and DSA, as OpenSSH 8.8 and newer. */
const usual = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/** The order in which host keys are asked for: those that are known first, else a known host could look changed. */
export function algorithmOrder(policy: HostKeyPolicy, host: string, port: number): string[] {
  const known = policy.pinned === null ? knownKeys(policy.knownHosts, host, port) : [policy.pinned]
  const first = known
    .flatMap(({ algorithm }) => signatures[algorithm] ?? [algorithm])
    .filter((algorithm) => usual.includes(algorithm))
  return [...new Set([...first, ...usual])]
}
