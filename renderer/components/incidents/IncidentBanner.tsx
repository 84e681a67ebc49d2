/** Says on every page that something is broken on purpose, how long it still is, and ends it. */
import { Link } from '@tanstack/react-router'
import { FlaskConical } from 'lucide-react'
import { client } from '../../api/client.ts'
import { useIncident, usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { ProblemNotice } from '../ProblemNotice.tsx'
import { useNow } from '../useNow.ts'
import { secondsLeft } from './facts.ts'

export function IncidentBanner() {
  const pipeline = usePipeline().id
  const on = useIncident(pipeline).value?.on ?? null
  const end = useAction(client.incidents.end)
  const now = useNow(on === null ? null : 500)
  return (
    <section aria-label="Incident" className="sticky top-0 z-10" hidden={on === null && end.error === null}>
      {on !== null && (
        <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-accent/40 bg-accent-soft px-5 py-1.5 text-sm">
          <FlaskConical size={16} strokeWidth={1.9} className="flex-none text-accent" aria-hidden />
          <p className="min-w-0 flex-1 [overflow-wrap:anywhere]">
            <span role="status">
              <strong className="font-semibold">Incident: {on.title}.</strong> {on.text}
            </span>
          </p>
          {/* The countdown is not read out each second. */}
          <p className="num whitespace-nowrap">
            {on.phase === 'healing' ? 'healing …' : `${secondsLeft(on.until, now)} s left`}
          </p>
          <Link to="/incidents" className={buttonClass({ variant: 'quiet', small: true })}>
            What to look for
          </Link>
          <Button
            small
            busy={end.isPending || on.phase === 'healing'}
            onClick={() => end.mutate({ pipeline })}
          >
            End now
          </Button>
        </div>
      )}
      <ProblemNotice problem={end.error} alert />
    </section>
  )
}
