/** The hops of a trace as they are reached; whoever watches gets the newest state of all. */
import type { Hop, Trace } from '../../../shared/contract/trace.ts'
import { toErrorDetail } from '../../../shared/errors.ts'
import type { Kind } from '../../../shared/names.ts'
import { broadcast } from '../../lib/broadcast.ts'

export interface Board {
  /** Puts a hop on the board, or another state of one that is there. */
  set(kind: Kind | null, step: Hop['step'], change: Partial<Hop>): void
  watch(signal: AbortSignal): AsyncGenerator<Trace, void, void>
  /** Ends it, with the reason where it failed. */
  end(reason?: unknown): void
}

const untold: Omit<Hop, 'kind' | 'step'> = {
  state: 'waiting',
  place: null,
  text: '',
  at: null,
  afterMs: null,
  tookMs: null,
  note: null,
}

export function traceBoard(index: number | null): Board {
  const state = broadcast<Trace>({ index, startedAt: Date.now(), hops: [], done: false, problem: null })
  return {
    set(kind, step, change) {
      const { hops } = state.get()
      const at = hops.findIndex((hop) => hop.kind === kind && hop.step === step)
      const next = { kind, step, ...untold, ...hops[at], ...change }
      state.set({ ...state.get(), hops: at < 0 ? [...hops, next] : hops.with(at, next) })
    },
    end(reason) {
      const problem = reason === undefined ? null : toErrorDetail(reason)
      state.set({ ...state.get(), done: true, problem })
    },
    async *watch(signal) {
      for await (const trace of state.watch(signal)) {
        yield trace
        if (trace.done) return
      }
    },
  }
}
