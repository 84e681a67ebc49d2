/** Consumer groups of the contract: list, one with its lag live, reset with a preview, delete. */
import { deletes } from '../../shared/contract/app.ts'
import type { GroupDetail, GroupPartition, GroupRow } from '../../shared/contract/groups.ts'
import { AppError } from '../../shared/errors.ts'
import type { KafkaGroupDetail, KafkaWorkbench } from '../clients/kafka/workbench.ts'
import { pause } from '../lib/broadcast.ts'
import type { ActivityLog, ConsentDesk } from './deps.ts'
import { previewReset } from './groupReset.ts'
import { groupLag, type PartitionLag, sumKnown } from './lag.ts'
import { api } from './rpc.ts'
import { neverAborted, told } from './told.ts'

export interface GroupsDeps {
  kafka(pipeline: string): Promise<KafkaWorkbench>
  /** The group that shows how far the lake is; null where there is no lake. */
  lakeGroup(pipeline: string): string | null
  readonly consent: ConsentDesk
  readonly activity: ActivityLog
}

const lookEveryMs = 1_000
/** Groups looked into at the same time. */
const atOnce = 8

/** States in which nobody reads, so that the offsets may be set from outside. */
const resting = new Set(['Empty', 'Dead', ''])

export function groupsFeature(deps: GroupsDeps) {
  const rowOf = (
    pipeline: string,
    group: KafkaGroupDetail,
    partitions: readonly PartitionLag[],
  ): GroupRow => ({
    id: group.id,
    state: group.state,
    type: group.type,
    topics: [...new Set(partitions.map(({ topic }) => topic))],
    members: group.members.length,
    lag: sumKnown(partitions.map(({ lag }) => lag)),
    lake: group.id === deps.lakeGroup(pipeline),
  })

  const read = async (kafka: KafkaWorkbench, id: string) => {
    const group = await kafka.group(id)
    const reads = group.members.flatMap(({ assigned }) => assigned.map(({ topic }) => topic))
    return { group, partitions: await groupLag(kafka, id, [...new Set(reads)]) }
  }

  const list = async (pipeline: string): Promise<GroupRow[]> => {
    const kafka = await deps.kafka(pipeline)
    const ids = (await kafka.groups()).map(({ id }) => id)
    const rows: GroupRow[] = []
    for (let at = 0; at < ids.length; at += atOnce) {
      const some = ids.slice(at, at + atOnce).map(async (id) => {
        const { group, partitions } = await read(kafka, id)
        return [rowOf(pipeline, group, partitions)]
      })
      rows.push(...(await Promise.all(some.map((row) => row.catch(unlessGone)))).flat())
    }
    return rows
  }

  const detail = async (pipeline: string, id: string): Promise<GroupDetail> => {
    const { group, partitions } = await read(await deps.kafka(pipeline), id)
    return {
      ...rowOf(pipeline, group, partitions),
      assignor: group.assignor,
      coordinator: group.coordinator,
      at: Date.now(),
      memberList: group.members.map((member) => ({
        ...member,
        assigned: member.assigned.map(({ topic, partitions }) => ({ topic, partitions: [...partitions] })),
      })),
      partitions: partitions.map((each) => shown(each, group)),
    }
  }

  async function* watch(pipeline: string, id: string, signal: AbortSignal): AsyncGenerator<GroupDetail> {
    while (!signal.aborted) {
      yield await detail(pipeline, id)
      await pause(lookEveryMs, signal)
    }
  }

  deps.consent.describe('groups.reset', async ({ group, offsets }) => ({
    title: `Set where ${group} goes on?`,
    lead: 'It sets the committed offsets:',
    agree: 'Reset',
    losses: offsets.map(({ topic, partition, offset }) => `${topic}, partition ${partition}: to ${offset}`),
    typed: group,
  }))
  deps.consent.describe('groups.remove', async ({ pipeline, group }) => {
    const offsets = await (await deps.kafka(pipeline)).groupOffsets(group)
    return {
      title: `Delete the consumer group ${group}?`,
      ...deletes,
      losses: [
        `what it has committed: ${offsets.length} ${offsets.length === 1 ? 'partition' : 'partitions'}`,
      ],
      typed: group,
    }
  })

  /** Throws AppError GROUP_IS_LAKE or KAFKA_GROUP_BUSY. */
  const changeable = async (pipeline: string, id: string): Promise<KafkaWorkbench> => {
    if (id === deps.lakeGroup(pipeline)) throw isLake(id)
    const kafka = await deps.kafka(pipeline)
    const { state, members } = await kafka.group(id)
    if (!resting.has(state) || members.length > 0) throw busy(id, members.length)
    return kafka
  }

  const g = api.groups
  return g.router({
    list: g.list.handler(({ input }) => list(input.pipeline)),
    get: g.get.handler(({ input }) => detail(input.pipeline, input.group)),
    watch: g.watch.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(watch(input.pipeline, input.group, signal), signal)
    }),
    resetPreview: g.resetPreview.handler(async ({ input }) =>
      previewReset(await deps.kafka(input.pipeline), input),
    ),
    reset: g.reset.handler(async ({ input }) => {
      const { pipeline, group, offsets, consent } = input
      const kafka = await changeable(pipeline, group)
      await deps.consent.redeem(consent, { action: 'groups.reset', pipeline, group, offsets })
      await kafka.commitGroup(
        group,
        offsets.map(({ topic, partition, offset }) => ({ topic, partition, offset: BigInt(offset) })),
      )
      const topics = [...new Set(offsets.map(({ topic }) => topic))].join(', ')
      deps.activity.add({ level: 'warn', area: 'groups', pipeline, text: `Reset ${group} in ${topics}` })
      return (await detail(pipeline, group)).partitions
    }),
    remove: g.remove.handler(async ({ input }) => {
      const { pipeline, group, consent } = input
      const kafka = await changeable(pipeline, group)
      await deps.consent.redeem(consent, { action: 'groups.remove', pipeline, group })
      await kafka.deleteGroup(group)
      deps.activity.add({ level: 'warn', area: 'groups', pipeline, text: `Deleted the group ${group}` })
      return { removed: true }
    }),
  })
}

function shown(each: PartitionLag, group: KafkaGroupDetail): GroupPartition {
  const member = group.members.find(({ assigned }) =>
    assigned.some(({ topic, partitions }) => topic === each.topic && partitions.includes(each.partition)),
  )
  return {
    ...each,
    committed: each.committed === null ? null : String(each.committed),
    low: String(each.low),
    high: String(each.high),
    member: member?.id ?? null,
  }
}

/** A group that vanished between two looks is left out of the list. */
function unlessGone(thrown: unknown): [] {
  if (thrown instanceof AppError && thrown.code === 'KAFKA_GROUP_NOT_FOUND') return []
  throw thrown
}

function isLake(id: string): AppError {
  return new AppError({
    code: 'GROUP_IS_LAKE',
    message: `This group only shows how far the lake is: ${id}`,
    hint: 'Where the lake goes on is read from the lake itself, so setting this group would change nothing.',
    field: 'group',
  })
}

function busy(id: string, members: number): AppError {
  return new AppError({
    code: 'KAFKA_GROUP_BUSY',
    message: `The consumer group has ${members} ${members === 1 ? 'member' : 'members'}, so it cannot be changed from outside: ${id}`,
    hint: 'Stop the consumers of the group first.',
    field: 'group',
  })
}
