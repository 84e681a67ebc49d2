/** What a journal says as a whole: how much was sent, what nobody answered, and every acknowledged position, sorted. */
import { type SinkId, sinkIds } from '../../../shared/emulation.ts'
import { type Kind, kinds } from '../../../shared/names.ts'
import type { JournalCounts } from '../protocol.ts'
import { readSequence } from './format.ts'
import { createLanes } from './lanes.ts'
import { type Place, readJournal } from './reader.ts'
import { type Acked, createSorter } from './sorter.ts'

/** How often a content was sent without an answer, by checksum. Its size is bounded by the rows of the source. */
export type Unanswered = ReadonlyMap<number, number>

/** A place with what the journal says of it: keys are offsets or sequence numbers. */
export interface AckedPlace extends Place {
  readonly count: number
  readonly first: bigint
  readonly last: bigint
}

export interface JournalScan {
  readonly counts: JournalCounts
  /** Posts whose every record went out to each of the sinks. */
  readonly posts: number
  /** Positions acknowledged by each destination. */
  readonly positions: { readonly kafka: number; readonly kinesis: number }
  /** Those with at least one position, in the order in which `sorted` has them. */
  readonly places: readonly AckedPlace[]
  /** Of one destination and kind. */
  unanswered(to: 'kafka' | 'kinesis', kind: Kind): Unanswered
  sorted(): AsyncGenerator<Acked>
  close(): Promise<void>
}

const destinations: Readonly<Record<SinkId, 'kafka' | 'kinesis' | null>> = {
  rest: 'kafka',
  kafka: 'kafka',
  streams: 'kinesis',
  kinesis: 'kinesis',
  file: null,
}

/** `sinks` are those of the run; `folder` is used for what does not fit into memory. */
export async function scanJournal(
  path: string,
  sinks: readonly SinkId[],
  folder: string,
  signal: AbortSignal,
): Promise<JournalScan> {
  const sorter = createSorter(folder)
  const places = new Map<string, { -readonly [K in keyof AckedPlace]: AckedPlace[K] }>()
  /** By the number they have in the part of the journal that is read. */
  let numbered = new Map<number, { -readonly [K in keyof AckedPlace]: AckedPlace[K] }>()
  const lanes = createLanes()
  const positions = { kafka: 0, kinesis: 0 }
  const sent = new Map<string, number>()
  const acknowledged = new Map<SinkId, number>()
  const open = new Map<string, Map<number, number>>()

  const add = (sink: SinkId, kind: Kind, checksum: number, count: number) => {
    const key = `${destinations[sink]}/${kind}`
    const counts = open.get(key) ?? new Map<number, number>()
    open.set(key, counts)
    const left = (counts.get(checksum) ?? 0) + count
    if (left === 0) counts.delete(checksum)
    else counts.set(checksum, left)
  }

  try {
    await readJournal(
      path,
      {
        begin: () => {
          lanes.begin()
          numbered = new Map()
        },
        place: (place) => {
          const key = `${place.to}/${place.name}/${place.partition}/${place.shard}`
          const known = places.get(key) ?? { ...place, id: places.size, count: 0, first: 0n, last: 0n }
          places.set(key, known)
          numbered.set(place.id, known)
        },
        records: (what, sink, kind, checksums) => {
          if (what === 'kept') acknowledged.set(sink, (acknowledged.get(sink) ?? 0) + checksums.length)
          if (what === 'sent') {
            const key = `${sink}/${kind}`
            sent.set(key, (sent.get(key) ?? 0) + lanes.sent(sink, kind, checksums))
          } else for (const checksum of checksums) lanes.settled(sink, kind, checksum)
          const change = what === 'sent' ? 1 : what === 'failed' ? -1 : 0
          for (const checksum of checksums) add(sink, kind, checksum, change)
        },
        position: (sink, kind, place, key, checksum) => {
          acknowledged.set(sink, (acknowledged.get(sink) ?? 0) + 1)
          add(sink, kind, checksum, -1)
          lanes.settled(sink, kind, checksum)
          const to = destinations[sink]
          if (to !== null) positions[to] += 1
          const known = numbered.get(place)
          if (known === undefined) return
          extend(known, to === 'kafka' ? key.readBigUInt64BE(0) : readSequence(key, 0))
          sorter.add(known.id, key, checksum)
        },
      },
      signal,
    )
  } catch (thrown) {
    await sorter.close()
    throw thrown
  }

  const sentBy = (sink: SinkId, kind: Kind) => sent.get(`${sink}/${kind}`) ?? 0
  return {
    counts: Object.fromEntries(
      sinkIds.map((sink) => [
        sink,
        {
          sent: kinds.reduce((sum, kind) => sum + sentBy(sink, kind), 0),
          acknowledged: acknowledged.get(sink) ?? 0,
        },
      ]),
    ),
    posts: Math.min(...sinks.flatMap((sink) => kinds.map((kind) => sentBy(sink, kind)))),
    positions,
    places: [...places.values()].filter(({ count }) => count > 0).sort((a, b) => a.id - b.id),
    unanswered: (to, kind) => open.get(`${to}/${kind}`) ?? new Map(),
    sorted: sorter.sorted,
    close: sorter.close,
  }
}

function extend(place: { count: number; first: bigint; last: bigint }, key: bigint): void {
  if (place.count === 0 || key < place.first) place.first = key
  if (place.count === 0 || key > place.last) place.last = key
  place.count += 1
}
