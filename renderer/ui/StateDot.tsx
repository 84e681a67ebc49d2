/** A state as a mark that is told apart by its shape as well as its colour; the word stands beside it or is read out. */

export type DotState = 'off' | 'working' | 'good' | 'warn' | 'bad'

const words: Record<DotState, string> = {
  off: 'off',
  working: 'working',
  good: 'running',
  warn: 'needs a look',
  bad: 'failed',
}
const classes: Record<DotState, string> = {
  off: 'dot dot-off',
  working: 'dot dot-working',
  good: 'dot',
  warn: 'dot dot-warn',
  bad: 'dot dot-bad',
}

/** `label` replaces the word read out; the empty text says that the word is visible beside it. */
export function StateDot({ state, label }: { readonly state: DotState; readonly label?: string }) {
  const word = label ?? words[state]
  return (
    <>
      <span className={classes[state]} aria-hidden />
      {word !== '' && <span className="sr-only">{word}</span>}
    </>
  )
}

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'accent'

const tones: Record<Tone, string> = {
  plain: 'bg-sunken text-ink-2',
  good: 'bg-ok-soft text-ok',
  warn: 'bg-warn-soft text-warn',
  bad: 'bg-bad-soft text-bad',
  accent: 'bg-accent-soft text-ink',
}

export function Badge({
  tone = 'plain',
  children,
}: {
  readonly tone?: Tone
  readonly children: React.ReactNode
}) {
  return (
    <span
      className={`inline-flex items-center gap-1.5 rounded-full px-2 py-0.5 text-xs font-medium whitespace-nowrap ${tones[tone]}`}
    >
      {children}
    </span>
  )
}
