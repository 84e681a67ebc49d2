/** Writing: records find their shard, take their share of its limits, and are answered when they are on disk. */
import { Fault, invalidArgument, streamNotFound, throttledText } from './fault.ts'
import { hashOfKey, hashSpace, indexOfHash } from './hash.ts'
import type { LiveShard, LiveStream } from './liveStream.ts'
import type { Store } from './store.ts'

export interface PutEntry {
  readonly Data: Buffer
  readonly PartitionKey: string
  readonly ExplicitHashKey?: string | undefined
}

/** One record's answer: where it is, or why it is not there. */
export type PutOutcome =
  | { readonly ok: true; readonly ShardId: string; readonly SequenceNumber: string }
  | { readonly ok: false; readonly ErrorCode: string; readonly ErrorMessage: string }

/** Bytes a shard may have on their way to the disk before it refuses more: memory must not grow without end. */
const maxWaitingBytes = 64 * 1024 * 1024

/** The largest record any stream can be set to, KiB. */
const maxRecordKiB = 10_240

/** Answers an outcome for each record, in order. Throws Fault where the request as a whole is refused. */
export async function putAll(
  store: Store,
  stream: LiveStream,
  entries: readonly PutEntry[],
): Promise<PutOutcome[]> {
  checkSizes(store, stream, entries)
  const keys = entries.map((entry) => explicitHash(entry))
  while (stream.busy) await stream.busy
  if (stream.gone) throw streamNotFound(stream.meta.name)

  const now = store.now()
  const outcomes: (PutOutcome | null)[] = entries.map(() => null)
  const groups = new Map<LiveShard, number[]>()
  for (const [nth, entry] of entries.entries()) {
    const shard = route(stream, entry, keys[nth] ?? null)
    if (!mayWrite(store, shard, entry, now)) {
      stream.throttled += 1
      outcomes[nth] = {
        ok: false,
        ErrorCode: 'ProvisionedThroughputExceededException',
        ErrorMessage: throttledText(stream.meta.name, shard.id),
      }
      continue
    }
    const group = groups.get(shard)
    if (group) group.push(nth)
    else groups.set(shard, [nth])
  }

  // All shards are appended to at once, so that no other request comes in between and the syncs run side by side.
  const writes = [...groups].map(async ([shard, members]) => {
    const records = members.map((nth) => recordOf(entries[nth]))
    const { first, done } = shard.log.append(records, now)
    const failed = await done.then(
      () => null,
      (reason: unknown) => reason,
    )
    if (failed !== null) store.log(`Cannot write to ${shard.id} of ${stream.meta.name}: ${failed}`)
    else stream.accepted += members.length
    for (const [at, nth] of members.entries()) {
      outcomes[nth] =
        failed === null
          ? { ok: true, ShardId: shard.id, SequenceNumber: shard.sequence(first + at) }
          : internalFailure
    }
  })
  await Promise.all(writes)
  return outcomes.map((outcome) => outcome ?? internalFailure)
}

const internalFailure: PutOutcome = {
  ok: false,
  ErrorCode: 'InternalFailure',
  ErrorMessage: 'The record could not be written to the disk of this computer.',
}

function recordOf(entry: PutEntry | undefined) {
  return { partitionKey: entry?.PartitionKey ?? '', data: entry?.Data ?? Buffer.alloc(0) }
}

function sizeOf(entry: PutEntry): number {
  return entry.Data.length + Buffer.byteLength(entry.PartitionKey)
}

function mayWrite(store: Store, shard: LiveShard, entry: PutEntry, now: number): boolean {
  if (shard.log.waiting() > maxWaitingBytes) return false
  const limited = store.enforceLimits || shard.limits.lowered(now)
  return !limited || shard.limits.write(sizeOf(entry), now)
}

function checkSizes(store: Store, stream: LiveStream, entries: readonly PutEntry[]): void {
  const most = (store.enforceLimits ? stream.meta.maxRecordKiB : maxRecordKiB) * 1_024
  const nth = entries.findIndex((entry) => sizeOf(entry) > most)
  if (nth === -1) return
  const size = entries[nth]?.Data.length ?? 0
  throw new Fault(
    'ValidationException',
    `1 validation error detected: Value at 'records.${nth + 1}.member.data' failed to satisfy constraint: ` +
      `Member must have length less than or equal to ${most} together with its partition key, but has ${size}`,
  )
}

function explicitHash(entry: PutEntry): bigint | null {
  if (entry.ExplicitHashKey === undefined) return null
  const key = BigInt(entry.ExplicitHashKey)
  if (key < hashSpace) return key
  throw invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${entry.ExplicitHashKey}`,
  )
}

function route(stream: LiveStream, entry: PutEntry, key: bigint | null): LiveShard {
  const { routes } = stream
  const at = routes.length === 1 ? 0 : indexOfHash(routes, key ?? hashOfKey(entry.PartitionKey))
  const shard = stream.shards.get(routes[at]?.index ?? -1)
  if (!shard) throw new Error(`No open shard in ${stream.meta.name}`)
  return shard
}
