/** One record of a stream: where it stands, its key, its data. */
import { Link } from '@tanstack/react-router'
import { X } from 'lucide-react'
import type { StreamRecord } from '../../../shared/contract/streams.ts'
import { CopyLink, recordPath } from '../../components/CopyLink.tsx'
import { BytesView } from '../../components/records/BytesView.tsx'
import { Facts } from '../../components/records/Facts.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'

interface RecordPanelProps {
  readonly stream: string
  readonly record: StreamRecord
  readonly onClose: () => void
}

export function RecordPanel({ stream, record, onClose }: RecordPanelProps) {
  return (
    <Card
      title="Record"
      actions={
        <>
          <CopyLink path={recordPath(stream, record.shard, record.sequence)} />
          <Link
            to="/trace"
            search={{ stream, shard: record.shard, sequence: record.sequence }}
            className={buttonClass({ variant: 'quiet', small: true })}
          >
            Trace
          </Link>
          <Button variant="quiet" small iconOnly icon={X} aria-label="Close the record" onClick={onClose} />
        </>
      }
    >
      <div className="grid gap-3">
        <Facts
          facts={[
            ['Shard', record.shard],
            ['Sequence number', record.sequence],
            ['Partition key', record.partitionKey],
            ['Arrived', new Date(record.arrivedAt).toISOString()],
          ]}
        />
        <BytesView name="data" value={record.data} fileName={`${record.shard}-${record.sequence}`} />
      </div>
    </Card>
  )
}
