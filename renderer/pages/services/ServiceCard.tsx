/** One service of the machine: how it stands, what it uses, why it failed, and its switches. */
import { Play, RotateCw, Square } from 'lucide-react'
import { type ReactNode, useState } from 'react'
import type { Service } from '../../../shared/contract/services.ts'
import { type ServiceAction, serviceQuestion } from '../../../shared/services.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { useActions } from '../../components/actions/action.ts'
import { serviceCommand } from '../../components/actions/commands.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { bytes, count, duration, timeAt, unknown } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { isUp, lookOf } from './serviceLook.ts'

const words: Readonly<Record<ServiceAction, string>> = { restart: 'Restart', stop: 'Stop', start: 'Start' }
const icons = { restart: RotateCw, stop: Square, start: Play } as const

interface ServiceCardProps {
  readonly service: Service
  /** The machine's clock. */
  readonly at: number
  readonly reached: boolean
}

export function ServiceCard({ service, at, reached }: ServiceCardProps) {
  const { id, title, ended, lastLines, changed } = service
  const { asked, setAsked, press, act } = useSwitches(service)
  const offered: readonly ServiceAction[] = isUp(service) ? ['restart', 'stop'] : ['start']
  useActions(
    offered.map((action) => ({
      id: `service ${action} ${id}`,
      title: `${words[action]} the ${title} on the machine`,
      group: 'Service',
      keywords: 'systemd unit',
      command: serviceCommand(action, id),
      run: () => press(action),
    })),
  )
  const question = asked === null ? null : serviceQuestion(id, asked)
  return (
    <Card
      title={title}
      actions={offered.map((action) => (
        <Button
          key={action}
          small
          icon={icons[action]}
          busy={act.isPending}
          disabled={!reached}
          aria-label={`${words[action]} the ${title}`}
          onClick={() => press(action)}
        >
          {words[action]}
        </Button>
      ))}
    >
      <div className="grid gap-3">
        <ProblemNotice problem={act.error} alert />
        {lastLines.length > 0 && (
          <Notice tone="bad" title={`It ended: ${ended ?? 'systemd does not say why'}.`}>
            <p className="mt-1 text-sm text-ink-2">Its last lines:</p>
            <pre
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
              tabIndex={0}
              className="mt-1 max-h-40 overflow-y-auto text-xs whitespace-pre-wrap [overflow-wrap:anywhere]"
            >
              {lastLines.join('\n')}
            </pre>
          </Notice>
        )}
        {changed && (
          <Notice
            tone="warn"
            title="Its unit was changed since systemd last read it."
            hint="Check all on Set-up shows what differs, and Apply all takes it on."
          />
        )}
        <Facts service={service} at={at} />
      </div>
      {question !== null && asked !== null && (
        <Dialog
          open
          title={question.title}
          onClose={() => setAsked(null)}
          footer={
            <>
              <Button onClick={() => setAsked(null)}>Cancel</Button>
              <Button
                variant="danger"
                onClick={() => {
                  setAsked(null)
                  act.mutate(asked)
                }}
              >
                {question.agree}
              </Button>
            </>
          }
        >
          <p>{question.text}</p>
          <p className="flex items-center gap-2 text-sm text-ink-2">
            <code>pipeline {serviceCommand(asked, id)}</code>
            <CopyButton text={`pipeline ${serviceCommand(asked, id)}`} what="the command" />
          </p>
        </Dialog>
      )}
    </Card>
  )
}

function useSwitches({ id }: Service) {
  const pipeline = usePipeline().id
  const [asked, setAsked] = useState<ServiceAction | null>(null)
  const act = useAction((action: ServiceAction) => client.services[action]({ pipeline, service: id }))
  const press = (action: ServiceAction) => {
    if (serviceQuestion(id, action) === null) act.mutate(action)
    else setAsked(action)
  }
  return { asked, setAsked, press, act }
}

function Facts({ service, at }: { readonly service: Service; readonly at: number }) {
  const { version, since, atBoot, restarts, pid, memory, resident, cpuMs, unit } = service
  const look = lookOf(service)
  const rows: readonly (readonly [string, ReactNode])[] = [
    [
      'State',
      <span key="state" className="flex flex-wrap items-center gap-x-2">
        <StateDot state={look.dot} label="" />
        <span className="font-medium">{look.words}</span>
        {since !== null && (
          <span className="text-ink-2">
            for {duration(at - since)}, since {timeAt(since, at)}
          </span>
        )}
      </span>,
    ],
    ['Version', version],
    ['At boot', atBoot === 'enabled' ? 'starts (enabled)' : `does not start (${atBoot || 'unknown'})`],
    ['Restarts', restarts === null ? unknown : `${count(restarts)} by systemd`],
    ['Memory', memoryWords(memory, resident)],
    ['CPU time', duration(cpuMs)],
    ['Process', pid === null ? unknown : String(pid)],
    ['Unit', unit],
  ]
  return (
    <dl className="grid grid-cols-[90px_minmax(0,1fr)] gap-x-3 gap-y-1 text-sm">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="num [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

function memoryWords(memory: number | null, resident: number | null): string {
  if (memory === null) return resident === null ? unknown : `${bytes(resident)} of its process`
  return `${bytes(memory)} with file cache${resident === null ? '' : `, ${bytes(resident)} of its process`}`
}
