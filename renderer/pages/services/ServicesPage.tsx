/** Services: what the app keeps running on the pipeline's machine, what it uses there, and its log. */
import { Link } from '@tanstack/react-router'
import { MonitorCog, PackageOpen } from 'lucide-react'
import { useState } from 'react'
import type { ServicesView } from '../../../shared/contract/services.ts'
import { client } from '../../api/client.ts'
import { useLive } from '../../api/live.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { timeOfDay } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Empty, PageHead } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { InstalledFiles } from './InstalledFiles.tsx'
import { LogView } from './LogView.tsx'
import { MachineUse } from './MachineUse.tsx'
import { ServiceCard } from './ServiceCard.tsx'

export function ServicesPage() {
  const { settings } = usePipeline()
  return settings.host === null ? <NoMachine /> : <Services machine={JSON.stringify(settings.host)} />
}

/** `machine` stands for its settings: others are another machine. */
function Services({ machine }: { readonly machine: string }) {
  const { id, settings } = usePipeline()
  const [round, setRound] = useState(0)
  const { value, problem, ended } = useLive(`services ${id} ${machine} ${round}`, (signal) =>
    client.services.watch({ pipeline: id }, { signal }),
  )
  const view = value?.view ?? null
  const trouble = problem ?? value?.problem ?? null
  const over = ended || value?.retrying === false
  const address = `${settings.host?.user}@${settings.host?.host}`
  return (
    <>
      <PageHead
        title="Services"
        live
        sub={
          trouble !== null
            ? `${address} does not answer.`
            : view === null
              ? `Asking ${address} …`
              : `What runs on ${address}, looked at every two seconds.`
        }
      />
      {trouble !== null && (
        <ProblemNotice
          problem={trouble}
          tone={over ? 'bad' : 'warn'}
          alert
          actions={over ? <Button onClick={() => setRound(round + 1)}>Try again</Button> : null}
        />
      )}
      {trouble !== null && (
        <p role="status" className="text-sm text-ink-2">
          {!over && 'It is tried again by itself. '}
          {view !== null && `Below is how it stood at ${timeOfDay(view.at)}, by the machine’s clock.`}
        </p>
      )}
      {view === null && trouble === null && <Skeleton className="h-96 rounded-xl" />}
      {view !== null && <Standing view={view} reached={trouble === null} />}
    </>
  )
}

interface StandingProps {
  readonly view: ServicesView
  /** It answers now: what is pressed would be done. */
  readonly reached: boolean
}

function Standing({ view, reached }: StandingProps) {
  const { id } = usePipeline()
  const installed = view.services.filter((service) => service.installed)
  return (
    <>
      {view.owner !== null && view.owner !== id && (
        <Notice
          tone="warn"
          title={`Another pipeline set this machine up: ${view.owner}`}
          hint="What is stopped here is stopped for that one too."
        />
      )}
      {installed.length === 0 ? (
        <NothingInstalled />
      ) : (
        <div className="grid items-start gap-4 xl:grid-cols-2">
          {installed.map((service) => (
            <ServiceCard key={service.id} service={service} at={view.at} reached={reached} />
          ))}
        </div>
      )}
      <MachineUse machine={view.machine} />
      {installed.length > 0 && (
        <>
          <LogView services={installed.map((service) => service.id)} />
          <InstalledFiles />
        </>
      )}
    </>
  )
}

function NothingInstalled() {
  const existing = usePipeline().settings.kind === 'existing'
  return (
    <div className="rounded-xl border border-line bg-panel">
      <Empty
        icon={PackageOpen}
        title="Nothing installed yet"
        action={
          existing && (
            <Link to="/setup" className={buttonClass({ variant: 'primary' })}>
              Go to Set-up
            </Link>
          )
        }
      >
        {existing
          ? 'Set-up brings Kafka and a REST proxy to this machine. Then they are seen, switched and read here.'
          : 'This pipeline runs on this computer. For Kafka on the machine, make a pipeline that uses what already exists.'}
      </Empty>
    </div>
  )
}

function NoMachine() {
  return (
    <>
      <PageHead title="Services" sub="What runs on the machine of this pipeline." />
      <div className="rounded-xl border border-line bg-panel">
        <Empty
          icon={MonitorCog}
          title="No machine yet"
          action={
            <Link to="/machine" className={buttonClass({ variant: 'primary' })}>
              Enter a machine
            </Link>
          }
        >
          The broker and the proxy on a machine of your own are seen, switched and read here, over SSH.
        </Empty>
      </div>
    </>
  )
}
