/** Which records of a post have to go out: all of them, or, in a run that goes on, those its journal does not settle. */
import type { SinkId } from '../../../shared/emulation.ts'
import type { Kind } from '../../../shared/names.ts'
import type { ResumePoint } from '../journal/resume.ts'

export interface Plan {
  /** The first post of which a record goes out. */
  readonly from: number
  /** Posts that went out whole before. */
  readonly posts: number
  /** `again`: it went out before, and nobody answered. */
  going(sink: SinkId, kind: Kind, nth: number): 'not' | 'first' | 'again'
}

export function createPlan(point: ResumePoint | null): Plan {
  if (point === null) return { from: 0, posts: 0, going: () => 'first' }
  const lanes = new Map<string, { readonly next: number; readonly again: ReadonlySet<number> }>()
  const laneOf = (sink: SinkId, kind: Kind) => {
    const key = `${sink}/${kind}`
    const known = lanes.get(key)
    if (known) return known
    const { next, again } = point.lane(sink, kind)
    const lane = { next, again: new Set(again) }
    lanes.set(key, lane)
    return lane
  }
  return {
    from: point.from,
    posts: point.posts,
    going: (sink, kind, nth) => {
      const { next, again } = laneOf(sink, kind)
      if (nth >= next) return 'first'
      return again.has(nth) ? 'again' : 'not'
    },
  }
}
