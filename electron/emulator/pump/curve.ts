/** The times at which the posts of a changing pace are due: as many by any moment as the curve has summed up until then. */
import type { Curve } from '../../../shared/rateCurve.ts'

/**
 * Answers the time of each next post, ms after the start; infinity where no more come. Each is computed from its own
 * number, so that nothing drifts however long a run is.
 */
export function createCurveSchedule({ points, repeat }: Curve): () => number {
  const segments = points.slice(1).map((to, nth) => {
    const from = points[nth] ?? to
    const seconds = (to.at - from.at) / 1_000
    return { from, to, seconds, posts: ((from.postsPerSecond + to.postsPerSecond) / 2) * seconds }
  })
  const cycle = segments.reduce((sum, { posts }) => sum + posts, 0)
  const lengthMs = points.at(-1)?.at ?? 0
  const finalRate = points.at(-1)?.postsPerSecond ?? 0
  let count = 0

  /** Within one pass over the points: when so many posts have come together. */
  const within = (posts: number): number => {
    let left = posts
    for (const { from, to, seconds, posts: mine } of segments) {
      if (left >= mine) {
        left -= mine
        continue
      }
      // left = r·x + (slope/2)·x², solved in the form that is exact where the slope is nearly 0.
      const slope = (to.postsPerSecond - from.postsPerSecond) / seconds
      const r = from.postsPerSecond
      const x = (2 * left) / (r + Math.sqrt(Math.max(0, r * r + 2 * slope * left)))
      return from.at + (Number.isFinite(x) ? x : 0) * 1_000
    }
    return lengthMs
  }

  return () => {
    const nth = count
    count += 1
    if (repeat)
      return cycle === 0 ? Number.POSITIVE_INFINITY : Math.floor(nth / cycle) * lengthMs + within(nth % cycle)
    if (nth < cycle) return within(nth)
    return finalRate === 0 ? Number.POSITIVE_INFINITY : lengthMs + ((nth - cycle) * 1_000) / finalRate
  }
}
