/** One line of the activity, whole. */
import { X } from 'lucide-react'
import type { Activity } from '../../../shared/contract/app.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { levelWords } from './filter.ts'

const dateTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'medium' })

export function EntryPanel({ entry, onClose }: { readonly entry: Activity; readonly onClose: () => void }) {
  return (
    <Card
      title={levelWords[entry.level]}
      actions={
        <>
          <CopyButton
            text={`${new Date(entry.at).toISOString()} ${entry.area}: ${[entry.text, entry.hint].filter(Boolean).join(' ')}`}
            what="the line"
            words="Copy"
          />
          <Button variant="quiet" small iconOnly icon={X} aria-label="Close the line" onClick={onClose} />
        </>
      }
    >
      <div className="grid max-h-32 gap-1 overflow-auto [overflow-wrap:anywhere]">
        <p className="font-medium">{entry.text}</p>
        {entry.hint !== null && <p className="text-ink-2">{entry.hint}</p>}
        <p className="text-xs text-ink-2">
          {entry.area} · <time dateTime={new Date(entry.at).toISOString()}>{dateTime.format(entry.at)}</time>
        </p>
      </div>
    </Card>
  )
}
