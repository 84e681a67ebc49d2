/** The incident that is on, or was: what was counted so far, and where to find what it made. */
import { Link } from '@tanstack/react-router'
import type { BadPlace, EndedIncident, Fact, RunningIncident } from '../../../shared/contract/incidents.ts'
import { badFilter, badKindTitles } from '../../../shared/incidents.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { duration, timeOfDay } from '../../components/format.ts'
import { factValue, secondsLeft } from '../../components/incidents/facts.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useNow } from '../../components/useNow.ts'
import { buttonClass } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Progress } from '../../ui/Progress.tsx'

interface IncidentNowProps {
  readonly incident: RunningIncident
  /** An emulation sends meanwhile. */
  readonly sends: boolean
}

export function IncidentNow({ incident, sends }: IncidentNowProps) {
  const { title, text, since, until, phase, facts, places, group } = incident
  const now = useNow(500)
  const fraction = Math.min(1, Math.max(0, (now - since) / (until - since)))
  return (
    <Card title={`Now: ${title}`} className="border-accent/60">
      <p>{text}</p>
      <div className="mt-2 grid grid-cols-[minmax(0,1fr)_auto] items-center gap-3">
        <Progress fraction={phase === 'healing' ? null : fraction} label={`How much of ${title} is over`} />
        <span className="num text-sm text-ink-2">
          {phase === 'healing' ? 'healing …' : `${secondsLeft(until, now)} s left`}
        </span>
      </div>
      <Facts facts={facts} />
      {!sends && (
        <p className="mt-2 text-sm text-ink-2">
          No emulation runs: <Link to="/emulation">start one</Link> to see what it does to posts.
        </p>
      )}
      {group !== null && (
        <p className="mt-2 text-sm">
          <Link
            to="/groups/$group"
            params={{ group }}
            className="font-medium text-accent underline-offset-2 hover:underline"
          >
            Watch {group}
          </Link>
        </p>
      )}
      <Places places={places} />
    </Card>
  )
}

const reasons: Readonly<Record<EndedIncident['how'], string>> = {
  time: 'its time was over',
  asked: 'it was ended',
  stopped: 'its part was stopped',
  closed: 'the app was closed',
}

export function IncidentEnded({ incident }: { readonly incident: EndedIncident }) {
  const { title, facts, places, since, endedAt, how, problem } = incident
  return (
    <Card title={`Last: ${title}`}>
      <p>
        From {timeOfDay(since)}, {duration(endedAt - since)} long; {reasons[how]}.{' '}
        {problem !== null ? '' : places.length > 0 ? 'No more are written.' : 'It is healed.'}
      </p>
      <ProblemNotice problem={problem} />
      <Facts facts={facts} />
      <Places places={places} />
    </Card>
  )
}

function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  if (facts.length === 0) return null
  return (
    <dl aria-label="What was counted" className="mt-3 flex flex-wrap gap-x-8 gap-y-2">
      {facts.map((fact) => (
        <div key={fact.label} className="flex flex-col-reverse">
          <dt className="text-xs text-ink-2">{fact.label}</dt>
          <dd className="num text-[17px] leading-snug">{factValue(fact)}</dd>
        </div>
      ))}
    </dl>
  )
}

/** The records stay, so it is said where. */
function Places({ places }: { readonly places: readonly BadPlace[] }) {
  if (places.length === 0) return null
  const topics = [...new Set(places.map(({ topic }) => topic))].sort()
  return (
    <div className="mt-3 grid gap-2 border-t border-line pt-3">
      <p className="text-sm">
        They stay in the topics and in the lake. This expression finds them:{' '}
        <code className="num rounded bg-sunken px-1.5 py-0.5 text-xs">{badFilter}</code>
        <CopyButton text={badFilter} what="the expression" />
      </p>
      <div className="flex flex-wrap gap-2">
        {topics.map((topic) => (
          <Link
            key={topic}
            to="/topics/$topic"
            params={{ topic }}
            search={{ expression: badFilter }}
            className={buttonClass({ small: true })}
          >
            Search {topic}
          </Link>
        ))}
      </div>
      <ul aria-label="Bad records" className="grid max-h-56 gap-x-6 overflow-auto text-sm sm:grid-cols-2">
        {places.map(({ topic, partition, offset, kind }) => (
          <li key={`${topic}/${partition}/${offset}`} className="flex flex-wrap gap-x-2 py-0.5">
            <Link
              to="/topics/$topic/$partition/$offset"
              params={{ topic, partition: String(partition), offset }}
              className="num text-accent underline-offset-2 hover:underline"
            >
              {topic} {partition}/{offset}
            </Link>
            <span className="text-ink-2">{badKindTitles[kind]}</span>
          </li>
        ))}
      </ul>
    </div>
  )
}
