/** A pipeline `cloud` on a test host, by the app's own terminal: set up, looked at, and what the host holds before and after. */
import { expect } from 'vitest'
import { runProgram, type TestHome } from './home.ts'
import type { TestHost } from './host.ts'

/**
 * Everything on the host that is not volatile, with sizes; left out are logs, caches and what the system itself writes down
 * when users and packages come and go: the older copies of /etc/passwd and its like, dpkg's and ucf's lists.
 */
export const listing = `sudo find / -xdev \\( -path /proc -o -path /sys -o -path /run -o -path /tmp -o -path /var/tmp -o -path /var/log -o -path /var/cache -o -path /var/lib/apt -o -path /var/lib/dpkg -o -path /var/lib/ucf -o -path '/etc/*-' -o -path /var/lib/systemd -o -path /var/lib/pipeline-control/kafka -o -path /root -o -path '/home/*/.ssh' \\) -prune -o -type f -printf '%p %s %m %u\\n' -o -type l -printf '%p -> %l\\n' | LC_ALL=C sort`

/** In their order. */
export const stepIds = [
  'facts',
  'account',
  'java',
  'kafka',
  'broker',
  'topics',
  'node',
  'confluent',
  'proxy',
  'health',
  'address',
] as const

export const everywhere = (state: string) => Object.fromEntries(stepIds.map((id) => [id, state]))

/** The state of each step, of the last line that `setup --json` printed. */
export function statesIn(out: string): Record<string, string> {
  const { steps } = JSON.parse(out.trim().split('\n').at(-1) ?? '{}')
  return Object.fromEntries(
    steps.map((step: { id: string; finding: { state: string } }) => [step.id, step.finding.state]),
  )
}

export function terminalOf(home: TestHome) {
  const cli = (...words: string[]) => runProgram('cli.js', words, home.env)
  const must = async (...words: string[]) => {
    const { code, out, err } = await cli(...words)
    expect(code, `${words.join(' ')}\n${err}`).toBe(0)
    return out
  }
  return { cli, must }
}

/** Makes the pipeline `cloud`, which is then the active one, with this host as its machine and this mirror for all it fetches. */
export async function makeCloud(home: TestHome, host: TestHost, mirror: string): Promise<void> {
  const { must } = terminalOf(home)
  const mirrors = ['kafka', 'kafkaArchive', 'node', 'confluent'].map((name) => `mirrors.${name}=${mirror}`)
  await must('settings', 'set', ...mirrors)
  await must('pipelines', 'create', 'cloud')
  await must('pipelines', 'set', 'cloud', 'kind=existing')
  await must('pipelines', 'select', 'cloud')
  await must('host', 'set', '--host', host.ip, '--key-file', host.key)
  await must('host', 'test', '--accept', host.hostKeys.ed25519)
}
