/** How fast totals grow: over the last seconds, so that a number on the page neither jumps nor lies. */

/** Long enough to be calm, short enough to follow, ms. */
const windowMs = 3_000

/**
 * Answers a function that takes a total by its key and tells its growth a second; null at the first look and where the total
 * is not known. A total that fell (data deleted) begins anew.
 */
export function rateMeter(
  now: () => number = Date.now,
): (key: string, total: number | null) => number | null {
  const looks = new Map<string, { readonly at: number; readonly total: number }[]>()
  return (key, total) => {
    if (total === null) {
      looks.delete(key)
      return null
    }
    const at = now()
    const known = looks.get(key) ?? []
    const kept = (known.at(-1)?.total ?? 0) > total ? [] : known
    const firstInside = kept.findIndex((look) => look.at >= at - windowMs)
    const recent = firstInside < 0 ? kept.slice(-1) : kept.slice(firstInside)
    looks.set(key, [...recent, { at, total }])
    const first = recent[0]
    return first === undefined || at <= first.at ? null : ((total - first.total) * 1_000) / (at - first.at)
  }
}
