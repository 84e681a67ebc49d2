/** Waits until the lake of this computer has what the topics have: whoever reads it earlier would miss the newest records. */
import { AppError } from '../../shared/errors.ts'
import { pause } from '../lib/broadcast.ts'
import type { LocalStack } from '../local/stack.ts'

type Stack = Pick<LocalStack, 'running' | 'look' | 'numbers'>

/** Between two looks, ms: the lake hears of new records within its long poll of half a second. */
const lookMs = 600
/** A lake that comes no nearer for so long has stopped, ms. Its own rotation may be set to minutes. */
const stuckMs = 90_000
/** While somebody goes on sending there is no end: then what is there now is read, ms. */
const longestMs = 300_000

/** Records on their way into the lake; 0 where the stack does not run: then nothing is. Null where it is not known yet. */
export async function lakeLag(stack: Stack): Promise<number | null> {
  if (!stack.running()) return 0
  await stack.look()
  const lags = Object.entries(stack.numbers()).filter(([name]) => name.startsWith('lake.lag.'))
  return lags.length === 0 ? null : lags.reduce((sum, [, lag]) => sum + lag, 0)
}

/** `tell`: what it waits for. Rejects with AppError LAKE_BEHIND where the lake has stopped. */
export async function lakeReady(
  stack: Stack,
  signal: AbortSignal,
  tell: (text: string) => void,
): Promise<void> {
  const began = Date.now()
  let before = Number.POSITIVE_INFINITY
  let movedAt = began
  let quiet = 0
  // One look may come before the lake has heard of the newest records; two in a row do not.
  while (quiet < 2) {
    const lag = await lakeLag(stack)
    if (!stack.running()) return
    quiet = lag === 0 ? quiet + 1 : 0
    // While somebody sends it swings: any fall is the lake at work.
    if (lag !== null) {
      if (lag < before) movedAt = Date.now()
      before = lag
    }
    if (Date.now() - began > longestMs) return
    if (Date.now() - movedAt > stuckMs && quiet === 0) throw behind(lag)
    if (lag !== null && lag > 0) tell(`${lag.toLocaleString('en-US')} records are on their way into the lake`)
    if (quiet < 2) await pause(lookMs, signal)
    signal.throwIfAborted()
  }
}

const behind = (lag: number | null) =>
  new AppError({
    code: 'LAKE_BEHIND',
    message: `The lake does not take in what the topics have: ${lag ?? 'unknown'} records are missing`,
    hint: 'The page Overview says where it has stopped. Where nothing is wrong there, its files are closed too seldom: shorten lake.rotate.schedule.interval.ms in Settings.',
  })
