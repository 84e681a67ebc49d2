/** The window's line to the back end; where the owner it was attached to ends, the line is opened again. */
import { RPCHandler } from '@orpc/server/message-port'
import type { MessagePortMain } from 'electron'
import type { Backend } from '../backend.ts'
import { carry } from '../carrier.ts'

export interface LineDeps {
  /** Attaches to the back end that owns the folder, or becomes it. */
  open(): Promise<Backend>
  /** There is another back end now: the page must begin anew. */
  reopened(): void
  fail(thrown: unknown): void
}

export interface Line {
  readonly backend: Backend
  /** Serves the contract on our end of the page's port. */
  serve(port: MessagePortMain): void
  /** Ends the back end if it is ours, else only leaves it. */
  end(): Promise<void>
}

/** Rejects where the first back end cannot be opened. */
export async function openLine({ open, reopened, fail }: LineDeps): Promise<Line> {
  let ending = false
  const connect = async () => {
    const backend = await open()
    void backend.gone.then(() => (ending ? undefined : reconnect()))
    const { router, options } = carry(backend.router)
    return { backend, handler: new RPCHandler(router, options) }
  }
  let now = await connect()
  const reconnect = () =>
    connect()
      .then((next) => {
        now = next
        reopened()
      })
      .catch(fail)
  return {
    get backend() {
      return now.backend
    },
    serve: (port) => {
      now.handler.upgrade(port)
      port.start()
    },
    end: () => {
      ending = true
      return now.backend.dispose()
    },
  }
}
