/** Membership of a consumer group by the classic protocol: join, share out, keep alive, leave. */
import {
  decodeConsumerProtocolAssignment,
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolAssignment,
  encodeConsumerProtocolSubscription,
  heartbeatV4,
  joinGroupV7,
  joinGroupV9,
  leaveGroupV4,
  leaveGroupV5,
  syncGroupV5,
} from '@platformatic/kafka'
import type { Cluster } from './cluster.ts'
import { AnswerError, check, nameOf } from './errors.ts'
import { rangeAssignment } from './rangeAssignment.ts'

/** A member that says nothing for so long is taken for dead, ms. Shorter than Java's 45 s: a restart must not wait. */
const sessionMs = 15_000
export const heartbeatMs = 3_000
/** How long the others have to join again, ms; below the time-out of a request. */
const rebalanceMs = 20_000
/** What every Java consumer speaks too, so that they can share a group. */
const protocolName = 'range'

export interface TopicPartitions {
  readonly topic: string
  readonly partitions: readonly number[]
}

export interface Member {
  readonly id: string
  readonly generation: number
  readonly assigned: readonly TopicPartitions[]
  /** It shares out the partitions, so it must notice when there are more of them. */
  readonly leads: boolean
}

export interface Membership {
  /** Takes part in one rebalance, as the member it was before where the group still knows it. Throws AnswerError. */
  join(topics: readonly string[]): Promise<Member>
  /** False where the group rebalances or no longer knows this member. */
  heartbeat(member: Member): Promise<boolean>
  leave(member: Member): Promise<void>
}

/** The errors that mean: join again. */
const rejoin = new Set([
  'REBALANCE_IN_PROGRESS',
  'ILLEGAL_GENERATION',
  'UNKNOWN_MEMBER_ID',
  'MEMBER_ID_REQUIRED',
])

export function needsRejoin(error: unknown): boolean {
  return error instanceof AnswerError && rejoin.has(nameOf(error.kafkaCode))
}

/** `purpose` names the connection: joining waits for the other members and must hold up nobody else. */
export function createMembership(cluster: Cluster, group: string, purpose: string): Membership {
  const memberIdRequired = 79
  /** By which the group knows this member; empty for a new one. */
  let id = ''

  async function joinAs(member: string, topics: readonly string[]) {
    const metadata = encodeConsumerProtocolSubscription({ version: 1, topics: [...topics] })
    const protocols = [{ name: protocolName, metadata }]
    const ask = (as: string) =>
      cluster.coordinator(
        group,
        (link) =>
          link.call(
            [joinGroupV9, joinGroupV7],
            group,
            sessionMs,
            rebalanceMs,
            as,
            null,
            'consumer',
            protocols,
            null,
          ),
        purpose,
      )
    const first = await ask(member)
    const answer = first.errorCode === memberIdRequired ? await ask(first.memberId) : first
    check(answer.errorCode, group)
    return answer
  }

  async function shareOut(members: readonly { memberId: string; metadata: Buffer }[]) {
    const wishes = members.map(({ memberId, metadata }) => ({
      member: memberId,
      topics: decodeConsumerProtocolSubscription(metadata).topics,
    }))
    const names = [...new Set(wishes.flatMap(({ topics }) => topics))]
    const { topics } = await cluster.metadata(names)
    const shares = rangeAssignment(
      wishes,
      topics.map(({ name, partitions }) => ({ topic: name, partitions: partitions.length })),
    )
    return [...shares].map(([memberId, share]) => ({
      memberId,
      assignment: encodeConsumerProtocolAssignment({
        version: 1,
        assignedPartitions: share.map(({ topic, partitions }) => ({ topic, partitions: [...partitions] })),
      }),
    }))
  }

  return {
    async join(topics) {
      let joined: Awaited<ReturnType<typeof joinAs>>
      try {
        joined = await joinAs(id, topics)
      } catch (error) {
        // It was away for too long and was forgotten: it is a new member now.
        if (id === '' || !needsRejoin(error)) throw error
        id = ''
        joined = await joinAs('', topics)
      }
      const { memberId, generationId, leader, members } = joined
      // Kept also where sharing out fails: joining anew as somebody else would leave a dead member for the others to wait for.
      id = memberId
      const leads = leader === memberId
      const shares = leads ? await shareOut(members) : []
      const answer = await cluster.coordinator(
        group,
        (link) =>
          link.call([syncGroupV5], group, generationId, memberId, null, 'consumer', protocolName, shares),
        purpose,
      )
      check(answer.errorCode, group)
      const assigned = decodeConsumerProtocolAssignment(answer.assignment).assignedPartitions
      return { id: memberId, generation: generationId, assigned, leads }
    },

    async heartbeat({ id: member, generation }) {
      const answer = await cluster.coordinator(
        group,
        (link) => link.call([heartbeatV4], group, generation, member, null),
        purpose,
      )
      if (rejoin.has(nameOf(answer.errorCode))) return false
      check(answer.errorCode, group)
      return true
    },

    async leave({ id: member }) {
      await cluster.coordinator(
        group,
        (link) =>
          link.call([leaveGroupV5, leaveGroupV4], group, [{ memberId: member, groupInstanceId: null }]),
        purpose,
      )
    },
  }
}
