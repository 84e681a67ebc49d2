/** The calls about tags of streams and of registered consumers. */
import type { StreamMeta } from '../catalog.ts'
import { Fault } from '../fault.ts'
import type { LiveStream } from '../liveStream.ts'
import { integer, needed } from '../shape.ts'
import type { Store } from '../store.ts'
import { type Call, call, names, ofStream, streamArn, tagKey, tags } from './call.ts'
import { findConsumer } from './consumers.ts'

const maxTags = 50

/** Something that has tags: where they stand in the stream's own data. */
interface Tagged {
  readonly stream: LiveStream
  read(meta: StreamMeta): StreamMeta['tags']
  write(meta: StreamMeta, changed: StreamMeta['tags']): StreamMeta
}

const streamTags = (stream: LiveStream): Tagged => ({
  stream,
  read: (meta) => meta.tags,
  write: (meta, changed) => ({ ...meta, tags: changed }),
})

/** Throws Fault where there is no such stream or consumer. */
function taggedBy(store: Store, arn: string): Tagged {
  if (!arn.includes('/consumer/')) return streamTags(store.find({ StreamARN: arn }))
  const { stream, consumer } = findConsumer(store, { ConsumerARN: arn })
  return {
    stream,
    read: (meta) => meta.consumers.find(({ name }) => name === consumer.name)?.tags ?? [],
    write: (meta, changed) => ({
      ...meta,
      consumers: meta.consumers.map((each) =>
        each.name === consumer.name ? { ...each, tags: changed } : each,
      ),
    }),
  }
}

async function setTags(store: Store, { stream, read, write }: Tagged, added: [string, string][]) {
  await store.edit(stream, (meta) => {
    const all = new Map([...read(meta), ...added])
    if (all.size > maxTags) {
      throw new Fault('LimitExceededException', `A stream or a consumer has at most ${maxTags} tags.`)
    }
    return write(meta, [...all])
  })
  return null
}

async function dropTags(store: Store, { stream, read, write }: Tagged, keys: readonly string[]) {
  await store.edit(stream, (meta) =>
    write(
      meta,
      read(meta).filter(([key]) => !keys.includes(key)),
    ),
  )
  return null
}

const sortedTags = ({ stream, read }: Tagged) =>
  read(stream.meta)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1))

const listTagsForStream = call(
  'ListTagsForStream',
  { ...ofStream, ExclusiveStartTagKey: tagKey, Limit: integer({ min: 1, max: 50 }) },
  (store, input) => {
    const after = input.ExclusiveStartTagKey
    const found = sortedTags(streamTags(store.find(input))).filter(
      ({ Key }) => after === undefined || Key > after,
    )
    const limit = input.Limit ?? maxTags
    return { Tags: found.slice(0, limit), HasMoreTags: found.length > limit }
  },
)

const ofResource = { ResourceARN: needed(streamArn) }
const given = (pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([key, value]): [string, string] => [key, value])

export const tagCalls: readonly Call[] = [
  listTagsForStream,
  call('AddTagsToStream', { ...ofStream, Tags: needed(tags) }, (store, input) =>
    setTags(store, streamTags(store.find(input)), given(input.Tags)),
  ),
  call('RemoveTagsFromStream', { ...ofStream, TagKeys: needed(names) }, (store, input) =>
    dropTags(store, streamTags(store.find(input)), input.TagKeys),
  ),
  call('TagResource', { ...ofResource, Tags: needed(tags) }, (store, input) =>
    setTags(store, taggedBy(store, input.ResourceARN), given(input.Tags)),
  ),
  call('UntagResource', { ...ofResource, TagKeys: needed(names) }, (store, input) =>
    dropTags(store, taggedBy(store, input.ResourceARN), input.TagKeys),
  ),
  call('ListTagsForResource', ofResource, (store, input) => ({
    Tags: sortedTags(taggedBy(store, input.ResourceARN)),
  })),
]
