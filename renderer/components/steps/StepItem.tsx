/** One step of a plan: state, reason, progress, its own log, and what can be done about it alone. */
import type { PlanAction, StepState } from '../../../shared/contract/plan.ts'
import { Button } from '../../ui/Button.tsx'
import { Progress } from '../../ui/Progress.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { CopyButton } from '../CopyButton.tsx'
import { counted, duration } from '../format.ts'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { useNow } from '../useNow.ts'
import { stepLook } from './stepLook.ts'

interface StepItemProps {
  readonly step: StepState
  readonly number: number
  /** The plan runs: no step can be started by itself. */
  readonly busy: boolean
  readonly onRun: (action: PlanAction) => void
}

export function StepItem({ step, number, busy, onRun }: StepItemProps) {
  const { mark, word, actions } = stepLook(step)
  const working = mark === 'working'
  return (
    <li className="grid grid-cols-[26px_minmax(0,1fr)_auto] items-start gap-x-3 border-t border-line px-4 py-3 first:border-t-0">
      <span className="num mt-0.5 text-sm text-ink-3" aria-hidden>
        {number}
      </span>
      <div className="min-w-0">
        <div className="flex flex-wrap items-center gap-x-2.5">
          <h2>{step.title}</h2>
          <span className="flex items-center gap-1.5 text-sm text-ink-2">
            <StateDot state={mark} label="" />
            {word}
          </span>
          <Time step={step} working={working} />
        </div>
        {step.finding !== null && !working && (
          <p className="text-sm text-ink-2 [overflow-wrap:anywhere]">
            {step.finding.reason}
            {step.finding.hint !== null && ` · ${step.finding.hint}`}
          </p>
        )}
        {step.cost !== null && step.finding?.state !== 'present' && (
          <p className="text-sm text-warn">{step.cost}</p>
        )}
        {working && (
          <div className="mt-1 max-w-xl">
            <p className="mb-1.5 truncate text-sm text-ink-2">{step.progress?.text ?? 'Working …'}</p>
            <Progress fraction={step.progress?.fraction ?? null} label={step.title} />
          </div>
        )}
        {step.problem !== null && !working && (
          <div className="mt-2">
            <ProblemNotice problem={step.problem} alert />
          </div>
        )}
        <Changes step={step} />
        <Log step={step} />
      </div>
      <div className="flex gap-1.5">
        {actions.map(({ action, label }, index) => (
          <Button
            key={action}
            small
            disabled={busy}
            {...(index > 0 || label === 'Check' ? { variant: 'quiet' as const } : {})}
            aria-label={`${label} ${step.title}`}
            onClick={() => onRun(action)}
          >
            {label}
          </Button>
        ))}
      </div>
    </li>
  )
}

function Time({
  step: { startedAt, endedAt },
  working,
}: {
  readonly step: StepState
  readonly working: boolean
}) {
  const now = useNow(working ? 1_000 : null)
  if (startedAt === null || (endedAt === null && !working)) return null
  return (
    <span className="num text-xs text-ink-3">{duration((working ? now : (endedAt ?? now)) - startedAt)}</span>
  )
}

/** Texts of whole files keep their lines; long ones stay within the page. */
const changed = 'align-top whitespace-pre-wrap [overflow-wrap:anywhere]'

function Changes({ step }: { readonly step: StepState }) {
  const changes = step.finding?.changes ?? []
  if (changes.length === 0) return null
  return (
    <table className="mt-2 text-sm">
      <caption className="sr-only">What applying would change</caption>
      <thead>
        <tr className="text-left text-xs text-ink-2">
          <th className="pr-6 font-medium">would change</th>
          <th className="pr-6 font-medium">from</th>
          <th className="font-medium">to</th>
        </tr>
      </thead>
      <tbody className="num text-xs">
        {changes.map(({ target, before, after }) => (
          <tr key={target}>
            <td className={`min-w-44 pr-6 ${changed}`}>{target}</td>
            <td className={`pr-6 text-ink-2 ${changed}`}>{before}</td>
            <td className={changed}>{after}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Log({ step }: { readonly step: StepState }) {
  if (step.log.length === 0) return null
  return (
    <details className="mt-1.5">
      <summary className="w-fit rounded text-xs text-ink-2 hover:text-ink">
        Log of {step.title}, {counted(step.log.length, 'line')}
      </summary>
      <CopyButton text={step.log.join('\n')} what={`the log of ${step.title}`} words="Copy" />
      {/* A region that scrolls must be reachable by keyboard. */}
      <pre
        // biome-ignore lint/a11y/noNoninteractiveTabindex: see above
        tabIndex={0}
        className="mt-1.5 max-h-56 overflow-auto rounded-lg bg-sunken px-3 py-2 text-xs leading-relaxed whitespace-pre-wrap [overflow-wrap:anywhere]"
      >
        {step.log.join('\n')}
      </pre>
    </details>
  )
}
