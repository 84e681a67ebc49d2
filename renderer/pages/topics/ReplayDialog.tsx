/** Sends what a search found to another topic again. */
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Message } from '../../../shared/contract/topics.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { counted } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { SelectField } from '../../ui/Field.tsx'

interface ReplayDialogProps {
  readonly open: boolean
  readonly topic: string
  readonly messages: readonly Message[]
  readonly onClose: () => void
}

export function ReplayDialog({ open, topic, messages, onClose }: ReplayDialogProps) {
  const pipeline = usePipeline().id
  const [chosen, setChosen] = useState('')
  const topics = useQuery({
    queryKey: ['topics.list', pipeline],
    queryFn: ({ signal }) => client.topics.list({ pipeline }, { signal }),
    enabled: open,
  })
  const names =
    topics.data?.filter((row) => !row.internal && row.name !== topic).map(({ name }) => name) ?? []
  const to = names.includes(chosen) ? chosen : (names[0] ?? '')
  const replay = useAction(client.transfer.replay)
  return (
    <Dialog
      open={open}
      title="Replay to another topic"
      onClose={onClose}
      onSubmit={() =>
        to !== '' &&
        replay.mutate({
          pipeline,
          topic,
          to,
          places: messages.map(({ partition, offset }) => ({ partition, offset })),
        })
      }
      footer={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button type="submit" variant="primary" disabled={to === ''} busy={replay.isPending}>
            Replay
          </Button>
        </>
      }
    >
      <p>
        Sends {counted(messages.length, 'message')} of {topic} again, in the order of the list, with key,
        headers and time. The originals stay.
      </p>
      <SelectField
        label="To"
        value={to}
        options={names.map((name) => ({ value: name, label: name }))}
        onChange={setChosen}
      />
      <ProblemNotice problem={topics.error ?? replay.error} alert />
      <p role="status" className="text-sm text-ink-2">
        {replay.data === undefined
          ? ''
          : `${counted(replay.data.sent, 'message')} sent to ${replay.variables?.to}.`}
      </p>
    </Dialog>
  )
}
