/** The first step: what the host is, and whether it can be set up at all. */
import type { Finding, Step } from '../../plan/step.ts'
import { blocked, factsOf, type KafkaHostDeps, present } from './deps.ts'
import type { HostFacts } from './factsCommands.ts'
import { kafkaFolder, leastDiskMiB, leastMemoryMiB } from './wanted.ts'

/** Package managers we know to ask, by the system's own id. */
export const managers = { debian: 'apt-get', ubuntu: 'apt-get', amzn: 'dnf' } as const

const gib = (mib: number) => `${(mib / 1_024).toFixed(1)} GiB`

/** Why it cannot be set up; null where it can. `installed` says that the large things are there already. */
export function unfit(facts: HostFacts, has: { readonly password: boolean; readonly installed: boolean }) {
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
  if (sudo === 'password' && !has.password)
    return blocked(
      `sudo asks ${user} for a password.`,
      'Give it as the password of this user on the Machine page; it goes only to sudo’s input.',
    )
  if (memoryMiB < leastMemoryMiB)
    return blocked(
      `${gib(memoryMiB)} of memory is too little for Kafka.`,
      `Use a host with at least ${gib(leastMemoryMiB)}, such as a t3.small.`,
    )
  if (!has.installed && diskFreeMiB < leastDiskMiB)
    return blocked(
      `${gib(diskFreeMiB)} of disk is too little: Java and Kafka take ${gib(leastDiskMiB)} while they are installed.`,
      'Free some space on the host, or give it a larger volume.',
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
    const folder = kafkaFolder(deps.wanted().kafkaVersion)
    const installed = (await host.exec(`test -d ${folder}`, { signal })).code === 0
    const outputs = { facts: JSON.stringify(facts) }
    const why = unfit(facts, { password: deps.sudoPassword() !== null, installed })
    // Undo works all the same where too little is left to install.
    if (why !== null) return { ...why, outputs }
    const skew = Math.round(facts.skewMs / 1_000)
    const late = Math.abs(skew) > 60 ? `, its clock is ${skew} s off` : ''
    return present(
      `${facts.os}, ${facts.arch}, ${gib(facts.memoryMiB)} memory, ${gib(facts.diskFreeMiB)} disk free, as ${facts.user}${late}`,
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
