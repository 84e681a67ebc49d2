/** Makes a stream. */
import { useState } from 'react'
import { streamNameSchema } from '../../../shared/names.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { TextField } from '../../ui/Field.tsx'

export function CreateStream({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const pipeline = usePipeline().id
  const [stream, setStream] = useState('')
  const [shards, setShards] = useState('1')
  const [tried, setTried] = useState(false)
  const create = useAction(client.streams.create, () => {
    setStream('')
    setTried(false)
    onClose()
  })
  const name = streamNameSchema.safeParse(stream)
  const number = Number(shards)
  const numberOk = Number.isInteger(number) && number >= 1 && number <= 100
  return (
    <Dialog
      open={open}
      title="Create a stream"
      onClose={onClose}
      onSubmit={() => {
        setTried(true)
        if (name.success && numberOk) create.mutate({ pipeline, stream, shards: number })
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
        value={stream}
        onChange={setStream}
        help="Letters, digits, ., - and _; at most 128."
        error={tried && !name.success ? name.error.issues[0]?.message : undefined}
      />
      <TextField
        label="Shards"
        inputMode="numeric"
        value={shards}
        onChange={setShards}
        help="Each takes 1,000 records or 1 MB a second."
        error={tried && !numberOk ? 'A whole number from 1 to 100.' : undefined}
      />
      <ProblemNotice problem={create.error} alert />
    </Dialog>
  )
}
