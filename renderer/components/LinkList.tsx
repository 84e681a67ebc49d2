/** A way drawn link by link: what is reached, what failed and why, and what can be done about it. */
import type { ReactNode } from 'react'
import type { Problem } from '../../shared/contract/base.ts'
import { type DotState, StateDot } from '../ui/StateDot.tsx'
import { ProblemNotice } from './ProblemNotice.tsx'

export interface LinkRow {
  readonly id: string
  readonly title: string
  readonly state: keyof typeof states
  readonly text: string
  readonly problem: Problem | null
  /** Of the problem's notice, where it is not the state's own. */
  readonly tone?: 'warn' | 'bad'
  /** Beside the notice, or beside the text where there is none. */
  readonly actions?: ReactNode
  /** Below the notice. */
  readonly more?: ReactNode
}

/** The dot, and the word that is read out. */
const states = {
  waiting: ['off', 'not reached yet'],
  working: ['working', 'working'],
  good: ['good', 'good'],
  warn: ['warn', 'needs a look'],
  bad: ['bad', 'failed'],
  skipped: ['off', 'not looked at'],
  unused: ['off', 'not used'],
} as const satisfies Readonly<Record<string, readonly [DotState, string]>>

const quiet = new Set<LinkRow['state']>(['waiting', 'skipped', 'unused'])

export function LinkList({ label, links }: { readonly label: string; readonly links: readonly LinkRow[] }) {
  return (
    <ol aria-label={label} className="grid">
      {links.map(({ id, title, state, text, problem, tone, actions, more }) => (
        <li
          key={id}
          className="grid grid-cols-[150px_minmax(0,1fr)_auto] gap-x-3 border-t border-line py-2 first:border-t-0"
        >
          <span
            className={`flex items-center gap-2 self-start font-medium ${quiet.has(state) ? 'text-ink-2' : ''}`}
          >
            <StateDot state={states[state][0]} label={states[state][1]} />
            <span>{title}</span>
          </span>
          <span className="num text-sm text-ink-2 [overflow-wrap:anywhere]">{text}</span>
          {problem === null && actions}
          {problem !== null && (
            <div className="col-span-3 mt-2">
              <ProblemNotice
                problem={problem}
                alert
                tone={tone ?? (state === 'warn' ? 'warn' : 'bad')}
                actions={actions}
              />
            </div>
          )}
          {more !== undefined && <div className="col-span-3 mt-2">{more}</div>}
        </li>
      ))}
    </ol>
  )
}
