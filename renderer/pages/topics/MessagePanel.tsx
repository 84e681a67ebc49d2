/** One message: where it stands, key, headers and body; a long body is fetched whole when asked. */
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { Message } from '../../../shared/contract/topics.ts'
import { isoTime } from '../../../shared/time.ts'
import { wholeMessage } from '../../api/message.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { CopyLink, messagePath } from '../../components/CopyLink.tsx'
import { bytes } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { BytesView } from '../../components/records/BytesView.tsx'
import { inline } from '../../components/records/decode.ts'
import { Facts } from '../../components/records/Facts.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { CopyAs } from './CopyAs.tsx'

interface MessagePanelProps {
  readonly topic: string
  readonly message: Message
  readonly onClose: () => void
}

export function MessagePanel({ topic, message, onClose }: MessagePanelProps) {
  const pipeline = usePipeline().id
  const { partition, offset } = message
  const whole = useAction((place: Parameters<typeof wholeMessage>[0]) => wholeMessage(place))
  const full = whole.data?.partition === partition && whole.data.offset === offset ? whole.data : message
  return (
    <Card
      title="Message"
      actions={
        <>
          <CopyLink path={messagePath(topic, partition, offset)} />
          <Link
            to="/trace"
            search={{ topic, partition, offset }}
            className={buttonClass({ variant: 'quiet', small: true })}
          >
            Trace
          </Link>
          <Button variant="quiet" small iconOnly icon={X} aria-label="Close the message" onClick={onClose} />
        </>
      }
    >
      <div className="grid gap-3">
        <Facts
          facts={[
            ['Partition', String(partition)],
            ['Offset', offset],
            ['Time', isoTime(message.timestamp) ?? `none (${message.timestamp})`],
            ['Key', message.key === null ? 'none' : inline(message.key), message.key?.data],
          ]}
        />
        {message.headers.length > 0 && (
          <Facts
            facts={message.headers.map(({ name, value }) => [name, inline(value), value?.data])}
            title="Headers"
          />
        )}
        <CopyAs topic={topic} message={full} />
        {full.value === null ? (
          <p className="text-ink-2">The value is null: a tombstone, which deletes the key on compaction.</p>
        ) : (
          <>
            {full.value.truncated && (
              <div className="flex items-center gap-3">
                <p className="text-sm text-ink-2">Only the beginning of {bytes(full.value.size)} is here.</p>
                <Button
                  small
                  busy={whole.isPending}
                  onClick={() => whole.mutate({ pipeline, topic, partition, offset })}
                >
                  Load whole message
                </Button>
              </div>
            )}
            <ProblemNotice problem={whole.error} />
            <BytesView name="value" value={full.value} fileName={`${topic}-${partition}-${offset}`} />
          </>
        )}
      </div>
    </Card>
  )
}
