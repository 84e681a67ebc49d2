/** The profiles of this computer, each with what it is and what is wrong with it; read anew while the page is open. */
import { useQuery } from '@tanstack/react-query'
import { Check, UserRound } from 'lucide-react'
import type { AwsChoice } from '../../../shared/aws.ts'
import type { AwsProfile } from '../../../shared/contract/aws.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { Card, Empty } from '../../ui/Card.tsx'
import { Skeleton } from '../../ui/Progress.tsx'
import { Badge, StateDot } from '../../ui/StateDot.tsx'

/** Two small files of this computer, ms. */
const readEveryMs = 3_000

const kinds: Readonly<Record<AwsProfile['kind'], string>> = {
  keys: 'keys',
  role: 'role',
  process: 'program',
  sso: 'sign-in in the browser',
  webIdentity: 'token file',
  other: 'console sign-in',
  empty: 'empty',
}

export function Profiles({ choice }: { readonly choice: AwsChoice }) {
  const pipeline = usePipeline().id
  const { data, error, isPending } = useQuery({
    queryKey: ['aws.profiles'],
    queryFn: ({ signal }) => client.aws.profiles(undefined, { signal }),
    refetchInterval: readEveryMs,
  })
  const use = useAction(client.aws.use)
  const chosen = choice.source === 'profile' ? choice.profile || 'default' : null
  return (
    <Card title="Profiles of this computer">
      <div className="grid gap-3">
        <ProblemNotice problem={error ?? use.error} alert />
        {data?.problems.map((problem) => (
          <ProblemNotice key={problem.message} problem={problem} tone="warn" />
        ))}
        {isPending && <Skeleton className="h-24" />}
        {data?.items.length === 0 && (
          <Empty icon={UserRound} title="There is no profile">
            Make one with <code>aws configure</code> or <code>aws configure sso</code>; it appears here by
            itself. Or choose “Keys typed in”.
          </Empty>
        )}
        {data !== undefined && data.items.length > 0 && (
          <ul aria-label="Profiles" className="grid gap-1.5">
            {data.items.map((profile) => (
              <Row
                key={profile.name}
                profile={profile}
                chosen={profile.name === chosen}
                busy={use.isPending}
                onUse={() =>
                  use.mutate({ pipeline, choice: { ...choice, source: 'profile', profile: profile.name } })
                }
              />
            ))}
          </ul>
        )}
        {data !== undefined && (
          <p className="text-xs text-ink-2 [overflow-wrap:anywhere]">
            Read from{' '}
            {data.files.map(({ path, found }) => (found ? path : `${path} (not there)`)).join(' and ')}.
          </p>
        )}
      </div>
    </Card>
  )
}

interface RowProps {
  readonly profile: AwsProfile
  readonly chosen: boolean
  readonly busy: boolean
  readonly onUse: () => void
}

function Row({ profile, chosen, busy, onUse }: RowProps) {
  const { name, kind, detail, region, mfa, problem } = profile
  return (
    <li className={`rounded-lg border px-3 py-2 ${chosen ? 'border-accent bg-accent-soft' : 'border-line'}`}>
      <div className="flex items-center gap-3">
        <StateDot state={problem === null ? 'good' : 'bad'} label={problem === null ? 'usable' : 'broken'} />
        <div className="min-w-0 flex-1">
          <p className="flex flex-wrap items-center gap-2 font-medium">
            <span className="[overflow-wrap:anywhere]">{name}</span>
            <Badge>{kinds[kind]}</Badge>
            {mfa && <Badge>MFA</Badge>}
            {region !== null && <span className="text-xs font-normal text-ink-2">{region}</span>}
          </p>
          {detail !== '' && <p className="text-xs text-ink-2 [overflow-wrap:anywhere]">{detail}</p>}
        </div>
        {chosen ? (
          <span className="flex items-center gap-1.5 text-sm">
            <Check size={15} aria-hidden /> in use
          </span>
        ) : (
          <Button small busy={busy} aria-label={`Use ${name}`} onClick={onUse}>
            Use
          </Button>
        )}
      </div>
      {problem !== null && (
        <p className="mt-1.5 text-sm text-bad [overflow-wrap:anywhere]">
          {problem.message}. <span className="text-ink-2">{problem.hint}</span>
        </p>
      )}
    </li>
  )
}
