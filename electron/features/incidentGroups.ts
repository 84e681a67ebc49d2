/** Groups that were made for incidents: deleted as soon as Kafka has forgotten their members, also those of an app that was killed. */
import { AppError } from '../../shared/errors.ts'
import { pause } from '../lib/broadcast.ts'
import type { LocalStack } from '../local/stack.ts'

export interface IncidentGroups {
  /** What is not deleted yet. */
  list(): string[]
  add(groups: readonly string[]): void
  /** Goes on until none is left but the one in use; resolves then, or when it is closed. */
  tidied(): Promise<void>
  close(): Promise<void>
}

export interface IncidentGroupsOptions {
  readonly stack: LocalStack
  /** The group of the incident that is on. */
  inUse(): string | null
  /** Called when one was deleted. */
  changed(): Promise<void>
}

/** Between two attempts, ms: a member that said nothing more is forgotten after 15 s. */
const tidyMs = 1_000

export function incidentGroups({ stack, inUse, changed }: IncidentGroupsOptions): IncidentGroups {
  const groups = new Set<string>()
  const closed = new AbortController()
  let tidying: Promise<void> | null = null

  const cleared = async (group: string): Promise<boolean> => {
    if (stack.broker.running() === null) return false
    try {
      const kafka = await stack.kafka()
      const { members, state } = await kafka.group(group)
      if (members.length > 0) return false
      if (state !== 'Dead') await kafka.deleteGroup(group)
      return true
    } catch (thrown) {
      return thrown instanceof AppError && thrown.code === 'KAFKA_GROUP_NOT_FOUND'
    }
  }
  const tidy = async () => {
    for (;;) {
      for (const group of groups) {
        if (group === inUse() || !(await cleared(group))) continue
        groups.delete(group)
        await changed()
      }
      if (closed.signal.aborted || [...groups].every((group) => group === inUse())) return
      await pause(tidyMs, closed.signal)
    }
  }

  return {
    list: () => [...groups],
    add: (more) => {
      for (const group of more) groups.add(group)
    },
    tidied() {
      tidying ??= tidy()
        .catch(() => {})
        .finally(() => {
          tidying = null
        })
      return tidying
    },
    async close() {
      closed.abort()
      await tidying
    },
  }
}
