/** The Kafka cluster: its brokers and their disks, partitions in trouble, and what it cannot do. */
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { CircleCheck, CircleSlash } from 'lucide-react'
import type { ClusterDetail, TroubledPartition } from '../../../shared/contract/cluster.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { CopyButton } from '../../components/CopyButton.tsx'
import { counted, timeOfDay } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { StackStopped, useStackRuns } from '../../components/StackStopped.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card, PageHead } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { Brokers } from './Brokers.tsx'

const troubled: readonly Column<TroubledPartition>[] = [
  {
    key: 'topic',
    title: 'Topic',
    width: 'minmax(180px, 1fr)',
    data: true,
    sort: (row) => row.topic,
    cell: (row) => row.topic,
  },
  {
    key: 'partition',
    title: 'Partition',
    width: '90px',
    align: 'right',
    data: true,
    sort: (row) => row.partition,
    cell: (row) => String(row.partition),
  },
  {
    key: 'leader',
    title: 'Leader',
    width: '90px',
    data: true,
    sort: (row) => (row.leader < 0 ? null : row.leader),
    cell: (row) => (row.leader < 0 ? 'none' : row.leader),
  },
  { key: 'replicas', title: 'Replicas', width: '120px', data: true, cell: (row) => row.replicas.join(', ') },
  {
    key: 'missing',
    title: 'Not in sync',
    width: '120px',
    data: true,
    cell: (row) => row.replicas.filter((id) => !row.inSync.includes(id)).join(', '),
  },
]

export function ClusterPage() {
  const pipeline = usePipeline().id
  const runs = useStackRuns()
  const cluster = useQuery({
    queryKey: ['cluster', pipeline],
    queryFn: ({ signal }) => client.cluster.get({ pipeline }, { signal }),
    enabled: runs === true,
    refetchInterval: 2_000,
  })
  const { data } = cluster
  return (
    <>
      <PageHead title="Cluster" sub={data === undefined ? 'The brokers behind the topics.' : summary(data)} />
      {runs === false && <StackStopped what="Kafka" />}
      {runs && (
        <ProblemNotice
          problem={cluster.error}
          tone={data === undefined ? 'bad' : 'warn'}
          actions={<Button onClick={() => void cluster.refetch()}>Try again</Button>}
        />
      )}
      {runs && cluster.error !== null && data !== undefined && (
        <p className="text-sm text-ink-2">What is shown is of {timeOfDay(data.at)}.</p>
      )}
      {runs && data === undefined && cluster.error === null && <Skeleton className="h-64 rounded-xl" />}
      {data !== undefined && <Detail data={data} />}
    </>
  )
}

function summary({ version, brokers, topics, partitions }: ClusterDetail): string {
  const of = version === null ? 'Kafka' : `Kafka ${version}`
  return `${of}, ${counted(brokers.length, 'broker')}, ${counted(topics, 'topic')} with ${counted(partitions, 'partition')}.`
}

function Detail({ data }: { readonly data: ClusterDetail }) {
  const navigate = useNavigate()
  const offline = data.troubled.filter(({ leader }) => leader < 0).length
  const under = data.troubled.filter(({ leader }) => leader >= 0).length
  return (
    <>
      {data.troubled.length === 0 ? (
        <Notice tone="good" title="Every partition has a leader, and all its replicas are in sync." />
      ) : (
        <>
          <Notice
            tone={offline > 0 ? 'bad' : 'warn'}
            title={[
              offline > 0 ? `${counted(offline, 'partition')} without a leader` : '',
              under > 0 ? `${counted(under, 'partition')} under-replicated` : '',
            ]
              .filter((text) => text !== '')
              .join(', ')}
            hint={
              offline > 0
                ? 'They can be neither read nor written. Start the broker that holds them.'
                : 'They work, with fewer copies than wanted. Bring the missing broker back, or wait until it has caught up.'
            }
          />
          <VirtualTable
            label="Partitions in trouble"
            columns={troubled}
            rows={data.troubled}
            rowKey={(row) => `${row.topic}/${row.partition}`}
            height="max-h-[30vh]"
            onSelect={(row) => void navigate({ to: '/topics/$topic', params: { topic: row.topic } })}
            empty=""
          />
        </>
      )}
      <Brokers rows={data.brokers} />
      <Card title="What this cluster can do">
        <ul className="grid gap-1.5 sm:grid-cols-2">
          {data.abilities.map(({ what, missing }) => (
            <li key={what} className={`flex items-start gap-2 ${missing === null ? '' : 'text-ink-2'}`}>
              {missing === null ? (
                <CircleCheck size={15} className="mt-0.5 flex-none text-ok" aria-label="Yes" />
              ) : (
                <CircleSlash size={15} className="mt-0.5 flex-none" aria-label="No" />
              )}
              <span>
                {what}
                {missing !== null && <span className="block text-xs">{missing}</span>}
              </span>
            </li>
          ))}
        </ul>
        <p className="mt-3 flex items-center gap-1 text-xs text-ink-2">
          Cluster id <span className="num">{data.clusterId}</span>
          <CopyButton text={data.clusterId} what="the cluster id" />
        </p>
      </Card>
    </>
  )
}
