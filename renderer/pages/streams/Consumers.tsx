/** The consumers of enhanced fan-out registered with a stream, and taking one away. */
import { Unplug, Users } from 'lucide-react'
import { useState } from 'react'
import type { ConsumerRow } from '../../../shared/contract/consumers.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { timeAt } from '../../components/format.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { useConsent } from '../../components/useConsent.tsx'
import { Button } from '../../ui/Button.tsx'
import { Empty } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Badge } from '../../ui/StateDot.tsx'
import { type Column, VirtualTable } from '../../ui/VirtualTable.tsx'
import { RegisterDialog } from './RegisterDialog.tsx'
import { useConsumers, useRegister } from './useFanOut.ts'

const columns = (deregister: (consumer: string) => void, busy: boolean): readonly Column<ConsumerRow>[] => [
  {
    key: 'name',
    title: 'Consumer',
    width: 'minmax(200px, 1fr)',
    cell: ({ name, ours }) => (
      <span className="flex items-center gap-2">
        <span className="num truncate">{name}</span>
        {ours && <Badge tone="accent">this app</Badge>}
      </span>
    ),
  },
  {
    key: 'state',
    title: 'State',
    width: '100px',
    cell: ({ state }) => <Badge tone={state === 'ACTIVE' ? 'good' : 'warn'}>{state}</Badge>,
  },
  {
    key: 'since',
    title: 'Registered',
    width: '150px',
    data: true,
    cell: ({ createdAt }) => timeAt(createdAt, Date.now()),
  },
  {
    key: 'deregister',
    title: 'Change',
    width: '130px',
    cell: ({ name }) => (
      <Button small variant="danger" icon={Unplug} disabled={busy} onClick={() => deregister(name)}>
        Deregister<span className="sr-only"> {name}</span>
      </Button>
    ),
  },
]

export function Consumers({ stream }: { readonly stream: string }) {
  const pipeline = usePipeline().id
  const consent = useConsent()
  const consumers = useConsumers(stream)
  const [asking, setAsking] = useState(false)
  const register = useRegister(stream, consumers, () => setAsking(false))
  const remove = useAction(
    async (consumer: string) => {
      const token = await consent.ask({ action: 'consumers.deregister', pipeline, stream, consumer })
      if (token !== null) await client.consumers.deregister({ pipeline, stream, consumer, consent: token })
    },
    () => void consumers.refetch(),
  )
  const { data } = consumers
  if (data === undefined) {
    return consumers.error === null ? (
      <Skeleton className="h-40 rounded-xl" />
    ) : (
      <ProblemNotice
        problem={consumers.error}
        actions={<Button onClick={() => void consumers.refetch()}>Try again</Button>}
      />
    )
  }
  if (data.unsupported !== null) {
    return <Notice tone="info" title={data.unsupported} hint="Tails use the reads that all readers share." />
  }
  const ours = data.consumers.some((consumer) => consumer.ours)
  const begin = () => (data.cost.free ? register.mutate(false) : setAsking(true))
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <p className="min-w-0 flex-1 text-sm text-ink-2">
          Each consumer has 2 MB a second of each shard for itself, pushed as it comes; a stream takes twenty.{' '}
          {data.cost.note}
        </p>
        {!ours && data.consumers.length > 0 && (
          <Button busy={register.isPending} onClick={begin}>
            Register this app’s
          </Button>
        )}
      </div>
      <ProblemNotice problem={remove.error ?? consumers.error ?? (asking ? null : register.error)} alert />
      <VirtualTable
        label="Consumers"
        columns={columns((name) => remove.mutate(name), remove.isPending)}
        rows={data.consumers}
        rowKey={(row) => row.arn}
        height="max-h-[50vh]"
        empty={
          <Empty
            icon={Users}
            title="No consumers"
            action={
              <Button busy={register.isPending} onClick={begin}>
                Register this app’s
              </Button>
            }
          >
            Whoever reads this stream uses the reads that all readers share.
          </Empty>
        }
      />
      {asking && (
        <RegisterDialog
          stream={stream}
          name={data.ownName}
          cost={data.cost.note}
          busy={register.isPending}
          problem={register.error}
          onRegister={() => register.mutate(true)}
          onClose={() => setAsking(false)}
        />
      )}
      {consent.dialog}
    </>
  )
}
