/** WSL 2 on Windows: where the local broker can run soundly (decision 8). */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface Distribution {
  readonly name: string
  readonly version: number
}

/** The rows of `wsl.exe --list --verbose`: `* Ubuntu    Running    2`, in whatever language its heading is. */
export function parseDistributions(text: string): Distribution[] {
  return text.split(/\r?\n/).flatMap((line) => {
    const match = /^[*\s]\s*(\S.*?)\s{2,}\S+\s+([12])\s*$/.exec(line)
    return match === null ? [] : [{ name: match[1] ?? '', version: Number(match[2]) }]
  })
}

/** What a person does next, by what is there; Docker's own distributions cannot run programs of others. */
export function wslAdvice(distributions: readonly Distribution[]): string {
  const usable = distributions.filter(({ name }) => !name.startsWith('docker-desktop'))
  const two = usable.find(({ version }) => version === 2)
  if (two !== undefined) {
    return `WSL 2 is here: open ${two.name} and run Pipeline Control there; its pages open in your browser.`
  }
  const one = usable[0]
  if (one !== undefined) {
    return `Bring ${one.name} to WSL 2 (wsl --set-version ${one.name} 2), then run Pipeline Control there.`
  }
  return 'Install WSL 2 (wsl --install, then restart Windows) and run Pipeline Control there.'
}

/** The distributions that are installed; none where WSL is not. */
export async function findDistributions(): Promise<Distribution[]> {
  const answer = await run('wsl.exe', ['--list', '--verbose'], {
    // Without it, wsl.exe answers in UTF-16.
    env: { ...process.env, WSL_UTF8: '1' },
    timeout: 10_000,
    windowsHide: true,
  }).catch(() => null)
  return answer === null ? [] : parseDistributions(answer.stdout)
}
