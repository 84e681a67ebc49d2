/** The child's end of the line to the app: messages both ways, and the news that the app is gone (decision 3). */
import { AppError } from '../../shared/errors.ts'
import { type ChildMessage, type ParentMessage, parentMessageSchema } from './child.ts'

/** What Electron puts on `process` inside a utilityProcess; its types live in a package only the desktop may import. */
interface ParentPort {
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown
  on(event: 'close', listener: () => void): unknown
  start?(): void
  postMessage(message: unknown): void
}

export interface Parent {
  /** Tells the app; silently does nothing once it is gone. */
  send(message: ChildMessage): void
}

/** How often a utility process looks whether its parent still lives, ms: its port has no documented end event. */
const lookEveryMs = 1_000

/**
 * Watches the program that started this one: the IPC channel under `fork`, `parentPort` under `utilityProcess`. Call it
 * before anything else; `onGone` is called once and must end the process. Messages that are not ours are ignored.
 * Throws AppError NO_PARENT where it was started in neither way, since such a process would never end.
 */
export function watchParent(listeners: {
  readonly onMessage: (message: ParentMessage) => void
  readonly onGone: () => void
}): Parent {
  let here = true
  const gone = () => {
    if (!here) return
    here = false
    listeners.onGone()
  }
  const receive = (message: unknown) => {
    const parsed = parentMessageSchema.safeParse(message)
    if (parsed.success) listeners.onMessage(parsed.data)
  }

  // Through unknown: where Electron's types are loaded too, they name fewer events than the port really has.
  const port = (process as unknown as { parentPort?: ParentPort }).parentPort
  if (port) {
    const pid = process.ppid
    port.on('message', (event) => receive(event.data))
    port.on('close', gone)
    port.start?.()
    setInterval(() => lives(pid) || gone(), lookEveryMs).unref()
    return { send: (message) => here && port.postMessage(message) }
  }

  if (process.send === undefined) {
    throw new AppError({
      code: 'NO_PARENT',
      message: 'This program is a part of Pipeline Control and cannot be started by itself.',
      hint: 'Run "pipeline local up" instead.',
    })
  }
  process.on('message', receive)
  process.on('disconnect', gone)
  if (!process.connected) queueMicrotask(gone)
  return {
    send: (message) => {
      if (here && process.connected) process.send?.(message, undefined, undefined, ignore)
    },
  }
}

/** Without a callback, a parent that ends while a message is on its way would raise an uncaught error here. */
function ignore(): void {}

function lives(pid: number): boolean {
  if (process.ppid !== pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
