/** How far a verification is, told a few times a second. */
import type { RunSnapshot } from '../../../shared/emulation.ts'

const tellMs = 200

export interface VerifyProgress {
  /** So many more positions were compared. */
  step(count: number): void
  /** What is going on now; without an end in sight the fraction is left out. */
  say(text: string, endless?: boolean): void
}

export function createProgress(
  total: number,
  tell: (verifying: NonNullable<RunSnapshot['verifying']>) => void,
): VerifyProgress {
  let done = 0
  let toldAt = 0
  let now = { text: '', endless: false }
  const send = () => {
    toldAt = performance.now()
    const fraction = now.endless || total === 0 ? null : Math.min(1, done / total)
    tell({ fraction, text: now.text })
  }
  return {
    step: (count) => {
      done += count
      if (performance.now() - toldAt >= tellMs) send()
    },
    say: (text, endless = false) => {
      const same = text === now.text
      now = { text, endless }
      if (!same) send()
    },
  }
}
