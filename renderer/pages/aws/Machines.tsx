/** The EC2 instances of this account and region: which is the pipeline's, what state it is in, and switching it on and off. */
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Check, Server } from 'lucide-react'
import type { Machine } from '../../../shared/contract/machines.ts'
import { runningText } from '../../../shared/running.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { queryClient, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Card, Empty } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Badge, type DotState, StateDot } from '../../ui/StateDot.tsx'

/** EC2 allows many more looks than that; a start takes half a minute, ms. */
const lookEveryMs = 10_000

type Action = 'choose' | 'start' | 'stop' | 'reboot' | 'terminate'

const dots: Readonly<Record<string, DotState>> = {
  running: 'good',
  pending: 'working',
  stopping: 'working',
  'shutting-down': 'working',
  stopped: 'off',
}

export function Machines({ identity }: { readonly identity: string }) {
  const pipeline = usePipeline().id
  const consent = useConsent()
  const key = ['machines', pipeline, identity]
  const { data, error, isPending } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.machines.list({ pipeline }, { signal }),
    refetchInterval: lookEveryMs,
  })
  const act = useAction(
    async ({ id, action }: { readonly id: string; readonly action: Action }) => {
      if (action !== 'terminate') return client.machines[action]({ pipeline, id })
      const token = await consent.ask({ action: 'machines.terminate', pipeline, id })
      return token === null ? null : client.machines.terminate({ pipeline, id, consent: token })
    },
    (list) => list !== null && queryClient.setQueryData(key, list),
  )
  const moved = data?.find(({ addressBefore }) => addressBefore !== null)
  return (
    <Card title="EC2 instances">
      <div className="grid gap-3">
        <Link to="/launch" className={`${buttonClass({ small: true })} justify-self-start`}>
          Launch one…
        </Link>
        <ProblemNotice problem={error ?? act.error} alert />
        {moved !== undefined && (
          <Notice
            tone="warn"
            title={`${moved.name || moved.id} has another address: ${moved.publicAddress} (before ${moved.addressBefore}).`}
            hint="Whatever names the old one must be changed. An Elastic IP stays."
            actions={
              <Button onClick={() => act.mutate({ id: moved.id, action: 'choose' })}>It is changed</Button>
            }
          />
        )}
        {isPending && <Skeleton className="h-24" />}
        {data?.length === 0 && (
          <Empty icon={Server} title="No instance in this region">
            Look at the region in the header; instances of other regions are not shown.
          </Empty>
        )}
        {data !== undefined && data.length > 0 && (
          <ul aria-label="Instances" className="grid gap-1.5">
            {data.map((machine) => (
              <Row
                key={machine.id}
                machine={machine}
                busy={act.isPending}
                onAct={(action) => act.mutate({ id: machine.id, action })}
              />
            ))}
          </ul>
        )}
      </div>
      {consent.dialog}
    </Card>
  )
}

interface RowProps {
  readonly machine: Machine
  readonly busy: boolean
  readonly onAct: (action: Action) => void
}

function Row({ machine, busy, onAct }: RowProps) {
  const { id, name, state, type, zone, publicAddress, privateAddress, chosen, running } = machine
  const called = name || id
  const button = (action: Action, word: string) => (
    <Button
      small
      busy={busy}
      {...(action === 'terminate' ? { variant: 'danger' as const } : {})}
      aria-label={`${word.replace('…', '')} ${called}`}
      onClick={() => onAct(action)}
    >
      {word}
    </Button>
  )
  return (
    <li className={`rounded-lg border px-3 py-2 ${chosen ? 'border-accent bg-accent-soft' : 'border-line'}`}>
      <div className="flex flex-wrap items-center gap-3">
        <StateDot state={dots[state] ?? 'warn'} label="" />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            <span className="[overflow-wrap:anywhere]">{called}</span>
            <Badge>{state}</Badge>
            {running !== null && (
              <span className="num text-xs font-normal text-ink-2">{runningText(running)}</span>
            )}
            {chosen && (
              <span className="flex items-center gap-1 text-xs font-normal">
                <Check size={14} aria-hidden /> of this pipeline
              </span>
            )}
          </p>
          <p className="num text-xs text-ink-2 [overflow-wrap:anywhere]">
            {[id, type, zone, publicAddress ?? 'no public address', privateAddress]
              .filter(Boolean)
              .join(' · ')}
          </p>
        </div>
        <div className="flex flex-wrap gap-1.5">
          {!chosen && button('choose', 'Choose')}
          {state === 'stopped' && button('start', 'Start')}
          {state === 'running' && button('stop', 'Stop')}
          {state === 'running' && button('reboot', 'Reboot')}
          {button('terminate', 'Terminate…')}
        </div>
      </div>
    </li>
  )
}
