/** Cards, page heads and the designed "nothing yet". */
import type { LucideIcon } from 'lucide-react'
import type { ReactNode } from 'react'

interface CardProps {
  readonly title?: string
  readonly actions?: ReactNode
  readonly className?: string
  readonly children: ReactNode
}

export function Card({ title, actions, className = '', children }: CardProps) {
  const Tag = title === undefined ? 'div' : 'section'
  return (
    <Tag
      {...(title === undefined ? {} : { 'aria-label': title })}
      className={`rounded-xl border border-line bg-panel px-4 py-3.5 shadow-card ${className}`}
    >
      {title !== undefined && (
        <div className="mb-2.5 flex min-h-7 items-center gap-3">
          <h2>{title}</h2>
          {actions !== undefined && <div className="ml-auto flex items-center gap-2">{actions}</div>}
        </div>
      )}
      {children}
    </Tag>
  )
}

interface PageHeadProps {
  readonly title: string
  /** Right of the title: what copies it. */
  readonly beside?: ReactNode
  /** One sentence: what is going on, or what this is for. */
  readonly sub: ReactNode
  readonly actions?: ReactNode
  /** The sentence changes by itself and is read out when it does. */
  readonly live?: boolean
}

export function PageHead({ title, beside, sub, actions, live = false }: PageHeadProps) {
  return (
    <div className="flex flex-wrap items-end gap-x-4 gap-y-2">
      <div className="min-w-0">
        <div className="flex items-center gap-1">
          <h1 tabIndex={-1} className="min-w-0 outline-none [overflow-wrap:anywhere]">
            {title}
          </h1>
          {beside}
        </div>
        <p className="mt-1 min-h-[1.5em] text-ink-2" {...(live ? { 'aria-live': 'polite' } : {})}>
          {sub}
        </p>
      </div>
      {actions !== undefined && <div className="ml-auto flex flex-wrap items-center gap-2">{actions}</div>}
    </div>
  )
}

interface EmptyProps {
  readonly icon: LucideIcon
  readonly title: string
  readonly children: ReactNode
  readonly action?: ReactNode
}

export function Empty({ icon: Icon, title, children, action }: EmptyProps) {
  return (
    <div className="grid place-items-center px-6 py-14 text-center">
      <div className="grid max-w-md justify-items-center gap-2">
        <span className="mb-1 grid size-11 place-items-center rounded-xl bg-accent-soft text-accent">
          <Icon size={22} strokeWidth={1.6} aria-hidden />
        </span>
        <h2 className="text-lg">{title}</h2>
        <p className="text-ink-2">{children}</p>
        {action !== undefined && <div className="mt-3 flex gap-2">{action}</div>}
      </div>
    </div>
  )
}
