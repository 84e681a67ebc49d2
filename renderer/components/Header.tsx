/** The bar above every page: which pipeline, whether it runs, and who it is in the cloud. */
import { useOverview, usePipeline } from '../api/pipeline.ts'
import { Badge, StateDot } from '../ui/StateDot.tsx'
import { AwsBadge } from './aws/AwsBadge.tsx'
import { duration } from './format.ts'
import { PipelinePicker } from './pipelines/PipelinePicker.tsx'
import { useNow } from './useNow.ts'

export function Header() {
  return (
    <header className="flex min-h-[53px] items-center gap-3 border-b border-line bg-panel px-5 py-2">
      <PipelinePicker />
      <RunningBadge />
      <AwsBadge />
    </header>
  )
}

function RunningBadge() {
  const { id, settings } = usePipeline()
  const { value } = useOverview(id)
  const now = useNow(value?.running ? 10_000 : null)
  // What somebody else runs is neither started nor stopped here.
  if (settings.kind === 'existing') return <Badge>elsewhere</Badge>
  if (value === undefined) return null
  if (!value.running) {
    return (
      <Badge>
        <StateDot state="off" label="" />
        stopped
      </Badge>
    )
  }
  // Whole minutes: a number that moves every second would draw the eye.
  const minutes = value.since === null ? 0 : Math.floor((now - value.since) / 60_000)
  const since = minutes < 1 ? '' : `, ${duration(minutes * 60_000)}`
  return (
    <Badge tone="good">
      <StateDot state="good" label="" />
      running{since.replace(/ 00 s$/, '')}
    </Badge>
  )
}
