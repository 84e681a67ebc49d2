/** Makes a topic. */
import { useState } from 'react'
import { topicNameSchema } from '../../../shared/names.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'

export function CreateTopic({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const pipeline = usePipeline().id
  const [topic, setTopic] = useState('')
  const [partitions, setPartitions] = useState('1')
  const [tried, setTried] = useState(false)
  const create = useAction(client.topics.create, () => {
    setTopic('')
    setTried(false)
    onClose()
  })
  const name = topicNameSchema.safeParse(topic)
  const number = Number(partitions)
  const numberOk = Number.isInteger(number) && number >= 1 && number <= 1_000
  return (
    <Dialog
      open={open}
      title="Create a topic"
      onClose={onClose}
      onSubmit={() => {
        setTried(true)
        if (name.success && numberOk) create.mutate({ pipeline, topic, partitions: number })
      }}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" busy={create.isPending}>
            Create
          </Button>
        </>
      }
    >
      <TextField
        label="Name"
        value={topic}
        onChange={setTopic}
        help="Letters, digits, ., - and _; at most 249."
        error={tried && !name.success ? name.error.issues[0]?.message : undefined}
      />
      <TextField
        label="Partitions"
        inputMode="numeric"
        value={partitions}
        onChange={setPartitions}
        help="The original has one. More can be added later, never fewer."
        error={tried && !numberOk ? 'A whole number from 1 to 1,000.' : undefined}
      />
      <ProblemNotice problem={create.error} alert />
    </Dialog>
  )
}
