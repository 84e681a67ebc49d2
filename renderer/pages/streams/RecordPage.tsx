/** One record of a stream at its own address: what a link to a sequence number opens. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft } from 'lucide-react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { PageHead } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { RecordPanel } from './RecordPanel.tsx'

export function RecordPage() {
  const { stream, shard, sequence } = useParams({ from: '/streams/$stream/$shard/$sequence' })
  const pipeline = usePipeline().id
  const runs = useStackRuns()
  const navigate = useNavigate()
  const sound = /^\d+$/.test(sequence)
  const found = useQuery({
    queryKey: ['record', pipeline, stream, shard, sequence],
    queryFn: async ({ signal }) => {
      const from = { type: 'AT_SEQUENCE_NUMBER', shard, sequence } as const
      const { records } = await client.streams.browse({ pipeline, stream, from, shard, limit: 1 }, { signal })
      return records.find((record) => record.sequence === sequence) ?? null
    },
    enabled: runs === true && sound,
    retry: false,
  })
  return (
    <>
      <div>
        <Link
          to="/streams/$stream"
          params={{ stream }}
          className={`${buttonClass({ variant: 'quiet', small: true })} mb-1 -ml-2`}
        >
          <ArrowLeft size={14} aria-hidden /> {stream}
        </Link>
        <PageHead title="Record" sub={`${shard} of ${stream}, sequence number ${sequence}.`} />
      </div>
      {runs === false && <StackStopped what="Kinesis" />}
      {(!sound || found.data === null) && (
        <Notice
          tone="bad"
          title="There is no record at this address"
          hint={
            sound
              ? 'It may be older than the stream keeps records.'
              : 'A sequence number is a whole number: /streams/<stream>/<shard>/<sequence number>.'
          }
        />
      )}
      <ProblemNotice
        problem={found.error}
        actions={<Button onClick={() => void found.refetch()}>Try again</Button>}
      />
      {runs && sound && found.data === undefined && found.error === null && (
        <Skeleton className="h-64 rounded-xl" />
      )}
      {found.data && (
        <RecordPanel
          stream={stream}
          record={found.data}
          onClose={() => void navigate({ to: '/streams/$stream', params: { stream } })}
        />
      )}
    </>
  )
}
