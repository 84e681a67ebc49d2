/** Reads that outlive a Kinesis which goes away for a while: asked again until it answers, from where they were. */
import { setTimeout as sleep } from 'node:timers/promises'
import { toErrorDetail } from '../../../shared/errors.ts'
import { awsMayPass } from '../aws/errors.ts'
import type { KinesisClient } from './types.ts'

export type ReadingClient = Pick<KinesisClient, 'shards' | 'iterator' | 'getRecords'>

const passing: ReadonlySet<string> = new Set(['KINESIS_UNREACHABLE', 'KINESIS_TIMEOUT', 'CHILD_RESTARTING'])
/**
 * What passes by itself: nobody answers, no answer came, the part is being started again, or the identity's keys cannot be
 * renewed for the moment.
 */
export const passes = (code: string): boolean => passing.has(code) || awsMayPass(code)
/** Between two tries, ms. */
const againMs = 500

/**
 * `get` is asked again before each new try, since a Kinesis may come back at another address. An iterator holds its place
 * by itself, so nothing that arrives meanwhile is left out. `trouble` hears why nothing comes, and null when it does again.
 */
export function patientReads(
  get: () => Promise<KinesisClient>,
  trouble: (reason: ReturnType<typeof toErrorDetail> | null) => void,
  signal: AbortSignal,
): ReadingClient {
  const patiently = async <T>(work: (client: KinesisClient) => Promise<T>): Promise<T> => {
    for (let failed = false; ; failed = true) {
      try {
        const answer = await work(await get())
        if (failed) trouble(null)
        return answer
      } catch (thrown) {
        const detail = toErrorDetail(thrown)
        if (signal.aborted || !passes(detail.code)) throw thrown
        trouble(detail)
      }
      await sleep(againMs, undefined, { signal })
    }
  }
  return {
    shards: (stream) => patiently((client) => client.shards(stream)),
    iterator: (stream, shard, start) => patiently((client) => client.iterator(stream, shard, start)),
    getRecords: (shard, iterator, limit) => patiently((client) => client.getRecords(shard, iterator, limit)),
  }
}
