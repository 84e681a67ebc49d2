/** The links to the machine: the test of the Machine page, with what is saved. */
import type { HostTest } from '../../../shared/contract/hosts.ts'
import { type DoctorLinkId, doctorLinkIds } from '../../../shared/doctor.ts'
import type { HostSettings } from '../../../shared/host.ts'
import { testHost } from '../hostTest.ts'
import type { SecretStore } from '../secretStore.ts'
import { type Found, notUsed, type Part } from './chain.ts'

export interface MachineLookDeps {
  readonly pipeline: string
  readonly host: HostSettings | null
  readonly secrets: Pick<SecretStore, 'get'>
  /** AWS says that the instance does not run: nobody could answer. */
  stopped(): boolean
  /** Told once the machine has said what it is. */
  facts(facts: NonNullable<HostTest['facts']>): void
}

const own = ['key', 'tcp', 'hostKey', 'signIn', 'facts'] as const
/** In the order in which the test reaches them. */
const withJump = ['jump.key', 'key', 'jump.tcp', 'jump.hostKey', 'jump.signIn', ...own.slice(1)] as const

/** An attempt at TCP ends after 10 s by itself (`dial.ts`), ms. */
const limitMs = 15_000

export function machineParts(deps: MachineLookDeps): Part[] {
  const { pipeline, host, secrets } = deps
  if (host === null) return [notUsed(own, 'this pipeline has no machine')]
  return [
    {
      links: host.jump === null ? own : withJump,
      // A closed group is only what AWS says of an address that may be another: TCP is tried all the same.
      needs: () => (deps.stopped() ? ['instance'] : []),
      unused: null,
      limitMs,
      async look(tell, signal) {
        for await (const now of testHost({ pipeline, settings: host, typed: {}, secrets }, signal)) {
          if (now.facts !== null) deps.facts(now.facts)
          for (const link of now.links) {
            const id = idOf(link.hop, link.link)
            if (link.state === 'bad') tell(id, bad(link))
            else if (link.state === 'good' && (link.link !== 'facts' || now.done))
              tell(id, link.link === 'facts' ? machine(link.text, now) : { state: 'good', text: link.text })
          }
        }
      },
    },
  ]
}

function idOf(hop: HostTest['links'][number]['hop'], link: string): DoctorLinkId {
  const name = hop === 'jump' ? `jump.${link}` : link
  const id = doctorLinkIds.find((each) => each === name)
  if (id === undefined) throw new Error(`The doctor has no link ${name}`)
  return id
}

function bad({ text, problem }: HostTest['links'][number]): Found {
  return { state: 'bad', text, problem, action: { kind: 'open', page: '/machine' } }
}

function machine(os: string, { facts, warnings }: HostTest): Found {
  const [warning = null] = warnings
  const text =
    facts === null
      ? os
      : `${os}, ${gib(facts.memoryMiB)} of memory, ${gib(facts.diskFreeMiB)} of disk free, as ${facts.user}`
  return { state: warning === null ? 'good' : 'warn', text, problem: warning }
}

const gib = (mib: number) => `${(mib / 1_024).toFixed(1)} GiB`
