/** A run's snapshots as a stream: the newest one, at most ten a second, until nothing more will come. */
import { setTimeout as delay } from 'node:timers/promises'
import type { RunSnapshot } from '../../../shared/emulation.ts'
import { isOver } from './assemble.ts'
import type { Run } from './run.ts'

const shortestMs = 100

export async function* watchRun(run: Run, signal: AbortSignal | undefined): AsyncGenerator<RunSnapshot> {
  let changed = true
  let wake: (() => void) | null = null
  const onChange = () => {
    changed = true
    wake?.()
  }
  const stop = run.onChange(onChange)
  signal?.addEventListener('abort', onChange, { once: true })
  try {
    while (!signal?.aborted) {
      if (!changed) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        wake = null
        continue
      }
      changed = false
      const { snapshot, busy } = run
      yield snapshot
      if (isOver(snapshot) && !busy) return
      await delay(shortestMs, undefined, signal ? { signal } : {}).catch(() => undefined)
    }
  } finally {
    stop()
    signal?.removeEventListener('abort', onChange)
  }
}
