/** One incident: what it does, what to look for and where, what it is set with, and the button that begins it. */
import { Link } from '@tanstack/react-router'
import { Play } from 'lucide-react'
import { useState } from 'react'
import type { Incident, IncidentId, IncidentOptions } from '../../../shared/incidents.ts'
import { incidentCommand } from '../../components/actions/commands.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Badge } from '../../ui/StateDot.tsx'
import { IncidentFields } from './IncidentFields.tsx'
import { firstForm, parseIncident } from './incidentForm.ts'

const pages = {
  Overview: '/',
  'Set-up': '/setup',
  Topics: '/topics',
  Groups: '/groups',
  Streams: '/streams',
  Emulation: '/emulation',
  Trace: '/trace',
} as const

interface IncidentCardProps {
  readonly incident: Incident
  /** The pipeline runs, and on this computer. */
  readonly usable: boolean
  readonly on: IncidentId | null
  /** It is being begun. */
  readonly busy: boolean
  readonly error: Error | null
  readonly onStart: (options: IncidentOptions) => void
}

export function IncidentCard({ incident, usable, on, busy, error, onStart }: IncidentCardProps) {
  const { id, title, what, why, look, heal } = incident
  const [form, setForm] = useState(firstForm)
  const [tried, setTried] = useState(false)
  const parsed = parseIncident(id, form)
  const errors = tried && !parsed.ok ? parsed.errors : {}
  return (
    <Card title={title} {...(on === id ? { actions: <Badge tone="accent">on now</Badge> } : {})}>
      <p>{what}</p>
      <h3 className="mt-3 mb-1 text-sm font-semibold">What to look for</h3>
      <ul className="grid gap-1 text-sm">
        {look.map(({ page, text }) => (
          <li key={text} className="grid grid-cols-[76px_minmax(0,1fr)] items-baseline gap-2">
            <Link to={pages[page]} className="font-medium text-accent underline-offset-2 hover:underline">
              {page}
            </Link>
            <span className="[overflow-wrap:anywhere]">{text}</span>
          </li>
        ))}
      </ul>
      <dl className="mt-3 grid grid-cols-[76px_minmax(0,1fr)] items-baseline gap-x-2 gap-y-1 text-sm">
        <dt className="text-ink-2">Happens</dt>
        <dd>{why}</dd>
        <dt className="text-ink-2">Afterwards</dt>
        <dd>{heal}</dd>
      </dl>
      <form
        className="mt-3 grid gap-3 border-t border-line pt-3"
        onSubmit={(event) => {
          event.preventDefault()
          setTried(true)
          if (parsed.ok && usable && on === null && !busy) onStart(parsed.options)
        }}
      >
        <IncidentFields
          id={id}
          form={form}
          errors={errors}
          asked={usable}
          change={(part) => setForm({ ...form, ...part })}
        />
        <ProblemNotice problem={error} alert />
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" icon={Play} busy={busy} disabled={!usable || on !== null}>
            Start: {title}
          </Button>
          {parsed.ok && (
            <CopyButton
              text={`pipeline ${incidentCommand(parsed.options)}`}
              what={`the command for ${title}`}
              words="Copy as command"
            />
          )}
          {usable && on !== null && on !== id && (
            <p className="text-xs text-ink-2">One at a time: end the other first.</p>
          )}
        </div>
      </form>
    </Card>
  )
}
