/** What a page shows while nothing runs: why there is nothing, how far a start is, and the button that changes it. */
import { Link } from '@tanstack/react-router'
import { CirclePower, Play } from 'lucide-react'
import { useOverview, usePipeline } from '../api/pipeline.ts'
import { Button, buttonClass } from '../ui/Button.tsx'
import { Empty } from '../ui/Card.tsx'
import { Notice } from '../ui/Notice.tsx'
import { PlanProgress } from './PlanProgress.tsx'
import { ProblemNotice } from './ProblemNotice.tsx'
import { usePlanControl } from './usePlanControl.ts'

/** Whether Kafka and Kinesis can be asked; undefined until that is known. What runs elsewhere is always asked. */
export function useStackRuns(): boolean | undefined {
  const { id, settings } = usePipeline()
  const overview = useOverview(id).value
  if (settings.kind === 'existing') return true
  if (overview === undefined) return undefined
  return overview.nodes.some((node) => (node.id === 'kafka' || node.id === 'kinesis') && node.state !== 'off')
}

interface StackStoppedProps {
  readonly what: string
  /** One line, where the page has something to do besides. */
  readonly compact?: boolean
}

export function StackStopped({ what, compact = false }: StackStoppedProps) {
  const control = usePlanControl()
  const plan = control.plan.value
  const running = plan !== undefined && plan.running !== null
  const failed = plan?.outcome === 'failed' ? plan.steps.find(({ problem }) => problem !== null) : undefined
  const start = (
    <Button
      variant="primary"
      icon={Play}
      busy={control.asking || running}
      onClick={() => control.run('apply')}
    >
      Start the pipeline
    </Button>
  )
  const title = `${what} is not running`
  const text = 'Start the pipeline; what was stored before is still there.'
  return (
    <>
      {running && <PlanProgress plan={plan} onCancel={control.cancel} withLink />}
      <ProblemNotice problem={control.error} alert />
      {!running && failed !== undefined && (
        <ProblemNotice
          problem={failed.problem}
          actions={
            <Link to="/setup" className={buttonClass({ small: true })}>
              See the steps
            </Link>
          }
        />
      )}
      {compact ? (
        <Notice tone="info" title={title} hint={text} actions={start} />
      ) : (
        <div className="rounded-xl border border-line bg-panel">
          <Empty icon={CirclePower} title={title} action={start}>
            {text}
          </Empty>
        </div>
      )}
    </>
  )
}
