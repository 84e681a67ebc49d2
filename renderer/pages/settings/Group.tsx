/** Fields that belong together, under a small heading. */
import { type ReactNode, useId } from 'react'

interface GroupProps {
  readonly title: string
  readonly columns: 1 | 2 | 3
  readonly help?: string
  readonly children: ReactNode
}

const tracks = { 1: '', 2: 'grid-cols-2', 3: 'grid-cols-3' }

export function Group({ title, columns, help, children }: GroupProps) {
  const id = useId()
  return (
    <fieldset className="grid min-w-0 gap-2" {...(help === undefined ? {} : { 'aria-describedby': id })}>
      <legend className="mb-1.5 text-sm font-semibold">{title}</legend>
      <div className={`grid gap-4 max-[760px]:grid-cols-1 ${tracks[columns]}`}>{children}</div>
      {help !== undefined && (
        <p id={id} className="text-xs text-ink-2">
          {help}
        </p>
      )}
    </fieldset>
  )
}
