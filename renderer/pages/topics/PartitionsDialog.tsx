/** More partitions for a topic. */
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { counted } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'

interface PartitionsDialogProps {
  readonly topic: string
  readonly now: number
  readonly onClose: () => void
}

export function PartitionsDialog({ topic, now, onClose }: PartitionsDialogProps) {
  const pipeline = usePipeline().id
  const [text, setText] = useState(String(now + 1))
  const add = useAction(client.topicOps.addPartitions, onClose)
  const partitions = Number(text)
  const fits = Number.isInteger(partitions) && partitions > now && partitions <= 10_000
  return (
    <Dialog
      open
      title="Add partitions"
      onClose={onClose}
      onSubmit={() => fits && add.mutate({ pipeline, topic, partitions })}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" disabled={!fits} busy={add.isPending}>
            Add
          </Button>
        </>
      }
    >
      <TextField
        label="Partitions in all"
        inputMode="numeric"
        value={text}
        onChange={setText}
        help={`It has ${counted(now, 'partition')} now.`}
        error={fits ? undefined : `A whole number from ${now + 1} to 10,000.`}
      />
      <Notice
        tone="warn"
        title="From then on a key may go to another partition than before"
        hint="Messages that are there stay where they are, so the order of one key holds only before or after. Partitions cannot be taken away again."
      />
      <ProblemNotice problem={add.error} alert />
    </Dialog>
  )
}
