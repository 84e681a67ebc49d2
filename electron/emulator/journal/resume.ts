/** Where an interrupted run goes on: read from its journal, which saw the last instant. */
import { truncate } from 'node:fs/promises'
import type { SinkId } from '../../../shared/emulation.ts'
import { type Kind, kinds } from '../../../shared/names.ts'
import { createLanes, type LanePoint } from './lanes.ts'
import { readJournal } from './reader.ts'

export interface ResumePoint {
  /** The first post of which a record has to go out, counted from 0. */
  readonly from: number
  /** Posts whose every record went out to each sink before. */
  readonly posts: number
  /** Records that went out and that nobody answered: they go out again, and some of them may then stand twice. */
  readonly repeated: number
  lane(sink: SinkId, kind: Kind): LanePoint
  /** Records by what became of them; `open` are those to be repeated. */
  counts(sink: SinkId): {
    readonly sent: number
    readonly acknowledged: number
    readonly failed: number
    readonly open: number
  }
  acknowledged(sink: SinkId, kind: Kind): number
}

/**
 * Reads it whole, in constant memory, and cuts off a torn last frame, so that it can be written on. Throws AppError
 * JOURNAL_UNREADABLE, and the system's error where there is none.
 */
export async function openResumePoint(
  path: string,
  sinks: readonly SinkId[],
  signal: AbortSignal,
): Promise<ResumePoint> {
  const lanes = createLanes()
  const acknowledged = new Map<string, number>()
  const failed = new Map<SinkId, number>()
  const add = <K>(counts: Map<K, number>, key: K, count: number) =>
    counts.set(key, (counts.get(key) ?? 0) + count)
  const whole = await readJournal(
    path,
    {
      begin: lanes.begin,
      place: () => undefined,
      records: (fate, sink, kind, checksums) => {
        if (fate === 'sent') return void lanes.sent(sink, kind, checksums)
        if (fate === 'kept') add(acknowledged, `${sink}/${kind}`, checksums.length)
        else add(failed, sink, checksums.length)
        for (const checksum of checksums) lanes.settled(sink, kind, checksum)
      },
      position: (sink, kind, _place, _key, checksum) => {
        add(acknowledged, `${sink}/${kind}`, 1)
        lanes.settled(sink, kind, checksum)
      },
    },
    signal,
  )
  await truncate(path, whole)
  const points = new Map(
    sinks.flatMap((sink) => kinds.map((kind) => [`${sink}/${kind}`, lanes.point(sink, kind)] as const)),
  )
  const point = (sink: SinkId, kind: Kind) => points.get(`${sink}/${kind}`) ?? { next: 0, again: [] }
  const of = (sink: SinkId, kind: Kind) => acknowledged.get(`${sink}/${kind}`) ?? 0
  const sum = (pick: (kind: Kind) => number) => kinds.reduce((total, kind) => total + pick(kind), 0)
  const all = [...points.values()]
  return {
    from: Math.min(...all.map(({ next, again }) => again[0] ?? next)),
    posts: Math.min(...all.map(({ next }) => next)),
    repeated: all.reduce((total, { again }) => total + again.length, 0),
    lane: point,
    counts: (sink) => ({
      sent: sum((kind) => point(sink, kind).next),
      acknowledged: sum((kind) => of(sink, kind)),
      failed: failed.get(sink) ?? 0,
      open: sum((kind) => point(sink, kind).again.length),
    }),
    acknowledged: of,
  }
}
