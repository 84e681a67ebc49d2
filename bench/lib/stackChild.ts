/** The gateway as the app starts it: the built child program `stack`, without a lake. */
import { type ChildProcess, fork } from 'node:child_process'
import { type ChildMessage, childMessageSchema } from '../../electron/lib/child.ts'

export interface StackChild {
  readonly process: ChildProcess
  readonly url: string
  end(): Promise<void>
}

export async function startStackChild(
  file: string,
  parts: { readonly bootstrap: string; readonly kinesis?: string },
): Promise<StackChild> {
  const options = {
    gateway: { port: 0, stage: 'test', corsOrigins: [], maxBodyBytes: 12 * 1024 * 1024 },
    kafka: { bootstrap: [parts.bootstrap] },
    kinesis: { endpoint: parts.kinesis ?? 'http://127.0.0.1:9', region: 'us-east-1' },
    lake: null,
  }
  const child = fork(file, [JSON.stringify(options)], { stdio: 'inherit' })
  const first = await new Promise<ChildMessage>((resolve, reject) => {
    child.once('message', (message) => resolve(childMessageSchema.parse(message)))
    child.once('exit', (code) => reject(new Error(`The gateway ended with ${code}`)))
  })
  if (first.type !== 'ready') throw new Error(JSON.stringify(first))
  return {
    process: child,
    url: first.address.gateway ?? '',
    end: () =>
      new Promise((resolve) => {
        child.once('exit', () => resolve())
        child.kill('SIGKILL')
      }),
  }
}
