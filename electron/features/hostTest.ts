/** Tests the way to a machine link by link: key, TCP, host key, sign-in, and what the machine is. */
import type { HostLink, HostSecrets, HostTest } from '../../shared/contract/hosts.ts'
import { toErrorDetail } from '../../shared/errors.ts'
import type { HostSettings } from '../../shared/host.ts'
import type { Reached } from '../clients/ssh/dial.ts'
import { askFacts } from '../clients/ssh/facts.ts'
import { openSshHost } from '../clients/ssh/host.ts'
import { HostKeyError } from '../clients/ssh/hostKey.ts'
import { type Broadcast, broadcast } from '../lib/broadcast.ts'
import { hostTarget } from './hostTargets.ts'
import type { SecretStore } from './secretStore.ts'

export interface HostTestInput {
  readonly pipeline: string
  readonly settings: HostSettings
  readonly typed: HostSecrets
  readonly secrets: Pick<SecretStore, 'get'>
}

/** More than this makes signatures of AWS and TLS fail, ms (SigV4 takes 5 minutes). */
const skewWarnMs = 60_000

/** The test as it goes on, each change; the last one is `done`. Never throws: what fails is in its link. */
export async function* testHost(
  input: HostTestInput,
  signal: AbortSignal,
): AsyncGenerator<HostTest, void, void> {
  const state = broadcast<HostTest>({
    links: linksOf(input.settings),
    warnings: [],
    facts: null,
    done: false,
  })
  const over = new AbortController()
  const both = AbortSignal.any([signal, over.signal])
  void run(input, state, both)
  try {
    for await (const now of state.watch(both)) {
      yield now
      if (now.done) return
    }
  } finally {
    over.abort()
  }
}

function linksOf({ jump }: HostSettings): HostLink[] {
  const waiting = { state: 'waiting', text: '', problem: null, shown: null } as const
  const hops = jump === null ? (['host'] as const) : (['jump', 'host'] as const)
  const way = hops.flatMap((hop) =>
    (['tcp', 'hostKey', 'signIn'] as const).map((link) => ({ hop, link, ...waiting })),
  )
  return [
    ...hops.map((hop) => ({ hop, link: 'key' as const, ...waiting })),
    ...way,
    { hop: 'host', link: 'facts', ...waiting },
  ]
}

async function run(input: HostTestInput, state: Broadcast<HostTest>, signal: AbortSignal): Promise<void> {
  const change = (edit: (links: HostLink[]) => HostLink[]) =>
    state.set({ ...state.get(), links: edit(state.get().links) })
  /** Each link follows the one before; what is now under way is the first that waits. */
  const good = (hop: HostLink['hop'], link: HostLink['link'], more: Partial<HostLink>) =>
    change((links) => {
      const done = links.map((each) =>
        each.hop === hop && each.link === link ? { ...each, ...more, state: 'good' as const } : each,
      )
      const next = done.findIndex((each) => each.state === 'waiting')
      return done.map((each, index) => (index === next ? { ...each, state: 'working' as const } : each))
    })
  const { host, port, jump } = input.settings
  const hopOf = (name: string): HostLink['hop'] =>
    jump !== null && name === `${jump.host}:${jump.port}` && name !== `${host}:${port}` ? 'jump' : 'host'
  const reached = (step: Reached) => {
    const hop = hopOf(step.hop)
    if (step.what === 'tcp') good(hop, 'tcp', { text: step.hop })
    else if (step.what === 'hostKey')
      good(hop, 'hostKey', { text: `${step.key.algorithm} ${step.key.sha256}`, shown: step.key })
    else good(hop, 'signIn', { text: `by ${step.method}` })
  }
  change(([first, ...rest]) => (first === undefined ? [] : [{ ...first, state: 'working' }, ...rest]))
  try {
    const { target, warnings } = await hostTarget({
      ...input,
      looked: (hop, what, text) => {
        if (what === 'good') good(hop, 'key', { text })
      },
    })
    state.set({ ...state.get(), warnings: [...warnings] })
    const link = openSshHost(target, {
      reached: (step) => {
        // The way through the jump host is a link of its own.
        if (target.jump !== null && step.what === 'hostKey' && hopOf(step.hop) === 'host')
          good('host', 'tcp', { text: `${host}:${port}, through ${jump?.host}` })
        reached(step)
      },
    })
    try {
      await link.connect(signal)
      const facts = await askFacts(link, signal)
      good('host', 'facts', { text: facts.os })
      state.set({ ...state.get(), facts, warnings: [...state.get().warnings, ...skewed(facts.skewMs)] })
    } finally {
      link.close()
    }
  } catch (thrown) {
    const problem = { ...toErrorDetail(thrown) } as NonNullable<HostLink['problem']>
    const shown = thrown instanceof HostKeyError ? thrown.shown : null
    change((links) => {
      const wanted =
        shown === null ? null : links.find(({ link, state }) => link === 'hostKey' && state !== 'good')
      const failed = wanted ?? links.find(({ state }) => state === 'working') ?? links.at(-1)
      return links.map((each) => {
        if (each === failed) return { ...each, state: 'bad' as const, problem, shown }
        // A host that shows its key was reached, through the jump host too.
        if (shown !== null && each.hop === failed?.hop && each.link === 'tcp')
          return { ...each, state: 'good' as const }
        return each
      })
    })
  }
  state.set({ ...state.get(), done: true })
}

function skewed(skewMs: number): HostTest['warnings'] {
  if (Math.abs(skewMs) < skewWarnMs) return []
  return [
    {
      code: 'HOST_CLOCK',
      message: `The clock of the machine is ${Math.round(Math.abs(skewMs) / 1_000)} s ${skewMs > 0 ? 'ahead' : 'behind'}.`,
      hint: 'AWS refuses signatures that are 5 minutes off. Switch time synchronisation on: sudo timedatectl set-ntp true',
    },
  ]
}
