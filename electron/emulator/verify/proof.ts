/** What every proof shares: its numbers, and how the acknowledged positions of one destination are walked through. */
import type { Kind } from '../../../shared/names.ts'
import { kinds } from '../../../shared/names.ts'
import type { JournalScan } from '../journal/scan.ts'
import type { Acked } from '../journal/sorter.ts'

export interface Proof {
  /** Acknowledged positions read back exactly once, with the content that was sent. */
  readonly found: number
  /** Acknowledged positions where nothing stands, or something else, or more than one record. */
  readonly missing: number
  /** Records at positions nobody acknowledged, with a content that went out without an answer. */
  readonly unacknowledged: number
}

export const noProof: Proof = { found: 0, missing: 0, unacknowledged: 0 }

/** One place's numbers, and the last position that belongs to the run; null where none does. */
export interface PlaceProof extends Proof {
  readonly last: bigint | null
}

export function addProofs(a: Proof, b: Proof): Proof {
  return {
    found: a.found + b.found,
    missing: a.missing + b.missing,
    unacknowledged: a.unacknowledged + b.unacknowledged,
  }
}

/** The sorted positions of one destination only. */
export async function* sortedOf(scan: JournalScan, to: 'kafka' | 'kinesis'): AsyncGenerator<Acked> {
  const ids = new Set(scan.places.filter((place) => place.to === to).map(({ id }) => id))
  for await (const entry of scan.sorted()) if (ids.has(entry.place)) yield entry
}

/**
 * What went out without an answer to each topic or stream, as fresh counts to use up. Two kinds that share a topic share
 * the count.
 */
export function unansweredBy(
  scan: JournalScan,
  to: 'kafka' | 'kinesis',
  names: Readonly<Record<Kind, string>>,
): Map<string, Map<number, number>> {
  const all = new Map<string, Map<number, number>>()
  for (const kind of kinds) {
    const counts = all.get(names[kind]) ?? new Map<number, number>()
    all.set(names[kind], counts)
    for (const [checksum, count] of scan.unanswered(to, kind)) {
      counts.set(checksum, (counts.get(checksum) ?? 0) + count)
    }
  }
  return all
}

/** The place id of "nothing was acknowledged here". */
export const noPlace = -1
