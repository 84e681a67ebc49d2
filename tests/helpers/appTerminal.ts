/** The terminal's own words over an app in this process. */
import type { App } from '../../electron/app.ts'
import { runCli } from '../../electron/host/cli/program.ts'

export interface Said {
  readonly code: number
  readonly out: string
  readonly err: string
}

/** Nobody can be asked. */
export async function typed(app: App, ...args: string[]): Promise<Said> {
  const [out, err]: [string[], string[]] = [[], []]
  const open = async () => ({ client: app.client, attached: true, dispose: async () => {} })
  const code = await runCli(args, {
    open,
    openDetached: open,
    serve: async () => {},
    terminal: {
      out: (line) => void out.push(line),
      note: (line) => void err.push(line),
      status: () => {},
      interactive: false,
      ask: async () => '',
      askHidden: async () => '',
      streams: () => {
        throw new Error('No bytes are passed on here.')
      },
    },
    given: {},
    interrupted: new AbortController().signal,
    version: '0',
  })
  return { code, out: out.join('\n'), err: err.join('\n') }
}
