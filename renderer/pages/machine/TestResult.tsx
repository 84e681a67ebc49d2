/** The test of the way to a machine: its links, what is wrong all the same, and what the machine is. */
import type { HostFacts, HostLink, HostTest } from '../../../shared/contract/hosts.ts'
import { LinkList } from '../../components/LinkList.tsx'
import { ProblemNotice } from '../../components/ProblemNotice.tsx'
import { Button } from '../../ui/Button.tsx'

const names = { key: 'Key', tcp: 'TCP', hostKey: 'Host key', signIn: 'Sign-in', facts: 'Machine' } as const

interface TestResultProps {
  readonly test: HostTest
  readonly onAccept: (link: HostLink) => void
  readonly onForget: (link: HostLink) => void
}

export function TestResult({ test, onAccept, onForget }: TestResultProps) {
  return (
    <div className="grid gap-3">
      <LinkList
        label="The way to the machine"
        links={test.links.map((link) => ({
          id: `${link.hop} ${link.link}`,
          title: link.hop === 'jump' ? `Jump: ${names[link.link]}` : names[link.link],
          state: link.state,
          text: link.text,
          problem: link.problem,
          ...(link.problem?.code === 'SSH_HOST_KEY_UNKNOWN' ? { tone: 'warn' as const } : {}),
          actions: <Answer link={link} onAccept={onAccept} onForget={onForget} />,
        }))}
      />
      {test.warnings.map((warning) => (
        <ProblemNotice key={warning.code} problem={warning} tone="warn" />
      ))}
      {test.facts !== null && <FactList facts={test.facts} />}
    </div>
  )
}

function Answer({ link, onAccept, onForget }: Omit<TestResultProps, 'test'> & { readonly link: HostLink }) {
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
