/** Which AWS account, role and region the pipeline acts in, on every page; a click goes to the connection. */
import { Link } from '@tanstack/react-router'
import type { AwsStatus } from '../../../shared/contract/aws.ts'
import { StateDot } from '../../ui/StateDot.tsx'
import { useNow } from '../useNow.ts'
import { countdown, nearEndMs, tickOf } from './countdown.ts'
import { useAws } from './useAws.ts'

export function AwsBadge() {
  const { value } = useAws()
  const expiresAt = value?.expiresAt ?? null
  const now = useNow(tickOf(expiresAt, Date.now()))
  if (value === undefined || value.choice.source === 'none') return null
  const ends = expiresAt !== null && expiresAt - now < nearEndMs ? countdown(expiresAt, now) : null
  const words = [...wordsOf(value), ...(ends === null ? [] : [ends])]
  return (
    <Link
      to="/aws"
      aria-label={`AWS: ${words.join(', ')}`}
      data-colour={value.choice.colour}
      className="aws-badge ml-auto flex min-w-0 items-center gap-2 rounded-full border px-3 py-0.5 text-xs font-medium"
    >
      <StateDot state={dotOf(value)} label="" />
      <span className="truncate">{words.join(' · ')}</span>
    </Link>
  )
}

function wordsOf({ state, identity, region, ask }: AwsStatus): string[] {
  if (identity !== null) {
    const account = identity.alias === null ? identity.account : `${identity.alias} ${identity.account}`
    return [account, identity.name, region ?? '']
  }
  if (state === 'testing') return ['trying …']
  if (ask === 'signIn') return ['sign-in needed']
  if (ask === 'mfaCode') return ['code needed']
  return [state === 'failed' || state === 'ask' ? 'not connected' : 'not tried yet']
}

function dotOf({ state, identity }: AwsStatus): 'good' | 'working' | 'warn' | 'bad' | 'off' {
  if (state === 'testing') return identity === null ? 'working' : 'good'
  if (state === 'connected') return 'good'
  return state === 'ask' ? 'warn' : state === 'failed' ? 'bad' : 'off'
}
