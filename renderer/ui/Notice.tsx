/** Something a person should know, at the place it concerns: what, why, what next. */
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react'
import type { ReactNode } from 'react'

interface NoticeProps {
  readonly tone: 'bad' | 'warn' | 'info' | 'good'
  readonly title: string
  /** The next step. */
  readonly hint?: string | null
  readonly code?: string
  /** Beside the code: what copies it. */
  readonly beside?: ReactNode
  readonly actions?: ReactNode
  readonly children?: ReactNode
  /** Reads it out at once: for what a person has just caused. */
  readonly alert?: boolean
}

const looks = {
  bad: { icon: CircleAlert, box: 'border-bad/40 bg-bad-soft', ink: 'text-bad' },
  warn: { icon: TriangleAlert, box: 'border-warn/40 bg-warn-soft', ink: 'text-warn' },
  good: { icon: CircleCheck, box: 'border-ok/40 bg-ok-soft', ink: 'text-ok' },
  info: { icon: Info, box: 'border-line bg-accent-soft', ink: 'text-accent' },
}

export function Notice({ tone, title, hint, code, beside, actions, children, alert = false }: NoticeProps) {
  const { icon: Icon, box, ink } = looks[tone]
  return (
    <div
      {...(alert ? { role: 'alert' } : {})}
      className={`flex items-start gap-2.5 rounded-lg border px-3 py-2.5 ${box}`}
    >
      <Icon size={17} strokeWidth={1.9} className={`mt-0.5 flex-none ${ink}`} aria-hidden />
      <div className="min-w-0 flex-1 [overflow-wrap:anywhere]">
        <p className="font-medium">{title}</p>
        {hint && <p className="mt-0.5 text-sm text-ink-2">{hint}</p>}
        {children}
        {code && (
          <div className="mt-1 flex items-center gap-1">
            <p className="num text-xs text-ink-2">{code}</p>
            {beside}
          </div>
        )}
      </div>
      {actions !== undefined && <div className="flex flex-none items-center gap-2">{actions}</div>}
    </div>
  )
}
