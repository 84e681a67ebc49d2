/** The MSK clusters of this account and region, and taking one as the pipeline's Kafka. */
import { useQuery } from '@tanstack/react-query'
import { Check, Layers } from 'lucide-react'
import type { MskCluster } from '../../../shared/contract/msk.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { keys, queryClient, useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card, Empty } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Badge, StateDot } from '../../ui/StateDot.tsx'

export function MskClusters({ identity }: { readonly identity: string }) {
  const { id: pipeline, settings } = usePipeline()
  const key = ['msk', pipeline, identity]
  const { data, error, isPending } = useQuery({
    queryKey: key,
    queryFn: ({ signal }) => client.msk.list({ pipeline }, { signal }),
  })
  const use = useAction(client.msk.use, async (list) => {
    queryClient.setQueryData(key, list)
    await queryClient.invalidateQueries({ queryKey: keys.pipelines })
  })
  return (
    <Card title="MSK clusters">
      <div className="grid gap-3">
        <ProblemNotice problem={error ?? use.error} alert />
        {isPending && <Skeleton className="h-16" />}
        {data?.length === 0 && (
          <Empty icon={Layers} title="No cluster in this region">
            Clusters of other regions are not shown.
          </Empty>
        )}
        {data !== undefined && data.length > 0 && (
          <ul aria-label="MSK clusters" className="grid gap-1.5">
            {data.map((cluster) => (
              <Row
                key={cluster.arn}
                cluster={cluster}
                busy={use.isPending}
                onUse={settings.kind === 'existing' ? () => use.mutate({ pipeline, arn: cluster.arn }) : null}
              />
            ))}
          </ul>
        )}
        {settings.kind === 'local' && (
          <p className="text-sm text-ink-2">
            This pipeline has a Kafka of its own on this computer; one that uses what runs elsewhere can take
            a cluster.
          </p>
        )}
      </div>
    </Card>
  )
}

interface RowProps {
  readonly cluster: MskCluster
  readonly busy: boolean
  /** Null where the pipeline cannot take one. */
  readonly onUse: (() => void) | null
}

function Row({ cluster, busy, onUse }: RowProps) {
  const { name, state, type, kafkaVersion, brokers, arn, chosen } = cluster
  const facts = [
    type,
    kafkaVersion === null ? null : `Kafka ${kafkaVersion}`,
    brokers === null ? null : `${brokers} brokers`,
    arn,
  ]
  return (
    <li className={`rounded-lg border px-3 py-2 ${chosen ? 'border-accent bg-accent-soft' : 'border-line'}`}>
      <div className="flex flex-wrap items-center gap-3">
        <StateDot state={state === 'ACTIVE' ? 'good' : state === 'FAILED' ? 'bad' : 'working'} label="" />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            <span className="[overflow-wrap:anywhere]">{name}</span>
            <Badge>{state}</Badge>
            {chosen && (
              <span className="flex items-center gap-1 text-xs font-normal">
                <Check size={14} aria-hidden /> of this pipeline
              </span>
            )}
          </p>
          <p className="num text-xs text-ink-2 [overflow-wrap:anywhere]">
            {facts.filter(Boolean).join(' · ')}
          </p>
        </div>
        {onUse !== null && !chosen && (
          <Button small busy={busy} aria-label={`Use ${name}`} onClick={onUse}>
            Use
          </Button>
        )}
      </div>
    </li>
  )
}
