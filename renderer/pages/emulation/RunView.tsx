/** One run: its numbers, charts, errors and report, and the buttons that steer it. */
// biome-ignore-all lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
import { Pause, Play, ScanSearch, Square } from 'lucide-react'
import { lazy, Suspense } from 'react'
import type { RunSnapshot } from '../../../shared/emulation.ts'
import { client } from '../../api/client.ts'
import { useAction } from '../../api/query.ts'
import { Counters } from '../../components/Counters.tsx'
import { count, latency, perSecond } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { isActive, optionsText, runStateText, sinkNames } from '../../components/runTexts.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Progress, Skeleton } from '../../ui/Progress.tsx'
import { ReportCard } from './ReportCard.tsx'
import { useRunPoints } from './runHistory.ts'

const RunCharts = lazy(() => import('./RunCharts.tsx').then(({ RunCharts }) => ({ default: RunCharts })))

interface RunViewProps {
  readonly run: RunSnapshot
  readonly verify: { readonly call: () => void; readonly busy: boolean; readonly error: unknown }
  readonly onAgain: () => void
}

export function RunView({ run, verify, onAgain }: RunViewProps) {
  const points = useRunPoints(run)
  const of = { pipeline: run.pipeline, runId: run.runId }
  const pause = useAction(client.emulation.pause)
  const resume = useAction(client.emulation.resume)
  const stop = useAction(client.emulation.stop)
  const active = isActive(run.state)
  const over = !active && run.state !== 'verifying'
  const target = run.options.posts
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] content-start gap-4">
      <Card
        title={active ? 'This run' : `Run ${run.runId}`}
        actions={
          <>
            {run.state === 'running' && (
              <Button icon={Pause} onClick={() => pause.mutate(of)}>
                Pause
              </Button>
            )}
            {run.state === 'paused' && (
              <Button icon={Play} onClick={() => resume.mutate(of)}>
                Resume
              </Button>
            )}
            {!over && (
              <Button variant="danger" icon={Square} onClick={() => stop.mutate(of)}>
                Stop run
              </Button>
            )}
            {over && (
              <Button icon={ScanSearch} busy={verify.busy} onClick={verify.call}>
                Verify
              </Button>
            )}
            {over && <Button onClick={onAgain}>Use these settings</Button>}
          </>
        }
      >
        <div className="grid gap-3">
          <p role="status" className="text-ink-2">
            {runStateText(run)}
          </p>
          {active && target !== undefined && <Progress fraction={run.posts / target} label="Posts" />}
          {run.verifying !== null && (
            <div>
              <p className="mb-1 text-sm text-ink-2">{run.verifying.text}</p>
              <Progress fraction={run.verifying.fraction} label="Reading back" />
            </div>
          )}
          <Counters counters={run.counters} />
          <p className="text-xs text-ink-2">{optionsText(run.options)}</p>
        </div>
      </Card>
      {[pause.error, resume.error, stop.error, verify.error].map((error, nth) => (
        // Four actions, always the same.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <ProblemNotice key={nth} problem={error} alert />
      ))}
      <ProblemNotice problem={run.problem} />
      {run.warnings.map((warning) => (
        <Notice key={warning} tone="warn" title={warning} />
      ))}
      {run.report !== null && <ReportCard report={run.report} />}
      {points.length > 1 && (
        <Card title="Live">
          <Suspense fallback={<Skeleton className="h-[210px]" />}>
            <RunCharts points={points} />
          </Suspense>
        </Card>
      )}
      <SinkTable run={run} />
      {run.errors.length > 0 && (
        <Card title="Errors by kind">
          <div className="grid gap-2">
            {run.errors.map((error) => (
              <Notice
                key={`${error.sink} ${error.code}`}
                tone="bad"
                title={`${count(error.count)} × ${error.example}`}
                hint={error.hint}
                code={`${error.code} · ${sinkNames[error.sink]}`}
              />
            ))}
          </div>
        </Card>
      )}
    </div>
  )
}

function SinkTable({ run }: { readonly run: RunSnapshot }) {
  return (
    <Card title="By sink">
      <section className="overflow-x-auto" tabIndex={0} aria-label="Numbers by sink">
        <table className="w-full text-sm">
          <thead>
            <tr className="text-xs text-ink-2">
              {[
                'Sink',
                'Sent',
                'Acknowledged',
                'Failed',
                'Retried',
                'Rate',
                'p50',
                'p90',
                'p99',
                'p99.9',
                'Max',
              ].map((title, nth) => (
                <th
                  key={title}
                  scope="col"
                  className={`py-1 font-medium whitespace-nowrap ${nth === 0 ? 'text-left' : 'pl-4 text-right'}`}
                >
                  {title}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {run.sinks.map(({ sink, counters, rate, latency: ms }) => (
              <tr key={sink} className="border-t border-line">
                <th scope="row" className="py-1.5 text-left font-normal whitespace-nowrap">
                  {sinkNames[sink]}
                </th>
                {[
                  count(counters.sent),
                  count(counters.acknowledged),
                  count(counters.failed),
                  count(counters.retried),
                  perSecond(run.endedAt === null ? rate : null),
                  latency(ms?.p50),
                  latency(ms?.p90),
                  latency(ms?.p99),
                  latency(ms?.p999),
                  latency(ms?.max),
                ].map((text, nth) => (
                  // Columns never change order.
                  // biome-ignore lint/suspicious/noArrayIndexKey: see above
                  <td key={nth} className="num py-1.5 pl-4 text-right whitespace-nowrap">
                    {text}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
    </Card>
  )
}
