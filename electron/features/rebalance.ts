/** The incident "rebalance": members of a group of its own that come and go, as consumers do that crash or scale. */
import type { IncidentOptions } from '../../shared/incidents.ts'
import type { KafkaGroupConsumer } from '../clients/kafka/types.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import { pause } from '../lib/broadcast.ts'
import type { Practice, PracticeContext } from './incidentParts.ts'

const prefix = 'incident-rebalance-'
/** A poll waits so long for records, ms: a member that is to leave is not kept longer. */
const pollMs = 1_000
const pollBytes = 256 * 1024
/** Between two looks at the group's state; a rebalance takes up to a heartbeat, 3 s. */
const lookMs = 300
/** Leaving is one request to a broker that answers; nobody waits longer for it, ms. */
const leaveMs = 5_000

/** Never a group that is there: others' members must not meet ours. */
export async function newGroup(kafka: Pick<KafkaWorkbench, 'groups'>): Promise<string> {
  const taken = new Set((await kafka.groups()).map(({ id }) => id))
  for (let nth = 1; ; nth++) if (!taken.has(`${prefix}${nth}`)) return `${prefix}${nth}`
}

export async function rebalance(
  { stack, pipeline, signal }: PracticeContext,
  { members, everyMs }: Extract<IncidentOptions, { readonly id: 'rebalance' }>,
): Promise<Practice> {
  const kafka = await stack.kafka()
  const group = await newGroup(kafka)
  const topics = Object.values(pipeline.names.topics)
  const here: KafkaGroupConsumer[] = []
  const work: Promise<unknown>[] = []
  let joined = 0
  let left = 0
  let rebalances = 0

  const join = async (): Promise<void> => {
    const consumer = await kafka.groupConsumer({ group, topics, autoOffsetReset: 'latest' })
    here.push(consumer)
    joined += 1
    const poll = async () => {
      // What it reads is thrown away: only that it is a member counts.
      while (here.includes(consumer) && !signal.aborted) {
        const failed = await consumer.poll({ timeoutMs: pollMs, maxBytes: pollBytes }).then(
          () => false,
          () => true,
        )
        if (failed) await pause(pollMs, signal)
      }
    }
    work.push(poll())
  }
  const leave = async (): Promise<void> => {
    const consumer = here.pop()
    if (consumer === undefined) return
    left += 1
    await Promise.race([consumer.close(), pause(leaveMs, undefined)])
  }
  const comeAndGo = async () => {
    while (!signal.aborted) {
      for (let nth = 0; nth < members && !signal.aborted; nth++) {
        await pause(everyMs, signal)
        if (!signal.aborted) await join().catch(() => {})
      }
      for (let nth = 0; nth < members && !signal.aborted; nth++) {
        await pause(everyMs, signal)
        if (!signal.aborted) await leave()
      }
    }
  }
  const watch = async () => {
    let stable = false
    while (!signal.aborted) {
      const state = await kafka.group(group).then(
        (found) => found.state,
        () => '',
      )
      if (state.endsWith('Rebalance') && stable) rebalances += 1
      if (state !== '') stable = state === 'Stable'
      await pause(lookMs, signal)
    }
  }

  return {
    text: `Members join and leave ${group}, one every ${everyMs / 1_000} s.`,
    group,
    async begin() {
      await join()
      work.push(comeAndGo(), watch())
    },
    look: async () => {},
    gone: () => !stack.broker.wanted(),
    facts: () => [
      { label: 'members joined', value: joined, unit: '' },
      { label: 'members left', value: left, unit: '' },
      { label: 'rebalances seen', value: rebalances, unit: '' },
    ],
    places: () => [],
    async heal(closing) {
      while (here.length > 0) await leave()
      if (closing || stack.broker.running() === null) return
      await Promise.race([Promise.all(work), pause(leaveMs, undefined)])
    },
  }
}
