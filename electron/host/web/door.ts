/** Serves the app on loopback until interrupted: what `npm start` does without a display, and `pipeline serve`. */
import { AppError } from '../../../shared/errors.ts'
import type { Platform } from '../../platform.ts'
import { type CreateApp, open } from '../backend.ts'
import type { foldersOf } from '../folders.ts'
import { pageFolder, serveWeb } from './serve.ts'

export interface ServeOptions {
  readonly createApp: CreateApp
  /** How this program starts children; the door asks for consent and opens links on its page. */
  readonly platform: Platform
  readonly folders: ReturnType<typeof foldersOf>
  readonly port: number
  readonly interrupted: AbortSignal
  say(line: string): void
}

/** Prints the address with its token. Throws AppError where the port is taken. */
export async function serveUntil({
  createApp,
  platform,
  folders,
  port,
  interrupted,
  say,
}: ServeOptions): Promise<void> {
  const backend = await open(createApp, {
    ...platform,
    door: 'web',
    consent: async (question, typed) => typed === question.typed,
    openLink: async () => false,
    openPage: async () => false,
  })
  try {
    const door = await serveWeb({ app: backend, root: pageFolder(folders.out), port }).catch((cause) => {
      throw new AppError(
        {
          code: 'PORT_TAKEN',
          message: `The page cannot be served on this port: ${port}`,
          hint: 'Leave --port out to have one chosen.',
        },
        cause,
      )
    })
    say(`Pipeline Control: ${door.address}`)
    if (backend.attached) say('It shows the back end that already runs with this folder.')
    const ended = await Promise.race([
      backend.gone.then(() => 'gone' as const),
      new Promise<'interrupted'>((resolve) => {
        if (interrupted.aborted) resolve('interrupted')
        else interrupted.addEventListener('abort', () => resolve('interrupted'), { once: true })
      }),
    ])
    say(ended === 'gone' ? 'The back end ended. Start again to have one.' : 'Stopping …')
    await door.close()
  } finally {
    await backend.dispose()
  }
}
