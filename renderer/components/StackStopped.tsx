/** What Topics and Streams show while nothing runs: why there is nothing, and the way to change that. */
import { Link } from '@tanstack/react-router'
import { CirclePower } from 'lucide-react'
import { useOverview, usePipeline } from '../api/pipeline.ts'
import { buttonClass } from '../ui/Button.tsx'
import { Empty } from '../ui/Card.tsx'

/** Whether Kafka and Kinesis can be asked; undefined until that is known. What runs elsewhere is always asked. */
export function useStackRuns(): boolean | undefined {
  const { id, settings } = usePipeline()
  const overview = useOverview(id).value
  if (settings.kind === 'existing') return true
  if (overview === undefined) return undefined
  return overview.nodes.some((node) => (node.id === 'kafka' || node.id === 'kinesis') && node.state !== 'off')
}

export function StackStopped({ what }: { readonly what: string }) {
  return (
    <div className="rounded-xl border border-line bg-panel">
      <Empty
        icon={CirclePower}
        title={`${what} is not running`}
        action={
          <Link to="/" className={buttonClass({ variant: 'primary' })}>
            Go to the overview
          </Link>
        }
      >
        Start the pipeline on the overview; what was stored before is still there.
      </Empty>
    </div>
  )
}
