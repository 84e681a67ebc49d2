/** Incidents: parts of the pipeline break on purpose, for a while, to learn what that looks like and how it heals. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { client } from '../../api/client.ts'
import { useIncident, useOverview, usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { PageHead } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { IncidentCard } from './IncidentCard.tsx'
import { IncidentEnded, IncidentNow } from './IncidentNow.tsx'

export function IncidentsPage() {
  const { id: pipeline, settings } = usePipeline()
  const local = settings.kind === 'local'
  const runs = useStackRuns()
  const overview = useOverview(pipeline).value
  const { value: state, problem } = useIncident(pipeline)
  const list = useQuery({
    queryKey: ['incidents', pipeline],
    queryFn: ({ signal }) => client.incidents.list({ pipeline }, { signal }),
  })
  const start = useAction(client.incidents.start)
  const on = state?.on ?? null
  const last = state?.last ?? null
  const unusable = list.data?.unusable ?? null
  const usable = unusable === null && overview?.running === true
  const sends = overview?.nodes.some(({ id, detail }) => id === 'emulator' && detail.startsWith('running'))
  return (
    <>
      <PageHead
        title="Incidents"
        live
        sub={
          on === null
            ? 'Break a part of your pipeline on purpose, see what it looks like, and watch it heal.'
            : `${on.title} is on. Everything you see of it is real.`
        }
        actions={
          local && (
            <Link to="/" className={buttonClass({})}>
              See the map
            </Link>
          )
        }
      />
      <ProblemNotice
        problem={list.error}
        actions={<Button onClick={() => void list.refetch()}>Try again</Button>}
      />
      <ProblemNotice problem={problem} />
      {unusable !== null && <Notice tone="info" title={unusable.message} hint={unusable.hint} />}
      {local && runs === false && <StackStopped what="The pipeline" compact />}
      {usable && sends === false && on === null && (
        <Notice
          tone="info"
          title="No emulation runs"
          hint="What an incident does to posts is seen best while posts flow: twenty a second or so."
          actions={
            <Link to="/emulation" className={buttonClass({ small: true })}>
              Emulate
            </Link>
          }
        />
      )}
      {on !== null && <IncidentNow incident={on} sends={sends === true} />}
      {on === null && last !== null && <IncidentEnded incident={last} />}
      {list.data === undefined && list.error === null && <Skeleton className="h-96 rounded-xl" />}
      <div className="grid items-start gap-4 xl:grid-cols-2">
        {list.data?.incidents.map((incident) => (
          <IncidentCard
            key={incident.id}
            incident={incident}
            usable={usable}
            on={on?.options.id ?? null}
            busy={start.isPending && start.variables.options.id === incident.id}
            error={start.variables?.options.id === incident.id ? start.error : null}
            onStart={(options) => start.mutate({ pipeline, options })}
          />
        ))}
      </div>
    </>
  )
}
