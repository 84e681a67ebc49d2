/** Serves the app on loopback until interrupted: what `npm start` does without a display, and `pipeline serve`. */
import { AppError } from '../../../shared/errors.ts'
import { type CreateApp, own } from '../backend.ts'
import type { foldersOf } from '../folders.ts'
import { nodePlatform } from '../nodePlatform.ts'
import { pageFolder, serveWeb } from './serve.ts'

export interface ServeOptions {
  readonly createApp: CreateApp
  readonly version: string
  readonly folders: ReturnType<typeof foldersOf>
  readonly port: number
  readonly interrupted: AbortSignal
  say(line: string): void
}

/** Prints the address with its token. Throws AppError where another door owns the folder or the port is taken. */
export async function serveUntil({
  createApp,
  version,
  folders,
  port,
  interrupted,
  say,
}: ServeOptions): Promise<void> {
  const backend = await own(createApp, nodePlatform('web', version, folders))
  if (backend === null) {
    throw new AppError({
      code: 'OWNER_ELSEWHERE',
      message: `Another Pipeline Control already runs with this folder: ${folders.home}`,
      hint: 'Use its window or page, or stop it (pipeline local down stops the stack it keeps running); PIPELINE_HOME chooses another folder.',
    })
  }
  try {
    const door = await serveWeb({ app: backend.app, root: pageFolder(folders.out), port }).catch((cause) => {
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
    await new Promise<void>((resolve) => {
      if (interrupted.aborted) resolve()
      else interrupted.addEventListener('abort', () => resolve(), { once: true })
    })
    say('Stopping …')
    await door.close()
  } finally {
    await backend.dispose()
  }
}
