/** AWS's throughput limits of a shard as token buckets that hold one second. */

/** 1,000 records and 1 MiB a second into a shard, 5 calls and 2 MiB a second out of it (Kinesis quotas). */
const perSecond = { writeRecords: 1_000, writeBytes: 1_048_576, readCalls: 5, readBytes: 2_097_152 } as const

interface Bucket {
  level: number
  /** ms */
  filledAt: number
}

/** An incident's: less than a shard takes on AWS. */
export interface LoweredLimit {
  readonly recordsPerSecond: number
  readonly until: number
}

export interface ShardLimits {
  /** Takes one record of so many bytes (data and key); false where the shard's second is used up. */
  write(bytes: number, now: number): boolean
  /** Takes one GetRecords call; false where the calls or the bytes are used up. */
  read(now: number): boolean
  /** Leaves it so many records a second until `until` (ms since 1970), also where limits are not enforced; null heals. */
  lower(to: LoweredLimit | null): void
  lowered(now: number): boolean
  /** Counts what a call returned: a large answer blocks the following ones until it is paid off, as on AWS. */
  didRead(bytes: number): void
}

/** Adds what came in since the last look. A clock that goes back fills nothing; it only begins to count anew. */
function fill(bucket: Bucket, capacity: number, now: number): Bucket {
  const elapsed = Math.max(0, now - bucket.filledAt)
  bucket.level = Math.min(capacity, bucket.level + (elapsed * capacity) / 1_000)
  bucket.filledAt = now
  return bucket
}

/** The 2 MiB a second that each consumer of enhanced fan-out has of each shard for itself. */
export interface PushLimit {
  /** ms until more may be pushed; 0 where it may be now. */
  wait(now: number): number
  /** Counts what was pushed; more than a second's worth delays what follows. */
  didPush(bytes: number, now: number): void
}

export function pushLimit(): PushLimit {
  const capacity = perSecond.readBytes
  const bucket: Bucket = { level: capacity, filledAt: 0 }
  return {
    wait: (now) => Math.ceil(Math.max(0, (-fill(bucket, capacity, now).level * 1_000) / capacity)),
    didPush(bytes, now) {
      fill(bucket, capacity, now).level -= bytes
    },
  }
}

export function shardLimits(): ShardLimits {
  const buckets = new Map<keyof typeof perSecond, Bucket>()
  let less: LoweredLimit | null = null
  const lowered = (now: number): boolean => less !== null && now < less.until
  const capacityOf = (name: keyof typeof perSecond, now: number): number =>
    name === 'writeRecords' && less !== null && lowered(now) ? less.recordsPerSecond : perSecond[name]
  const bucket = (name: keyof typeof perSecond, now: number): Bucket => {
    const capacity = capacityOf(name, now)
    const known = buckets.get(name) ?? { level: capacity, filledAt: now }
    buckets.set(name, known)
    return fill(known, capacity, now)
  }
  return {
    lower: (to) => {
      less = to
    },
    lowered,
    write(bytes, now) {
      const records = bucket('writeRecords', now)
      const size = bucket('writeBytes', now)
      // A record larger than the whole bucket (up to 10 MiB) needs a full one and leaves a debt.
      if (records.level < 1 || size.level < Math.min(bytes, perSecond.writeBytes)) return false
      records.level -= 1
      size.level -= bytes
      return true
    },
    read(now) {
      const calls = bucket('readCalls', now)
      const size = bucket('readBytes', now)
      if (calls.level < 1 || size.level <= 0) return false
      calls.level -= 1
      return true
    },
    didRead(bytes) {
      const size = buckets.get('readBytes')
      if (size) size.level -= bytes
    },
  }
}
