/** Walks through what was acknowledged at one place and what stands there, side by side, both ascending. */
import type { Acked } from '../journal/sorter.ts'
import { recognise } from './content.ts'
import type { Cursor } from './cursor.ts'
import type { PlaceProof } from './proof.ts'

/** What stands at one position; keys never descend. */
export interface Standing {
  readonly key: bigint
  readonly content: Uint8Array | null
}

/**
 * `acked` is left after the place's last entry. `unanswered` (count by checksum) is used up as contents are found, so that
 * each request without an answer counts once. `within` says which positions can belong to the run at all.
 */
export async function matchPlace<S extends Standing>(
  acked: Cursor<Acked>,
  place: number,
  standing: AsyncIterable<readonly S[]>,
  unanswered: Map<number, number>,
  within: (standing: S) => boolean,
): Promise<PlaceProof> {
  let found = 0
  let missing = 0
  let unacknowledged = 0
  let own: bigint | null = null
  const expected = () => {
    const entry = acked.peek()
    return entry !== null && entry.place === place ? entry : null
  }
  /** Passes over one acknowledged key; two acknowledgements of one position cannot both be true. */
  const take = async (key: bigint, good: boolean) => {
    let times = 0
    for (let entry = expected(); entry !== null && entry.key === key; entry = expected()) {
      times += 1
      await acked.advance()
    }
    if (good) found += 1
    missing += good ? times - 1 : times
  }
  let last: { readonly key: bigint; readonly good: boolean } | null = null

  for await (const batch of standing) {
    for (const record of batch) {
      for (let entry = expected(); entry !== null && entry.key < record.key; entry = expected()) {
        await take(entry.key, false)
      }
      const entry = expected()
      if (entry !== null && entry.key === record.key) {
        const good = recognise(record.content, (checksum) => checksum === entry.checksum) !== null
        last = { key: record.key, good }
        await take(record.key, good)
        own = record.key
      } else if (last !== null && last.key === record.key) {
        // The position stands a second time: it is not found exactly once.
        if (last.good) {
          found -= 1
          missing += 1
        }
        last = { key: record.key, good: false }
      } else if (within(record)) {
        const known = recognise(record.content, (checksum) => (unanswered.get(checksum) ?? 0) > 0)
        if (known !== null) {
          unacknowledged += 1
          own = record.key
          unanswered.set(known, (unanswered.get(known) ?? 0) - 1)
        }
      }
    }
  }
  for (let entry = expected(); entry !== null; entry = expected()) await take(entry.key, false)
  return { found, missing, unacknowledged, last: own }
}
