/** The environment of MWAA: how it stands, and what it is. */
import type { AirflowStatus } from '../../../shared/contract/airflow.ts'
import { Card } from '../../ui/Card.tsx'
import { Notice } from '../../ui/Notice.tsx'
import { type DotState, StateDot } from '../../ui/StateDot.tsx'

type Environment = NonNullable<AirflowStatus['environment']>

const dots: Readonly<Record<Environment['kind'], DotState>> = { ready: 'good', wait: 'working', stuck: 'bad' }

export function EnvironmentCard({ environment }: { readonly environment: Environment }) {
  const { name, status, kind, words, hint, airflow, size, bucket, folder, problem } = environment
  return (
    <Card title="Environment">
      <div className="grid gap-3">
        <p role="status" className="flex flex-wrap items-center gap-x-2.5">
          <StateDot state={dots[kind]} label="" />
          <span className="font-medium">{name}</span>
          <span className="num text-sm text-ink-2">{status}</span>
          <span className="text-sm text-ink-2">{words}</span>
        </p>
        {kind !== 'ready' && (
          <Notice tone={kind === 'wait' ? 'info' : 'bad'} title={`${name}: ${words}`} hint={hint} />
        )}
        {problem !== null && <Notice tone="warn" title="Its last change failed" hint={problem} />}
        <dl className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-4 gap-y-1 text-sm">
          <dt className="text-ink-2">Airflow</dt>
          <dd className="num">{airflow}</dd>
          <dt className="text-ink-2">Size</dt>
          <dd className="num">{size}</dd>
          <dt className="text-ink-2">DAGs</dt>
          <dd className="num [overflow-wrap:anywhere]">
            s3://{bucket}/{folder}/
          </dd>
        </dl>
      </div>
    </Card>
  )
}
