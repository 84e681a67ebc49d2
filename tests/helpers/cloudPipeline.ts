/** A pipeline `cloud` on a test host, by the app's own terminal: set up and looked at. */
import { runProgram, type TestHome } from './home.ts'
import type { TestHost } from './host.ts'

/** In their order. */
export const stepIds = [
  'facts',
  'account',
  'java',
  'kafka',
  'iam',
  'cluster',
  'ports',
  'broker',
  'topics',
  'node',
  'confluent',
  'proxy',
  'health',
  'address',
] as const

export const everywhere = (state: string) => Object.fromEntries(stepIds.map((id) => [id, state]))

/** The state of each step that was looked at, of the last line that `setup --json` printed. */
export function statesIn(out: string): Record<string, string> {
  const { steps } = JSON.parse(out.trim().split('\n').at(-1) ?? '{}')
  return Object.fromEntries(
    steps.flatMap(({ id, finding }: { id: string; finding: { state: string } | null }) =>
      finding === null ? [] : [[id, finding.state]],
    ),
  )
}

export function terminalOf(home: Pick<TestHome, 'env'>) {
  const cli = (...words: string[]) => runProgram('cli.js', words, home.env)
  const must = async (...words: string[]) => {
    const { code, out, err } = await cli(...words)
    if (code !== 0) throw new Error(`${words.join(' ')} exits with ${code}:\n${err}`)
    return out
  }
  return { cli, must }
}

/** Makes the pipeline `cloud`, which is then the active one, with this host as its machine and this mirror for all it fetches. */
export async function makeCloud(home: Pick<TestHome, 'env'>, host: TestHost, mirror: string): Promise<void> {
  const { must } = terminalOf(home)
  const mirrors = ['temurin', 'kafka', 'kafkaArchive', 'node', 'confluent', 'mskIam'].map(
    (name) => `mirrors.${name}=${mirror}`,
  )
  await must('settings', 'set', ...mirrors)
  await must('pipelines', 'create', 'cloud')
  await must('pipelines', 'set', 'cloud', 'kind=existing')
  await must('pipelines', 'select', 'cloud')
  await must('host', 'set', '--host', host.ip, '--key-file', host.key)
  await must('host', 'test', '--accept', host.hostKeys.ed25519)
}
