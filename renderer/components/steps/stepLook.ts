/** How a step is shown: which mark, which words, which actions make sense now. */
import type { PlanAction, StepState } from '../../../shared/contract/plan.ts'
import type { DotState } from '../../ui/StateDot.tsx'

export interface StepLook {
  readonly mark: DotState
  readonly word: string
  /** Actions offered for this step alone, the main one first. */
  readonly actions: readonly { readonly action: PlanAction; readonly label: string }[]
}

const findings = {
  present: { mark: 'good', word: 'Ready' },
  absent: { mark: 'off', word: 'Not there' },
  drifted: { mark: 'warn', word: 'Differs' },
  blocked: { mark: 'bad', word: 'Blocked' },
} as const

const phases = { waiting: 'Waiting', checking: 'Looking', applying: 'Working', undoing: 'Undoing' } as const

export function stepLook({ phase, finding, problem, undoable }: StepState): StepLook {
  if (phase === 'waiting') return { mark: 'off', word: phases.waiting, actions: [] }
  if (phase !== 'idle') return { mark: 'working', word: phases[phase], actions: [] }
  const check = { action: 'check', label: 'Check' } as const
  if (problem !== null)
    return { mark: 'bad', word: 'Failed', actions: [{ action: 'apply', label: 'Retry' }, check] }
  if (finding === null) return { mark: 'off', word: 'Not looked yet', actions: [check] }
  const { mark, word } = findings[finding.state]
  if (finding.state === 'present') {
    return { mark, word, actions: undoable ? [check, { action: 'undo', label: 'Undo' }] : [check] }
  }
  return {
    mark,
    word,
    actions: [{ action: 'apply', label: finding.state === 'drifted' ? 'Repair' : 'Apply' }, check],
  }
}
