/** One stream: the records of all its shards merged, and the shards. */
import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { ArrowLeft, SlidersHorizontal, Trash2 } from 'lucide-react'
import { useState } from 'react'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { count, counted } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { Button, buttonClass } from '../../ui/Button.tsx'
import { PageHead } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Tabs } from '../../ui/Tabs.tsx'
import { ChangeDialog } from './ChangeDialog.tsx'
import { Consumers } from './Consumers.tsx'
import { HotKeys } from './HotKeys.tsx'
import { Records } from './Records.tsx'
import { Shards } from './Shards.tsx'

const tabs = [
  { value: 'records', label: 'Records' },
  { value: 'shards', label: 'Shards' },
  { value: 'keys', label: 'Keys' },
  { value: 'consumers', label: 'Consumers' },
] as const
type Tab = (typeof tabs)[number]['value']

export function StreamPage() {
  const { stream } = useParams({ from: '/streams/$stream' })
  const pipeline = usePipeline().id
  const runs = useStackRuns()
  const navigate = useNavigate()
  const [tab, setTab] = useState<Tab>('records')
  const [changing, setChanging] = useState(false)
  const consent = useConsent()
  const detail = useQuery({
    queryKey: ['stream', pipeline, stream],
    queryFn: ({ signal }) => client.streams.get({ pipeline, stream }, { signal }),
    enabled: runs === true,
    refetchInterval: 3_000,
  })
  const remove = useAction(
    async () => {
      const token = await consent.ask({ action: 'streams.remove', pipeline, names: [stream] })
      return token === null ? { removed: false } : client.streams.remove({ pipeline, stream, consent: token })
    },
    ({ removed }) => removed && void navigate({ to: '/streams' }),
  )
  const { data } = detail
  return (
    <>
      <div>
        <Link to="/streams" className={`${buttonClass({ variant: 'quiet', small: true })} mb-1 -ml-2`}>
          <ArrowLeft size={14} aria-hidden /> Streams
        </Link>
        <PageHead
          title={stream}
          beside={<CopyButton text={stream} what="the name of the stream" />}
          sub={
            data === undefined
              ? ''
              : `${data.state}, ${data.mode === 'ON_DEMAND' ? 'on demand' : 'provisioned'}, ${counted(data.openShards, 'open shard')},${data.records === null ? '' : ` ${count(data.records)} records,`} kept ${data.retentionHours} h.`
          }
          actions={
            runs && (
              <>
                {data !== undefined && (
                  <Button icon={SlidersHorizontal} onClick={() => setChanging(true)}>
                    Change…
                  </Button>
                )}
                <Button
                  variant="danger"
                  icon={Trash2}
                  busy={remove.isPending}
                  onClick={() => remove.mutate(undefined)}
                >
                  Delete stream
                </Button>
              </>
            )
          }
        />
      </div>
      {runs === false && <StackStopped what="Kinesis" />}
      <ProblemNotice problem={remove.error} alert />
      {runs && (
        <ProblemNotice
          problem={detail.error}
          actions={<Button onClick={() => void detail.refetch()}>Try again</Button>}
        />
      )}
      {runs && data === undefined && detail.error === null && <Skeleton className="h-64 rounded-xl" />}
      {runs && data !== undefined && (
        <Tabs label="Views of the stream" tabs={tabs} value={tab} onChange={setTab}>
          {tab === 'records' && <Records stream={stream} shards={data.shards.map((shard) => shard.id)} />}
          {tab === 'shards' && <Shards rows={data.shards} />}
          {tab === 'keys' && <HotKeys stream={stream} />}
          {tab === 'consumers' && <Consumers stream={stream} />}
        </Tabs>
      )}
      {changing && data !== undefined && (
        <ChangeDialog
          detail={data}
          onClose={() => {
            setChanging(false)
            void detail.refetch()
          }}
        />
      )}
      {consent.dialog}
    </>
  )
}
