/** How the connection stands: the identity and when it ends, or what is wrong and what a person can do about it. */
import { KeyRound, LogIn, RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { AwsStatus } from '../../../shared/contract/aws.ts'
import { client } from '../../api/client.ts'
import { usePipeline } from '../../api/pipeline.ts'
import { useAction } from '../../api/query.ts'
import { countdown, tickOf } from '../../components/aws/countdown.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Facts } from '../../components/records/Facts.tsx'
import { useNow } from '../../components/useNow.ts'
import { Button } from '../../ui/Button.tsx'
import { Card } from '../../ui/Card.tsx'
import { StateDot } from '../../ui/StateDot.tsx'
import { MfaDialog } from './MfaDialog.tsx'
import { SignIn } from './SignIn.tsx'

export function Connection({ status }: { readonly status: AwsStatus }) {
  const pipeline = usePipeline().id
  const [asking, setAsking] = useState(false)
  const test = useAction(client.aws.test, ({ ask }) => setAsking(ask === 'mfaCode'))
  const login = useAction(client.aws.login)
  const { state, problem, ask, signIn, tried } = status
  const needsSignIn = ask === 'signIn' && signIn === null
  return (
    <Card
      title="Connection"
      actions={
        <Button
          small
          icon={RefreshCw}
          busy={test.isPending || state === 'testing'}
          onClick={() => test.mutate({ pipeline })}
        >
          Test
        </Button>
      }
    >
      <div className="grid gap-3">
        <Stand status={status} />
        <ProblemNotice
          problem={problem}
          tone={state === 'ask' ? 'warn' : 'bad'}
          actions={
            <>
              {needsSignIn && (
                <Button icon={LogIn} busy={login.isPending} onClick={() => login.mutate({ pipeline })}>
                  Sign in
                </Button>
              )}
              {ask === 'mfaCode' && (
                <Button icon={KeyRound} onClick={() => setAsking(true)}>
                  Enter the code…
                </Button>
              )}
            </>
          }
        />
        <ProblemNotice problem={test.error ?? login.error} alert />
        {signIn !== null && <SignIn signIn={signIn} />}
        {tried.length > 1 && status.identity === null && (
          <ul aria-label="Sources that were tried" className="grid gap-1 text-sm">
            {tried.map(({ source, state: how, text }) => (
              <li key={source} className="flex items-baseline gap-2">
                <StateDot state={how === 'used' ? 'good' : how === 'failed' ? 'bad' : 'off'} label={how} />
                <span className="min-w-0 [overflow-wrap:anywhere]">
                  <span className="font-medium">{source}</span> <span className="text-ink-2">{text}</span>
                </span>
              </li>
            ))}
          </ul>
        )}
      </div>
      <MfaDialog open={asking} onClose={() => setAsking(false)} />
    </Card>
  )
}

function Stand({ status }: { readonly status: AwsStatus }) {
  const { identity, state, region, via, expiresAt, renewable } = status
  const now = useNow(tickOf(expiresAt, Date.now()))
  const ends = countdown(expiresAt, now)
  const words =
    state === 'testing' && identity === null
      ? 'Asking AWS who this is …'
      : identity === null
        ? 'Not connected.'
        : `Connected as ${identity.name}.`
  return (
    <>
      <p role="status" className="font-medium">
        {words}
      </p>
      {identity !== null && (
        <Facts
          facts={[
            ['Account', identity.account],
            ['Alias', identity.alias ?? '—'],
            [identity.kind === 'user' ? 'User' : 'Role', identity.name],
            ['Region', region ?? '—'],
            ['By', via ?? '—'],
            ['Session', ends === null ? 'does not end' : `${ends}${renewable ? ', renewed by itself' : ''}`],
            ['ARN', identity.arn],
          ]}
        />
      )}
    </>
  )
}
