/** What every plan's steps answer. */
import type { Finding } from './step.ts'

export const present = (reason: string, outputs: Readonly<Record<string, string>> = {}): Finding => ({
  state: 'present',
  reason,
  outputs,
})
/** What was chosen goes without this step: it is kept out of sight. */
export const notNeeded = (why: string): Finding => ({ ...present(`not needed: ${why}`), unused: true })
export const absent = (reason: string): Finding => ({ state: 'absent', reason })
export const drifted = (reason: string): Finding => ({ state: 'drifted', reason })
export const blocked = (reason: string, hint: string): Finding => ({ state: 'blocked', reason, hint })
