/** The way to a machine, link by link: what is reached, what failed and why, what to do about it. */
import type { HostFacts, HostLink, HostTest } from '../../../shared/contract/hosts.ts'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'
import { StateDot } from '../../ui/StateDot.tsx'

const names = { key: 'Key', tcp: 'TCP', hostKey: 'Host key', signIn: 'Sign-in', facts: 'Machine' } as const
const states = {
  waiting: ['off', 'not reached yet'],
  working: ['working', 'working'],
  good: ['good', 'good'],
  bad: ['bad', 'failed'],
} as const

interface LinkListProps {
  readonly test: HostTest
  readonly onAccept: (link: HostLink) => void
  readonly onForget: (link: HostLink) => void
}

export function LinkList({ test, onAccept, onForget }: LinkListProps) {
  return (
    <div className="grid gap-3">
      <ol aria-label="The way to the machine" className="grid">
        {test.links.map((link) => (
          <li
            key={`${link.hop} ${link.link}`}
            className="grid grid-cols-[150px_minmax(0,1fr)] gap-x-3 border-t border-line py-2 first:border-t-0"
          >
            <span className="flex items-center gap-2 font-medium">
              <StateDot state={states[link.state][0]} label={states[link.state][1]} />
              {link.hop === 'jump' ? `Jump: ${names[link.link]}` : names[link.link]}
            </span>
            <span className="num text-sm text-ink-2 [overflow-wrap:anywhere]">{link.text}</span>
            {link.problem !== null && (
              <div className="col-span-2 mt-2">
                <ProblemNotice
                  problem={link.problem}
                  alert
                  tone={link.problem.code === 'SSH_HOST_KEY_UNKNOWN' ? 'warn' : 'bad'}
                  actions={<Answer link={link} onAccept={onAccept} onForget={onForget} />}
                />
              </div>
            )}
          </li>
        ))}
      </ol>
      {test.warnings.map((warning) => (
        <ProblemNotice key={warning.code} problem={warning} tone="warn" />
      ))}
      {test.facts !== null && <FactList facts={test.facts} />}
    </div>
  )
}

function Answer({ link, onAccept, onForget }: Omit<LinkListProps, 'test'> & { readonly link: HostLink }) {
  if (link.problem?.code === 'SSH_HOST_KEY_UNKNOWN')
    return <Button onClick={() => onAccept(link)}>Accept this key</Button>
  if (link.problem?.code === 'SSH_HOST_KEY_CHANGED')
    return (
      <Button variant="danger" onClick={() => onForget(link)}>
        Forget the old key
      </Button>
    )
  return null
}

const sudo = {
  root: 'not needed, we are root',
  free: 'without a password',
  password: 'asks for a password',
  none: 'not there',
} as const

function FactList({ facts }: { readonly facts: HostFacts }) {
  const gib = (mib: number) => `${(mib / 1024).toFixed(1)} GiB`
  const rows = [
    ['System', facts.os],
    ['Architecture', facts.arch],
    ['Memory', gib(facts.memoryMiB)],
    ['Disk', `${gib(facts.diskFreeMiB)} free of ${gib(facts.diskMiB)}`],
    ['Clock', `${(facts.skewMs / 1_000).toFixed(1)} s from ours`],
    ['User', facts.user],
    ['sudo', sudo[facts.sudo]],
  ]
  return (
    <dl className="grid grid-cols-[150px_minmax(0,1fr)] gap-x-3 gap-y-1 border-t border-line pt-3 text-sm">
      {rows.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-ink-2">{name}</dt>
          <dd className="num">{value}</dd>
        </div>
      ))}
    </dl>
  )
}
