/** A topic like this one under another name, with or without its messages. */
import { Link } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import type { CopyProgress } from '../../../shared/contract/topicOps.ts'
import { topicNameSchema } from '../../../shared/names.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { count, counted } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { CheckField, TextField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Progress } from '../../ui/Progress.tsx'

interface CloneDialogProps {
  readonly topic: string
  readonly messages: number
  readonly onClose: () => void
}

export function CloneDialog({ topic, messages, onClose }: CloneDialogProps) {
  const pipeline = usePipeline().id
  const [to, setTo] = useState(`${topic}.copy`)
  const [records, setRecords] = useState(true)
  const [progress, setProgress] = useState<CopyProgress | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const running = useRef<AbortController | null>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => () => running.current?.abort(), [])
  const name = topicNameSchema.safeParse(to)

  const clone = async () => {
    const ending = new AbortController()
    running.current = ending
    setBusy(true)
    setFailure(null)
    try {
      const { signal } = ending
      for await (const now of await client.topicOps.clone({ pipeline, topic, to, records }, { signal }))
        setProgress(now)
    } catch (thrown) {
      if (!ending.signal.aborted) setFailure(thrown)
    }
    setBusy(false)
  }
  const stopped = progress !== null && !progress.done && !busy
  return (
    <Dialog
      open
      title={`Clone ${topic}`}
      onClose={onClose}
      onSubmit={() => {
        if (name.success && !busy && progress === null) void clone()
      }}
      footer={
        progress === null || busy ? (
          <>
            <Button onClick={() => (busy ? running.current?.abort() : onClose())}>
              {busy ? 'Stop' : 'Cancel'}
            </Button>
            <Button type="submit" variant="primary" disabled={!name.success} busy={busy}>
              Clone
            </Button>
          </>
        ) : (
          <Button variant="primary" onClick={onClose}>
            Close
          </Button>
        )
      }
    >
      <TextField
        label="Name of the copy"
        value={to}
        onChange={setTo}
        disabled={busy || progress !== null}
        help="It gets the same number of partitions and the same settings."
        error={name.success ? undefined : name.error.issues[0]?.message}
      />
      <CheckField
        label={`Copy its ${counted(messages, 'message')} too`}
        help="Key, value, headers, time and partition stay; offsets begin at 0. What arrives meanwhile is not copied."
        checked={records}
        disabled={busy || progress !== null}
        onChange={setRecords}
      />
      {progress !== null && progress.total > 0 && (
        <>
          <Progress fraction={progress.copied / progress.total} label="Copied" />
          <p className="num text-sm" aria-live="polite">
            {count(progress.copied)} of {count(progress.total)}
          </p>
        </>
      )}
      {progress?.done && (
        <Notice
          tone="good"
          title={`${to} is there.`}
          actions={
            <Link to="/topics/$topic" params={{ topic: to }} className="btn" onClick={onClose}>
              Open it
            </Link>
          }
        />
      )}
      {stopped && failure === null && (
        <Notice
          tone="warn"
          title={`Stopped: ${to} has a part of the messages.`}
          hint="Delete it and clone again, or use it as it is."
        />
      )}
      <ProblemNotice problem={failure} alert />
    </Dialog>
  )
}
