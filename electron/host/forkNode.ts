/** Starts our child programs as plain Node processes with a message channel: every door but the desktop. */
import { fork } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { NodeChild } from '../platform.ts'

/** `file` is a built entry. The child watches the channel and ends when we are gone (decision 3). */
export function forkNode(
  file: string,
  options: { readonly args: readonly string[]; readonly env: NodeJS.ProcessEnv },
): NodeChild {
  const child = fork(file, [...options.args], {
    env: options.env,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'advanced',
    windowsHide: true,
  })
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }))
    child.once('error', () => resolve({ code: 1, signal: null }))
  })
  return {
    /** 0 where it could not be started at all; `exited` tells then. */
    pid: child.pid ?? 0,
    // A child that is just ending takes no message; its `exited` tells.
    send: (message) => {
      if (child.connected) child.send(message as object, () => {})
    },
    onMessage: (listener) => void child.on('message', listener),
    exited,
    onLine: (listener) => {
      if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', listener)
    },
    kill: (signal) => void child.kill(signal),
  }
}
