/** Consumer groups: which there are, who is in them, what they have committed; reset and delete. */
import {
  consumerGroupDescribeV0,
  decodeConsumerProtocolAssignment,
  deleteGroupsV2,
  describeGroupsV5,
  listGroupsV3,
  listGroupsV4,
  listGroupsV5,
} from '@platformatic/kafka'
import type { Cluster } from './cluster.ts'
import { AnswerError, check, nameOf } from './errors.ts'
import { commitOffsets, everyCommitted } from './offsets.ts'
import type { KafkaGroup, KafkaGroupMember, KafkaWorkbench } from './workbench.ts'

type Groups = Pick<KafkaWorkbench, 'groups' | 'group' | 'groupOffsets' | 'commitGroup' | 'deleteGroup'>

/** What the newer protocol (KIP-848) calls its groups; all before are `classic`. */
const newProtocol = 'consumer'
/** Asked in the old way about a group of the newer protocol, the broker says that it knows none. */
const notClassic = new Set(['GROUP_ID_NOT_FOUND', 'UNSUPPORTED_VERSION'])

export function createGroups(cluster: Cluster): Groups {
  /** Each broker knows the groups it coordinates. */
  async function listed(): Promise<KafkaGroup[]> {
    const { brokers } = await cluster.metadata([])
    const answers = await Promise.all(
      brokers.map(async ({ id }) => {
        const link = await cluster.link(id, 'main')
        const modern = link.version([listGroupsV5]) !== null
        const answer = modern
          ? await link.call([listGroupsV5], [], [])
          : link.version([listGroupsV4]) !== null
            ? await link.call([listGroupsV4], [], [])
            : await link.call([listGroupsV3], [], [])
        check(answer.errorCode, `broker ${id}`)
        return answer.groups.map((group) => ({
          id: group.groupId,
          state: 'groupState' in group ? String(group.groupState) : '',
          type: 'groupType' in group && group.groupType !== '' ? String(group.groupType) : 'classic',
          protocol: group.protocolType,
          coordinator: id,
        }))
      }),
    )
    return answers.flat().sort((a, b) => (a.id < b.id ? -1 : 1))
  }

  const classic = (group: string) =>
    cluster.coordinator(group, async (link) => {
      const answer = await link.call([describeGroupsV5], [group], false)
      const [found] = answer.groups
      if (found === undefined) throw new AnswerError(69, group)
      check(found.errorCode, group)
      return {
        state: found.groupState,
        assignor: found.protocolData,
        members: found.members.map(
          ({ memberId, groupInstanceId, clientId, clientHost, memberAssignment }): KafkaGroupMember => ({
            id: memberId,
            instance: groupInstanceId || null,
            clientId,
            host: hostOf(clientHost),
            assigned: memberAssignment.length === 0 ? [] : assignedBy(memberAssignment),
          }),
        ),
      }
    })

  const modern = (group: string) =>
    cluster.coordinator(group, async (link) => {
      const answer = await link.call([consumerGroupDescribeV0], [group], false)
      const [found] = answer.groups
      if (found === undefined) throw new AnswerError(69, group)
      check(found.errorCode, group, found.errorMessage)
      return {
        state: found.groupState,
        assignor: found.assignorName,
        members: found.members.map(
          ({ memberId, instanceId, clientId, clientHost, assignment }): KafkaGroupMember => ({
            id: memberId,
            instance: instanceId ?? null,
            clientId,
            host: hostOf(clientHost),
            assigned: assignment.topicPartitions.map(({ topicName, partitions }) => ({
              topic: topicName,
              partitions,
            })),
          }),
        ),
      }
    })

  return {
    groups: () => cluster.patiently(listed),

    group: (id) =>
      cluster.patiently(async () => {
        const known = (await listed()).find((group) => group.id === id)
        if (known === undefined) throw new AnswerError(69, id)
        const detail = known.type === newProtocol ? await modern(id) : await orModern(classic, modern)(id)
        return { ...known, ...detail }
      }),

    groupOffsets: (id) => cluster.patiently(() => everyCommitted(cluster, id)),

    commitGroup: (id, offsets) =>
      cluster.patiently(() => commitOffsets(cluster, { group: id, generation: -1, member: '' }, offsets)),

    deleteGroup: (id) =>
      cluster.patiently(async () => {
        const answer = await cluster.coordinator(id, (link) => link.call([deleteGroupsV2], [id]))
        check(answer.results[0]?.errorCode ?? 0, id)
      }),
  }
}

/** A broker too old to say of which protocol a group is. */
function orModern<T>(classic: (group: string) => Promise<T>, modern: (group: string) => Promise<T>) {
  return async (group: string): Promise<T> => {
    try {
      return await classic(group)
    } catch (error) {
      if (error instanceof AnswerError && notClassic.has(nameOf(error.kafkaCode))) return modern(group)
      throw error
    }
  }
}

/** Kafka writes the host as `/127.0.0.1`. */
const hostOf = (text: string) => text.replace(/^\//, '')

/** Empty where another kind of member (Kafka Connect) says it in its own way. */
function assignedBy(bytes: Buffer): KafkaGroupMember['assigned'] {
  try {
    return decodeConsumerProtocolAssignment(bytes).assignedPartitions.map(({ topic, partitions }) => ({
      topic,
      partitions,
    }))
  } catch {
    return []
  }
}
