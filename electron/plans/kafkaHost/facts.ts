/** The first step: what the host is, and whether it can be set up at all. */

import { blocked, present } from '../../plan/findings.ts'
import type { Finding, Step } from '../../plan/step.ts'
import { factsOf, type KafkaHostDeps } from './deps.ts'
import type { HostFacts } from './factsCommands.ts'
import {
  confluentFolder,
  kafkaFolder,
  leastDiskForConfluentMiB,
  leastDiskMiB,
  leastMemoryBesideConfluentMiB,
  leastMemoryMiB,
} from './wanted.ts'

/** Package managers we know to ask, by the system's own id. */
export const managers = { debian: 'apt-get', ubuntu: 'apt-get', amzn: 'dnf' } as const

const gib = (mib: number) => `${(mib / 1_024).toFixed(1)} GiB`

/** AWS ended its support with June 2026. */
const endOfLife = ({ id, os }: HostFacts) => id === 'amzn' && /Linux 2(?!\d)/.test(os)

/** What is wanted of a host, and what of the large things it has already. */
export interface Wants {
  readonly password: boolean
  readonly kafkaThere: boolean
  /** Confluent's proxy; null where it is not wanted. */
  readonly confluent: {
    readonly there: boolean
    /** No broker runs beside it. */
    readonly alone: boolean
  } | null
}

/** Why it cannot be set up; null where it can. */
export function unfit(facts: HostFacts, { password, kafkaThere, confluent }: Wants): Finding | null {
  const { id, os, arch, user, sudo, tools, memoryMiB, diskFreeMiB } = facts
  if (!(id in managers))
    return blocked(
      `This system is not known: ${os}`,
      'Use Amazon Linux 2023 or 2, Debian 12 or newer, or Ubuntu 22.04 or newer.',
    )
  if (arch !== 'x86_64' && arch !== 'aarch64')
    return blocked(`This processor is not known: ${arch}`, 'Use a host of x86_64 or aarch64 (arm64).')
  if (!tools.includes('systemctl'))
    return blocked(
      'The host has no systemd, which keeps Kafka running.',
      'Use a host that boots with systemd.',
    )
  if (sudo === 'none')
    return blocked(
      `${user} cannot become root there: no sudo.`,
      'Install sudo there, or sign in as another user.',
    )
  if (sudo === 'password' && !password)
    return blocked(
      `sudo asks ${user} for a password.`,
      'Give it as the password of this user on the Machine page; it goes only to sudo’s input.',
    )
  if (memoryMiB < leastMemoryMiB)
    return blocked(
      `${gib(memoryMiB)} of memory is too little for Kafka.`,
      `Use a host with at least ${gib(leastMemoryMiB)}, such as a t3.small.`,
    )
  if (confluent !== null && !confluent.alone && memoryMiB < leastMemoryBesideConfluentMiB)
    return blocked(
      `${gib(memoryMiB)} of memory is too little for Kafka and Confluent’s REST proxy, a second Java.`,
      `Use this app’s own gateway, which fits (kafkaHost.proxy=gateway), or a host with at least ${gib(leastMemoryBesideConfluentMiB)}, such as a t3.small.`,
    )
  const wants = [
    ...(kafkaThere ? [] : [{ what: 'Java and Kafka', mib: leastDiskMiB }]),
    ...(confluent === null || confluent.there ? [] : [{ what: 'Confluent', mib: leastDiskForConfluentMiB }]),
  ]
  if (diskFreeMiB < wants.reduce((sum, { mib }) => sum + mib, 0))
    return blocked(
      `${gib(diskFreeMiB)} of disk is too little: ${wants.map(({ what, mib }) => `${what} ${what.includes(' ') ? 'take' : 'takes'} ${gib(mib)}`).join(', ')} while they are installed.`,
      confluent?.there === false
        ? 'Free some space on the host, give it a larger volume, or use this app’s own gateway (kafkaHost.proxy=gateway).'
        : 'Free some space on the host, or give it a larger volume.',
    )
  return null
}

export function factsStep(deps: KafkaHostDeps): Step {
  const look = async (signal: AbortSignal): Promise<Finding> => {
    const host = deps.host()
    const facts = await factsOf(host, signal)
    if (facts === null)
      return blocked(
        'The host does not answer as a Linux with a shell.',
        'Sign in by hand once: a login message or a forced command may stand in the way.',
      )
    const { kafkaVersion, broker, proxy, confluentVersion } = deps.wanted()
    const isThere = async (folder: string) => (await host.exec(`test -d ${folder}`, { signal })).code === 0
    const outputs = { facts: JSON.stringify(facts) }
    const why = unfit(facts, {
      password: deps.sudoPassword() !== null,
      kafkaThere: await isThere(kafkaFolder(kafkaVersion)),
      confluent:
        proxy === 'confluent'
          ? { there: await isThere(confluentFolder(confluentVersion)), alone: broker === 'msk' }
          : null,
    })
    // Undo works all the same where too little is left to install.
    if (why !== null) return { ...why, outputs }
    const skew = Math.round(facts.skewMs / 1_000)
    const late = Math.abs(skew) > 60 ? `, its clock is ${skew} s off` : ''
    const old = endOfLife(facts) ? ' (end of life since June 2026: no updates any more)' : ''
    return present(
      `${facts.os}${old}, ${facts.arch}, ${gib(facts.memoryMiB)} memory, ${gib(facts.diskFreeMiB)} disk free, as ${facts.user}${late}`,
      outputs,
    )
  }
  return {
    id: 'facts',
    title: 'Host',
    check: (_context, signal) => look(signal),
    // What it is cannot be changed from here: what is in the way is a finding.
    apply: () => Promise.resolve(),
  }
}
