/** One run: its numbers, charts, errors and report, and the buttons that steer it. */
import { Pause, Play, ScanSearch, Square, StepForward } from 'lucide-react'
import { lazy, Suspense } from 'react'
import type { RunSnapshot } from '../../../shared/emulation.ts'
import { client } from '../../api/client.ts'
import { useAction } from '../../api/query.ts'
import { pointsOf } from '../../api/runPoints.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { CopyLink, runPath } from '../../components/CopyLink.tsx'
import { Counters } from '../../components/Counters.tsx'
import { count, timeOfDay } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { isActive, optionsText, runStates, runStateText, sinkNames } from '../../components/runTexts.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Progress, Skeleton } from '../../ui/Progress.tsx'
import { ReportCard } from './ReportCard.tsx'
import { SinkTables } from './SinkTables.tsx'

const RunCharts = lazy(() => import('./RunCharts.tsx').then(({ RunCharts }) => ({ default: RunCharts })))

interface RunViewProps {
  readonly run: RunSnapshot
  readonly verify: { readonly call: () => void; readonly busy: boolean; readonly error: unknown }
  /** Absent where the run came to its end. */
  readonly goOn?: { readonly call: () => void; readonly busy: boolean; readonly error: unknown }
  readonly onAgain: () => void
}

export function RunView({ run, verify, goOn, onAgain }: RunViewProps) {
  const points = pointsOf(run.runId)
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
            {over && goOn !== undefined && (
              <Button icon={StepForward} busy={goOn.busy} onClick={goOn.call}>
                Continue
              </Button>
            )}
            {over && (
              <Button icon={ScanSearch} busy={verify.busy} onClick={verify.call}>
                Verify
              </Button>
            )}
            {over && <Button onClick={onAgain}>Use these settings</Button>}
            <CopyButton text={run.runId} what="the run’s id" words="Copy id" />
            {over && <CopyLink path={runPath(run.runId)} />}
          </>
        }
      >
        <div className="grid gap-3">
          <p className="text-ink-2">{runStateText(run)}</p>
          <p role="status" className="sr-only">
            {runStates[run.state]}
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
      {[pause.error, resume.error, stop.error, verify.error, goOn?.error].map((error, nth) => (
        // Five actions, always the same.
        // biome-ignore lint/suspicious/noArrayIndexKey: see above
        <ProblemNotice key={nth} problem={error} alert />
      ))}
      <ProblemNotice problem={run.problem} />
      {run.resumes.map(({ at, post, repeated }) => (
        <Notice
          key={at}
          tone="info"
          title={`Went on at ${timeOfDay(at)} with post ${count(post + 1)}`}
          hint={
            repeated === 0
              ? 'Every record before it had its answer. Latency counts from here.'
              : `${count(repeated)} records without an answer went out again: those that had arrived all the same stand twice, and the report counts them. Latency counts from here.`
          }
        />
      ))}
      {run.warnings.map((warning) => (
        <Notice key={warning} tone="warn" title={warning} />
      ))}
      {run.report !== null && <ReportCard report={run.report} />}
      {points.length > 1 && (
        <Card title={active ? 'Live' : 'How it went'}>
          <Suspense fallback={<Skeleton className="h-[210px]" />}>
            <RunCharts points={points} />
          </Suspense>
        </Card>
      )}
      <SinkTables run={run} />
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
