/** Starts our child programs as utility processes: the packaged app cannot run as plain Node (its fuse is off). */
import { createInterface } from 'node:readline'
import type { UtilityProcess, utilityProcess } from 'electron'
import type { NodeChild } from '../../platform.ts'

/** `fork` of Electron, `file` absolute and outside the asar. */
export function forkUtility(
  fork: typeof utilityProcess.fork,
  file: string,
  options: { readonly name: string; readonly args: readonly string[]; readonly env: Record<string, string> },
): NodeChild {
  const child: UtilityProcess = fork(file, [...options.args], {
    env: options.env,
    serviceName: `Pipeline Control ${options.name}`,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const exited = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.once('exit', (code) => resolve({ code, signal: null }))
  })
  return {
    /** 0 until the process has been spawned. */
    get pid() {
      return child.pid ?? 0
    },
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on('message', listener),
    exited,
    onLine: (listener) => {
      if (child.stderr !== null) createInterface({ input: child.stderr }).on('line', listener)
    },
    // Electron offers no other signal: `kill` asks it to end, and SIGKILL goes by its pid.
    kill: (signal) => {
      if (signal === 'SIGKILL' && child.pid !== undefined) process.kill(child.pid, 'SIGKILL')
      else child.kill()
    },
  }
}
