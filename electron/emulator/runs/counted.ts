/** What an interrupted run counts from when it goes on: the journal's numbers, and of the rest what its file kept. */
import type { RunSnapshot, SinkId } from '../../../shared/emulation.ts'
import { type Kind, kinds } from '../../../shared/names.ts'
import type { ResumePoint } from '../journal/resume.ts'
import type { Counted } from '../pump/stats.ts'

export function countedBefore(before: RunSnapshot, point: ResumePoint) {
  const counted = (sink: SinkId): Counted => {
    const { sent, acknowledged, open } = point.counts(sink)
    const known = before.sinks.find((each) => each.sink === sink)
    return {
      // The journal leaves out who gave up in silence: whatever went out and is neither taken nor open has failed.
      counters: {
        sent,
        acknowledged,
        failed: sent - acknowledged - open,
        retried: known?.counters.retried ?? 0,
        inFlight: open,
      },
      perKind: Object.fromEntries(kinds.map((kind) => [kind, point.acknowledged(sink, kind)])) as Record<
        Kind,
        number
      >,
      errors: before.errors.filter((error) => error.sink === sink),
    }
  }
  return { beforeMs: before.activeMs, counted }
}
