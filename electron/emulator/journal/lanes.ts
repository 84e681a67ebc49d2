/**
 * Which post each record of a journal belongs to. A sink sends each kind in the order of the posts, so a lane's n-th
 * record that goes out for the first time is the n-th post's; after an interruption the lane first repeats, in order,
 * what nobody had answered.
 */
import type { SinkId } from '../../../shared/emulation.ts'
import type { Kind } from '../../../shared/names.ts'

interface Lane {
  /** The first post that never went out. */
  next: number
  /** Posts of an earlier part of the run that nobody answered and that did not go out again yet, ascending. */
  again: number[]
  /** Posts that went out without an answer so far, by checksum. */
  readonly open: Map<number, number[]>
}

export interface LanePoint {
  /** The first post that never went out. */
  readonly next: number
  /** Earlier posts without an answer, ascending. */
  readonly again: readonly number[]
}

export interface Lanes {
  /** The run begins or goes on: what is open now is repeated. */
  begin(): void
  /** Answers how many of them went out for the first time. */
  sent(sink: SinkId, kind: Kind, checksums: readonly number[]): number
  /** One record's fate is known. Of two with the same content, which nobody could tell apart, the earlier one's. */
  settled(sink: SinkId, kind: Kind, checksum: number): void
  point(sink: SinkId, kind: Kind): LanePoint
}

export function createLanes(): Lanes {
  const lanes = new Map<string, Lane>()
  const laneOf = (sink: SinkId, kind: Kind): Lane => {
    const key = `${sink}/${kind}`
    const lane = lanes.get(key) ?? { next: 0, again: [], open: new Map() }
    lanes.set(key, lane)
    return lane
  }
  const unanswered = ({ again, open }: Lane) => [...again, ...[...open.values()].flat()].sort((a, b) => a - b)
  return {
    begin: () => {
      for (const lane of lanes.values()) {
        lane.again = unanswered(lane)
        lane.open.clear()
      }
    },
    sent: (sink, kind, checksums) => {
      const lane = laneOf(sink, kind)
      const before = lane.next
      for (const checksum of checksums) {
        const post = lane.again.shift() ?? lane.next++
        const posts = lane.open.get(checksum)
        if (posts) posts.push(post)
        else lane.open.set(checksum, [post])
      }
      return lane.next - before
    },
    settled: (sink, kind, checksum) => {
      const { open } = laneOf(sink, kind)
      const posts = open.get(checksum)
      posts?.shift()
      if (posts?.length === 0) open.delete(checksum)
    },
    point: (sink, kind) => {
      const lane = laneOf(sink, kind)
      return { next: lane.next, again: unanswered(lane) }
    },
  }
}
