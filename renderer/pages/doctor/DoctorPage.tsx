/** Doctor: the way from here to Kafka and its proxy, looked at link by link, with the fault's name and what mends it. */
import { Link } from '@tanstack/react-router'
import { Stethoscope } from 'lucide-react'
import type { DoctorLink } from '../../../shared/contract/doctor.ts'
import { doctorTitles } from '../../../shared/doctor.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { commandOf } from '../../components/actions/commands.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { LinkList, type LinkRow } from '../../components/LinkList.tsx'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Card, Empty, PageHead } from '../../ui/Card.tsx'
import { settledState, summaryOf } from './doctorRows.ts'
import { LinkAction } from './LinkAction.tsx'
import { useDoctor } from './useDoctor.ts'

export function DoctorPage() {
  const { settings } = usePipeline()
  return settings.kind === 'local' ? <Local /> : <Examination />
}

function Examination() {
  const { id } = usePipeline()
  const { found, failure, busy, start, stop } = useDoctor(id)
  return (
    <>
      <PageHead
        title="Doctor"
        live
        sub={summaryOf(found, busy)}
        actions={
          <>
            <CopyButton
              text={`pipeline ${commandOf.doctor(id)}`}
              what="this as a command"
              words="Copy as command"
            />
            {busy && <Button onClick={stop}>Stop</Button>}
            {found !== null && (
              <Button variant="primary" busy={busy} onClick={start}>
                Check
              </Button>
            )}
          </>
        }
      />
      <ProblemNotice problem={failure} alert />
      {found === null ? (
        <div className="rounded-xl border border-line bg-panel">
          <Empty
            icon={Stethoscope}
            title="Where does it stop?"
            action={
              <Button variant="primary" busy={busy} onClick={start}>
                Check
              </Button>
            }
          >
            From the credentials over the machine and its units to the brokers, topics and groups: each link
            is tried as this pipeline uses it. What fails is named, with its likely cause and its fix.
          </Empty>
        </div>
      ) : (
        <Card title="The way">
          <LinkList label="The way to Kafka" links={found.links.map((link) => rowOf(link, busy))} />
        </Card>
      )}
    </>
  )
}

function rowOf(link: DoctorLink, busy: boolean): LinkRow {
  const { id, text, problem, action, faults, lines } = link
  const state = settledState(link.state, busy)
  const shown = state === 'unused' ? `not used: ${text}` : text
  const has = faults.length > 0 || (lines.length > 0 && state !== 'good')
  return {
    id,
    title: doctorTitles[id],
    state,
    text: shown,
    problem,
    ...(action === null ? {} : { actions: <LinkAction action={action} /> }),
    ...(has ? { more: <More faults={faults} lines={lines} /> } : {}),
  }
}

function More({ faults, lines }: Pick<DoctorLink, 'faults' | 'lines'>) {
  return (
    <div className="grid gap-2">
      {faults.length > 0 && (
        <p className="text-xs text-ink-2">
          Known fault <span className="num">{faults.join(', ')}</span>
        </p>
      )}
      {lines.length > 0 && (
        <details>
          <summary className="text-sm text-ink-2">Its last words on the machine</summary>
          <pre
            // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so the keyboard must get in
            tabIndex={0}
            className="num mt-1 max-h-60 overflow-auto rounded-lg bg-sunken p-3 text-xs whitespace-pre-wrap [overflow-wrap:anywhere]"
          >
            {lines.join('\n')}
          </pre>
        </details>
      )}
    </div>
  )
}

function Local() {
  return (
    <>
      <PageHead title="Doctor" sub="For pipelines that run elsewhere." />
      <div className="rounded-xl border border-line bg-panel">
        <Empty
          icon={Stethoscope}
          title="There is no way to look at"
          action={
            <Link to="/setup" className={buttonClass({})}>
              Open Set-up
            </Link>
          }
        >
          This pipeline runs on this computer. Its parts and their states are on the page Set-up.
        </Empty>
      </div>
    </>
  )
}
