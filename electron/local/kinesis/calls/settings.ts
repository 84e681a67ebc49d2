/** The calls that change a stream's settings and tags. */
import type { StreamMeta } from '../catalog.ts'
import { Fault, invalidArgument } from '../fault.ts'
import type { LiveStream } from '../liveStream.ts'
import { integer, needed } from '../shape.ts'
import type { Store } from '../store.ts'
import {
  type Call,
  call,
  maxRecordKiB,
  modeDetails,
  names,
  ofStream,
  streamArn,
  tagKey,
  tags,
} from './call.ts'

/** A stream keeps records for at least a day and at most a year. */
const hours = needed(integer({ min: 24, max: 8_760 }))
const maxTags = 50

const increaseRetention = call(
  'IncreaseStreamRetentionPeriod',
  { ...ofStream, RetentionPeriodHours: hours },
  async (store, input) => {
    const stream = store.find(input)
    const { retentionHours, name } = stream.meta
    if (input.RetentionPeriodHours < retentionHours) {
      throw invalidArgument(
        `Requested retention period (${input.RetentionPeriodHours} hours) for stream ${name} can not be shorter ` +
          `than existing retention period (${retentionHours} hours). Use DecreaseRetentionPeriod API.`,
      )
    }
    await store.edit(stream, (meta) => ({ ...meta, retentionHours: input.RetentionPeriodHours }))
    return null
  },
)

const decreaseRetention = call(
  'DecreaseStreamRetentionPeriod',
  { ...ofStream, RetentionPeriodHours: hours },
  async (store, input) => {
    const stream = store.find(input)
    const { retentionHours, name } = stream.meta
    if (input.RetentionPeriodHours > retentionHours) {
      throw invalidArgument(
        `Requested retention period (${input.RetentionPeriodHours} hours) for stream ${name} can not be longer ` +
          `than existing retention period (${retentionHours} hours). Use IncreaseRetentionPeriod API.`,
      )
    }
    await store.edit(stream, (meta) => ({ ...meta, retentionHours: input.RetentionPeriodHours }))
    return null
  },
)

const updateStreamMode = call(
  'UpdateStreamMode',
  { StreamARN: needed(streamArn), StreamModeDetails: needed(modeDetails) },
  async (store, input) => {
    const mode = input.StreamModeDetails.StreamMode
    if (mode !== 'PROVISIONED' && mode !== 'ON_DEMAND') throw invalidArgument('StreamMode must be given.')
    await store.edit(store.find(input), (meta) => ({ ...meta, mode }))
    return null
  },
)

const updateMaxRecordSize = call(
  'UpdateMaxRecordSize',
  { StreamARN: needed(streamArn), MaxRecordSizeInKiB: needed(integer(maxRecordKiB)) },
  async (store, input) => {
    await store.edit(store.find(input), (meta) => ({ ...meta, maxRecordKiB: input.MaxRecordSizeInKiB }))
    return null
  },
)

async function setTags(store: Store, stream: LiveStream, added: readonly (readonly [string, string])[]) {
  await store.edit(stream, (meta) => {
    const all = new Map([...meta.tags, ...added])
    if (all.size > maxTags) {
      throw new Fault('LimitExceededException', `A stream has at most ${maxTags} tags.`)
    }
    return { ...meta, tags: [...all] }
  })
  return null
}

async function dropTags(store: Store, stream: LiveStream, keys: readonly string[]) {
  await store.edit(stream, (meta) => ({ ...meta, tags: meta.tags.filter(([key]) => !keys.includes(key)) }))
  return null
}

const sortedTags = (meta: StreamMeta) =>
  meta.tags.map(([Key, Value]) => ({ Key, Value })).sort((a, b) => (a.Key < b.Key ? -1 : 1))

const listTagsForStream = call(
  'ListTagsForStream',
  { ...ofStream, ExclusiveStartTagKey: tagKey, Limit: integer({ min: 1, max: 50 }) },
  (store, input) => {
    const after = input.ExclusiveStartTagKey
    const found = sortedTags(store.find(input).meta).filter(({ Key }) => after === undefined || Key > after)
    const limit = input.Limit ?? maxTags
    return { Tags: found.slice(0, limit), HasMoreTags: found.length > limit }
  },
)

const ofResource = { ResourceARN: needed(streamArn) }

export const settingCalls: readonly Call[] = [
  increaseRetention,
  decreaseRetention,
  updateStreamMode,
  updateMaxRecordSize,
  listTagsForStream,
  call('AddTagsToStream', { ...ofStream, Tags: needed(tags) }, (store, input) =>
    setTags(store, store.find(input), input.Tags),
  ),
  call('RemoveTagsFromStream', { ...ofStream, TagKeys: needed(names) }, (store, input) =>
    dropTags(store, store.find(input), input.TagKeys),
  ),
  call('TagResource', { ...ofResource, Tags: needed(tags) }, (store, input) =>
    setTags(store, store.find({ StreamARN: input.ResourceARN }), input.Tags),
  ),
  call('UntagResource', { ...ofResource, TagKeys: needed(names) }, (store, input) =>
    dropTags(store, store.find({ StreamARN: input.ResourceARN }), input.TagKeys),
  ),
  call('ListTagsForResource', ofResource, (store, input) => ({
    Tags: sortedTags(store.find({ StreamARN: input.ResourceARN }).meta),
  })),
]
