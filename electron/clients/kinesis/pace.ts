/** The read budget of a shard, shared by everything in this app that looks into a stream. */
import { setTimeout as sleep } from 'node:timers/promises'

/** AWS gives each shard five reads a second for all its readers; this app leaves one of them to others. */
const everyMs = 250
/** AWS's own limit. */
const mostASecond = 5

export interface ReadPace {
  /** Resolves when the next read of this shard may go out. Throws AbortError. */
  turn(stream: string, shard: string, signal: AbortSignal): Promise<void>
  /** After a refusal: nobody reads this shard for a while. */
  backOff(stream: string, shard: string): void
  /** Reads of this shard that went out within the last second, of the five that AWS gives. */
  used(stream: string, shard: string): number
}

export function readPace(now: () => number = () => performance.now()): ReadPace {
  const nextAt = new Map<string, number>()
  /** When the newest reads of each shard go out. */
  const turns = new Map<string, readonly number[]>()
  const key = (stream: string, shard: string) => `${stream}/${shard}`
  return {
    async turn(stream, shard, signal) {
      signal.throwIfAborted()
      const at = Math.max(now(), nextAt.get(key(stream, shard)) ?? 0)
      nextAt.set(key(stream, shard), at + everyMs)
      turns.set(key(stream, shard), [...(turns.get(key(stream, shard)) ?? []), at].slice(-mostASecond))
      if (at > now()) await sleep(at - now(), undefined, { signal })
    },
    used: (stream, shard) =>
      (turns.get(key(stream, shard)) ?? []).filter((at) => at <= now() && at > now() - 1_000).length,
    backOff(stream, shard) {
      nextAt.set(key(stream, shard), now() + 4 * everyMs)
    },
  }
}
