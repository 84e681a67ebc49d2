/** What the pipeline has on disk, part by part, and deleting it. */
import { useQuery } from '@tanstack/react-query'
import { Trash2 } from 'lucide-react'
import { client } from '../../api/client.ts'
import { useOverview, usePipeline } from '../../api/pipeline.ts'
import { queryClient, useAction, useSettings } from '../../api/query.ts'
import { bytes } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Progress, Skeleton } from '../../ui/Progress.tsx'

const words: Readonly<Record<string, string>> = {
  kafka: 'Topics',
  kinesis: 'Streams',
  lake: 'Lake',
  runs: 'History of runs',
}

/** Folders are walked for it, so not more often; ms. */
const renewed = 15_000

export function DiskSection() {
  const { id, settings } = usePipeline()
  const elsewhere = settings.kind === 'existing'
  const overview = useOverview(id).value
  const cap = useSettings().data?.maxDataGiB
  const consent = useConsent()
  const key = ['pipelines.disk', id]
  const disk = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.pipelines.disk({ pipeline: id }, { signal }),
    refetchInterval: renewed,
  })
  const wipe = useAction(async () => {
    const token = await consent.ask({ action: 'local.wipe', pipeline: id })
    if (token === null) return
    await client.local.wipe({ pipeline: id, consent: token })
    await queryClient.invalidateQueries({ queryKey: key })
  })
  const used = disk.data?.parts.reduce((sum, part) => sum + part.bytes, 0)
  const capBytes = cap === undefined ? undefined : cap * 1024 ** 3
  const stopped = overview !== undefined && !overview.running
  return (
    <Card title="On disk">
      <ProblemNotice problem={disk.error} />
      {disk.data === undefined && disk.error === null && <Skeleton className="h-32" />}
      {disk.data !== undefined && (
        <dl className="grid grid-cols-[1fr_auto] gap-y-1">
          {disk.data.parts
            .filter(({ name, bytes }) => !elsewhere || name === 'runs' || bytes > 0)
            .map((part) => (
              <Row key={part.name} name={words[part.name] ?? part.name} size={part.bytes} />
            ))}
          <Row name="Together" size={used} strong />
          <Row name="Free on this disk" size={disk.data.freeBytes} />
        </dl>
      )}
      {used !== undefined && capBytes !== undefined && (
        <div className="mt-3 grid gap-1.5">
          <Progress fraction={Math.min(1, used / capBytes)} label="Part of the cap that is used" />
          <p className="text-xs text-ink-2">
            {bytes(used)} of at most {cap} GiB.
          </p>
          {used > capBytes && (
            <Notice
              tone="warn"
              title="More than the cap: no emulation starts."
              hint='Raise "Most per pipeline", or delete data.'
            />
          )}
        </div>
      )}
      <div className="mt-3.5 grid justify-items-start gap-2 border-t border-line pt-3.5">
        <ProblemNotice problem={wipe.error} alert />
        {!elsewhere && (
          <Button
            variant="danger"
            icon={Trash2}
            disabled={!stopped}
            busy={wipe.isPending}
            onClick={() => wipe.mutate(undefined)}
          >
            Delete data…
          </Button>
        )}
        <p className="text-xs text-ink-2">
          {elsewhere
            ? 'This pipeline runs elsewhere: its topics, streams and lake are not on this computer, so there is nothing to delete here. The history of runs goes with the pipeline.'
            : overview?.running
              ? 'Stop the pipeline first.'
              : 'Topics, streams and the lake; what exactly is shown before. Settings and history stay.'}
        </p>
      </div>
      {consent.dialog}
    </Card>
  )
}

interface RowProps {
  readonly name: string
  readonly size: number | undefined
  readonly strong?: boolean
}

function Row({ name, size, strong = false }: RowProps) {
  const look = strong ? 'border-t border-line pt-1 font-medium' : 'text-ink-2'
  return (
    <>
      <dt className={look}>{name}</dt>
      <dd className={`num text-right text-sm ${strong ? look : ''}`}>{bytes(size)}</dd>
    </>
  )
}
