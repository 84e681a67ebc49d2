/** The newest lines of what the app did. */
import { Link } from '@tanstack/react-router'
import { useActivity } from '../../api/pipeline.ts'
import { timeOfDay } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { buttonClass } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { StateDot } from '../../ui/StateDot.tsx'

const shown = 5
const marks = { good: 'good', warn: 'warn', bad: 'bad' } as const

export function RecentActivity() {
  const { value, problem } = useActivity()
  const newest = value?.slice(-shown).reverse()
  return (
    <Card
      title="Activity"
      className="min-h-[126px]"
      actions={
        <Link to="/activity" className={buttonClass({ variant: 'quiet', small: true })}>
          All
        </Link>
      }
    >
      <ProblemNotice problem={problem} />
      {newest?.length === 0 && (
        <p className="text-ink-2">Nothing yet. What the app does is written down here.</p>
      )}
      <ol className="divide-y divide-line">
        {newest?.map((entry) => (
          <li
            key={entry.id}
            className="grid grid-cols-[66px_14px_minmax(0,1fr)] items-baseline gap-1.5 py-1 text-sm"
          >
            <time className="num text-xs text-ink-3" dateTime={new Date(entry.at).toISOString()}>
              {timeOfDay(entry.at)}
            </time>
            <span>
              {entry.level !== 'info' && <StateDot state={marks[entry.level]} label={entry.level} />}
            </span>
            <span className="truncate" title={entry.text}>
              {entry.text}
            </span>
          </li>
        ))}
      </ol>
    </Card>
  )
}
