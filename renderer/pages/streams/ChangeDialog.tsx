/** Another mode, number of shards, retention or record size: shown as a plan with limits and cost, then done. */
import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { StreamChange } from '../../../shared/contract/streamOps.ts'
import type { StreamDetail } from '../../../shared/contract/streams.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { SelectField, TextField } from '../../ui/Field.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Progress } from '../../ui/Progress.tsx'

interface ChangeDialogProps {
  readonly detail: StreamDetail
  readonly onClose: () => void
}

const dollars = (value: number | null) => (value === null ? 'by data' : `$${value.toFixed(2)}`)
const within = (text: string, low: number, high: number) =>
  /^\d+$/.test(text) && Number(text) >= low && Number(text) <= high

export function ChangeDialog({ detail, onClose }: ChangeDialogProps) {
  const pipeline = usePipeline().id
  const stream = detail.name
  const [mode, setMode] = useState(detail.mode)
  const [shards, setShards] = useState(String(detail.openShards))
  const [hours, setHours] = useState(String(detail.retentionHours))
  const [kib, setKib] = useState(String(detail.maxRecordKiB))
  const [now, setNow] = useState<{ done: number; of: number; now: string } | null>(null)
  const [failure, setFailure] = useState<unknown>(null)
  const ending = useRef<AbortController | null>(null)
  useEffect(() => () => ending.current?.abort(), [])
  const fits = within(shards, 1, 10_000) && within(hours, 24, 8_760) && within(kib, 1_024, 10_240)
  const change: StreamChange = {
    mode,
    retentionHours: Number(hours),
    maxRecordKiB: Number(kib),
    ...(mode === 'PROVISIONED' ? { shards: Number(shards) } : {}),
  }
  const plan = useQuery({
    queryKey: ['streamOps.plan', pipeline, stream, change],
    queryFn: ({ signal }) => client.streamOps.plan({ pipeline, stream, change }, { signal }),
    enabled: fits && now === null,
    staleTime: 0,
  })
  const steps = fits ? (plan.data?.steps ?? []) : []
  const running = now !== null && now.done < now.of && failure === null
  const run = async () => {
    const control = new AbortController()
    ending.current = control
    setFailure(null)
    setNow({ done: 0, of: steps.length, now: '' })
    try {
      const { signal } = control
      for await (const at of await client.streamOps.change({ pipeline, stream, change }, { signal })) {
        setNow(at)
        if (at.done === at.of) onClose()
      }
    } catch (thrown) {
      if (!control.signal.aborted) setFailure(thrown)
      setNow(null)
    }
  }
  return (
    <Dialog
      open
      wide
      title={`Change ${stream}`}
      onClose={onClose}
      onSubmit={() => {
        if (steps.length > 0 && !running && steps.every(({ refused }) => refused === null)) void run()
      }}
      footer={
        <>
          <Button onClick={() => (running ? ending.current?.abort() : onClose())}>
            {running ? 'Stop waiting' : 'Cancel'}
          </Button>
          <Button
            type="submit"
            variant="primary"
            busy={running}
            disabled={steps.length === 0 || plan.isFetching || steps.some(({ refused }) => refused !== null)}
          >
            Change
          </Button>
        </>
      }
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <SelectField
          label="Mode"
          value={mode}
          options={[
            { value: 'PROVISIONED', label: 'Provisioned' },
            { value: 'ON_DEMAND', label: 'On demand' },
          ]}
          onChange={setMode}
        />
        <TextField
          label="Open shards"
          inputMode="numeric"
          value={shards}
          onChange={setShards}
          disabled={mode === 'ON_DEMAND'}
          error={within(shards, 1, 10_000) ? undefined : 'A whole number from 1 to 10,000.'}
        />
        <TextField
          label="Kept for hours"
          inputMode="numeric"
          value={hours}
          onChange={setHours}
          error={within(hours, 24, 8_760) ? undefined : 'A whole number from 24 to 8,760.'}
        />
        <TextField
          label="Largest record, KiB"
          inputMode="numeric"
          value={kib}
          onChange={setKib}
          error={within(kib, 1_024, 10_240) ? undefined : 'A whole number from 1,024 to 10,240.'}
        />
      </div>
      {fits && plan.data !== undefined && steps.length === 0 && (
        <p className="text-ink-2">Nothing would change.</p>
      )}
      {steps.map((step) => (
        <Notice
          key={step.what}
          tone={step.refused === null ? 'info' : 'bad'}
          title={`${step.title}: ${step.before} → ${step.after}`}
          hint={step.refused ?? step.note}
        />
      ))}
      {steps.length > 0 && plan.data !== undefined && (
        <p className="text-sm">
          <span className="num">{dollars(plan.data.cost.before)}</span> →{' '}
          <span className="num">{dollars(plan.data.cost.after)}</span>{' '}
          <span className="text-ink-2">{plan.data.cost.note}</span>
        </p>
      )}
      {running && (
        <>
          <Progress fraction={now.done / Math.max(1, now.of)} label="Steps done" />
          <p className="text-sm" aria-live="polite">
            {now.now}
          </p>
        </>
      )}
      <ProblemNotice problem={plan.error ?? failure} alert />
    </Dialog>
  )
}
