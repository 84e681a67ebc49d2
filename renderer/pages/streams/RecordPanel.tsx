/** One record of a stream: where it stands, its key, its data. */
import { X } from 'lucide-react'
import type { StreamRecord } from '../../../shared/contract/streams.ts'
import { BytesView } from '../../components/records/BytesView.tsx'
import { Facts } from '../../components/records/Facts.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'

interface RecordPanelProps {
  readonly record: StreamRecord
  readonly onClose: () => void
}

export function RecordPanel({ record, onClose }: RecordPanelProps) {
  return (
    <Card
      title="Record"
      actions={
        <Button variant="quiet" small iconOnly icon={X} aria-label="Close the record" onClick={onClose} />
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
