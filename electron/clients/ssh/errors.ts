/** What goes wrong between here and a host, as a sentence and the next step. */
import { AppError } from '../../../shared/errors.ts'

export interface Where {
  readonly host: string
  readonly port: number
  readonly user: string
  /** The host this one is reached through; null where directly. */
  readonly via: string | null
  /** Methods of sign-in that were tried. */
  readonly tried: readonly string[]
  /** Methods the server would still take. */
  readonly offered: readonly string[]
}

interface Thrown {
  readonly code?: string | number
  readonly level?: string
  readonly message?: string
}

const words: Readonly<Record<string, (where: string) => AppErrorDetail>> = {
  refused: (where) => ({
    code: 'SSH_REFUSED',
    message: `Nothing listens there: ${where}`,
    hint: 'Check the port, and that sshd runs on the machine; right after a start it needs some seconds.',
    field: 'port',
  }),
  timeout: (where) => ({
    code: 'SSH_TIMEOUT',
    message: `Nobody answers: ${where}`,
    hint: 'The machine is stopped, its address has changed, or the security group does not open port 22 to your address (F-03).',
    field: 'host',
  }),
  unreachable: (where) => ({
    code: 'SSH_UNREACHABLE',
    message: `There is no way to this address: ${where}`,
    hint: 'Check your network and VPN; a private address (10.…, 172.16.…, 192.168.…) needs a VPN or a jump host.',
    field: 'host',
  }),
  name: (where) => ({
    code: 'SSH_NAME_UNKNOWN',
    message: `This name has no address: ${where}`,
    hint: 'Check the spelling; a machine of EC2 gets another public name with each start (F-04).',
    field: 'host',
  }),
  notSsh: (where) => ({
    code: 'SSH_NOT_SSH',
    message: `What answers there does not speak SSH: ${where}`,
    hint: 'Check the port: SSH is 22, Kafka 9092 or 9098, the REST proxy 8082.',
    field: 'port',
  }),
  lost: (where) => ({
    code: 'SSH_LOST',
    message: `The connection was lost: ${where}`,
    hint: 'The network was cut or the machine went down. The next use connects again.',
  }),
  sessions: (where) => ({
    code: 'SSH_SESSIONS_FULL',
    message: `The host does not open a further session: ${where}`,
    hint: 'Close a terminal, or raise MaxSessions in its sshd_config (10 by default).',
  }),
  forwarding: (where) => ({
    code: 'SSH_FORWARDING_OFF',
    message: `The host does not allow tunnels: ${where}`,
    hint: 'Set AllowTcpForwarding yes in its sshd_config and restart sshd.',
  }),
  permission: (where) => ({
    code: 'SSH_PERMISSION',
    message: `The user may not do this on the host: ${where}`,
    hint: 'Choose another folder, or a user who may.',
  }),
}

interface AppErrorDetail {
  readonly code: string
  readonly message: string
  readonly hint: string
  readonly field?: string
}

/** One of the table, with what was thrown as its cause. */
export function sshProblem(kind: keyof typeof words, where: string, cause?: unknown): AppError {
  const detail = words[kind] ?? (words.lost as (where: string) => AppErrorDetail)
  return new AppError(detail(where), cause)
}

const systemCodes: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EHOSTDOWN: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ENOTFOUND: 'name',
  EAI_AGAIN: 'name',
  ECONNRESET: 'lost',
  EPIPE: 'lost',
}

/** What another host said when it was asked to open a connection (RFC 4254, 5.1); its words are those of its system. */
const remoteWords: readonly (readonly [RegExp, string])[] = [
  [/refused/i, 'refused'],
  [/timed out|timeout/i, 'timeout'],
  [/no route|unreachable/i, 'unreachable'],
  [/name or service|not known|resolve|temporary failure|no address/i, 'name'],
  [/prohibited|administratively/i, 'forwarding'],
]

const placeOf = ({ host, port, via }: Where) => `${host}:${port}${via === null ? '' : `, seen from ${via}`}`

/** The AppError for what ssh2 or the network threw; AppErrors pass through. */
export function sshError(thrown: unknown, where: Where): AppError {
  if (thrown instanceof AppError) return thrown
  const { code, level, message = String(thrown) } = (thrown ?? {}) as Thrown
  const place = placeOf(where)
  const known = typeof code === 'string' ? systemCodes[code] : undefined
  if (known !== undefined) return sshProblem(known, place, thrown)
  if (/Channel open failure/i.test(message)) {
    const said = remoteWords.find(([pattern]) => pattern.test(message))?.[1]
    return sshProblem(said ?? 'refused', place, thrown)
  }
  if (level === 'client-authentication') return authFailed(where, thrown)
  if (level === 'client-timeout') return sshProblem('timeout', place, thrown)
  if (/no matching/i.test(message)) {
    return new AppError(
      {
        code: 'SSH_ALGORITHMS',
        message: `Host and app have no algorithm in common (${message.replace(/^Handshake failed: /, '')}): ${place}`,
        hint: 'The host’s SSH is very old or very strict. Update openssh-server on it, or allow curve25519-sha256 and ssh-ed25519.',
      },
      thrown,
    )
  }
  if (
    /before handshake|Invalid identification|Protocol version|unexpected|Bad packet length/i.test(message)
  ) {
    return sshProblem('notSsh', place, thrown)
  }
  if (/not connected|no response|connection lost|closed|reset|hang up/i.test(message)) {
    return sshProblem('lost', place, thrown)
  }
  return new AppError(
    {
      code: 'SSH_FAILED',
      message: `SSH failed (${message}): ${place}`,
      hint: 'Look at the host’s log: journalctl -u ssh (or sshd).',
    },
    thrown,
  )
}

function authFailed(where: Where, thrown: unknown): AppError {
  const tried = where.tried.length === 0 ? 'nothing could be tried' : `tried ${where.tried.join(', ')}`
  const offered = where.offered.length === 0 ? '' : `; the host takes ${where.offered.join(', ')}`
  return new AppError(
    {
      code: 'SSH_AUTH',
      message: `The host did not let ${where.user} in (${tried}${offered}): ${placeOf(where)}`,
      hint: 'Check the user (Amazon Linux: ec2-user, Ubuntu: ubuntu, Debian: admin) and that this key is the one the machine was made with (F-01).',
      field: 'user',
    },
    thrown,
  )
}

/** Failures that a moment later may be over: a machine that starts, a network that comes back. */
export function mayPass(thrown: unknown): boolean {
  return (
    thrown instanceof AppError &&
    ['SSH_REFUSED', 'SSH_TIMEOUT', 'SSH_UNREACHABLE', 'SSH_LOST', 'SSH_NAME_UNKNOWN'].includes(thrown.code)
  )
}
