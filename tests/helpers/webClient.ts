/** The built web host, driven over its own WebSocket as the page does it; every frame that comes is kept. */
import type { ContractRouterClient } from '@orpc/contract'
import { WebSocket } from 'ws'
import { clientOver } from '../../electron/host/attach.ts'
import type { Contract } from '../../shared/contract.ts'
import { startProgram, type TestHome } from './home.ts'

export interface WebClient {
  readonly client: ContractRouterClient<Contract>
  /** What the back end sent. */
  readonly frames: readonly string[]
  /** Waits for a line of its output that matches. */
  line(pattern: RegExp): Promise<RegExpExecArray>
  stop(): Promise<void>
}

export async function startWebClient(home: TestHome): Promise<WebClient> {
  const web = startProgram('web.js', [], home.env)
  const match = await web.line(/(http:\/\/127\.0\.0\.1:\d+)\/#token=(\S+)/)
  const origin = match[1] ?? ''
  const body = JSON.stringify({ token: match[2] })
  const answer = await fetch(`${origin}/session`, { method: 'POST', headers: { origin }, body })
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const websocket = new WebSocket(`${origin.replace('http', 'ws')}/rpc`, { headers: { origin, cookie } })
  const frames: string[] = []
  websocket.on('message', (data) => frames.push(data.toString()))
  await new Promise((resolve) => websocket.once('open', resolve))
  return {
    client: clientOver(websocket),
    frames,
    line: web.line,
    async stop() {
      websocket.terminate()
      web.child.kill('SIGTERM')
      await web.finished
    },
  }
}
