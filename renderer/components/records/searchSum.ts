/** The numbers of a search that went on where it had stopped: of both parts together. */
import type { SearchEvent } from '../../../shared/contract/search.ts'
import { mergedHistograms } from '../../../shared/histogram.ts'

/** `before` is the last event of what was searched so far, itself a sum perhaps; null where this is the first part. */
export function summed(before: SearchEvent | null, now: SearchEvent): SearchEvent {
  if (before === null) return now
  return {
    ...now,
    scanned: before.scanned + now.scanned,
    matched: before.matched + now.matched,
    bytes: before.bytes + now.bytes,
    passed: before.passed + now.passed,
    // What is left is looked at now: of `newest` the same as before, of `oldest` with what arrived meanwhile.
    total: before.passed + now.total,
    misfits: before.misfits + now.misfits,
    misfit: before.misfit ?? now.misfit,
    elapsedMs: before.elapsedMs + now.elapsedMs,
    histogram: mergedHistograms(before.histogram, now.histogram),
  }
}
