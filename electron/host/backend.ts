/** Opens a back end for a door: its own where the folder is free, else the one that owns it. */
import { spawn } from 'node:child_process'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'
import type { App } from '../app.ts'
import { holderOf, takeLock } from '../lib/backendLock.ts'
import { pause } from '../lib/broadcast.ts'
import type { Platform } from '../platform.ts'
import { attach, serveAttach } from './attach.ts'
import { forwardRouter } from './forward.ts'

export type CreateApp = (platform: Platform) => Promise<App>

export interface Backend {
  /** True where another process owns the back end; nothing that runs there ends with this door. */
  readonly attached: boolean
  readonly client: ContractRouterClient<Contract>
  /** What a carrier of this door serves. */
  readonly router: App['router']
  /** Doors attached to us. */
  doors(): number
  /** Resolves when the owner is gone; never where we are the owner. */
  readonly gone: Promise<void>
  dispose(): Promise<void>
}

/** Takes the folder and serves later doors, or answers null where somebody has it. */
export async function own(createApp: CreateApp, platform: Platform): Promise<Backend | null> {
  const lock = await takeLock(platform.folders.home, { door: platform.door, version: platform.version })
  if (!('release' in lock)) return null
  try {
    const app = await createApp(platform)
    const server = await serveAttach(app, lock.socket)
    return {
      attached: false,
      client: app.client,
      router: app.router,
      doors: server.attached,
      gone: new Promise(() => {}),
      dispose: async () => {
        await app.dispose()
        await server.close()
        await lock.release()
      },
    }
  } catch (thrown) {
    await lock.release()
    throw thrown
  }
}

/** An owner that is just starting listens within moments, ms. */
const ownerPatienceMs = 15_000

/** The owner's back end; null where there is none. */
async function attachToOwner(platform: Platform): Promise<Backend | null> {
  const { home } = platform.folders
  const until = Date.now() + ownerPatienceMs
  for (;;) {
    const holder = await holderOf(home)
    if (holder === null) return null
    try {
      const { client, gone, close } = await attach(holder.socket)
      return {
        attached: true,
        client,
        router: forwardRouter(client, platform),
        doors: () => 0,
        gone,
        dispose: async () => close(),
      }
    } catch (thrown) {
      if (Date.now() > until) throw thrown
      await pause(100, undefined)
    }
  }
}

/** How often two doors may meet in the moment between ending and starting. */
const tries = 5

/** Attaches to the owner, or becomes it. */
export async function open(createApp: CreateApp, platform: Platform): Promise<Backend> {
  for (let nth = 0; nth < tries; nth += 1) {
    const backend = (await attachToOwner(platform)) ?? (await own(createApp, platform))
    if (backend !== null) return backend
  }
  throw new AppError({
    code: 'OWNER_SILENT',
    message: 'Another Pipeline Control is starting or ending in this folder.',
    hint: 'Try again in a moment.',
  })
}

/** The program that becomes the owner in the background. */
export interface OwnerProgram {
  readonly program: string
  readonly args: readonly string[]
}

/** How long a background owner may take until it answers, ms. */
const ownerStartMs = 20_000

/** Attaches to the owner; where there is none, starts one in the background that stays (decision 2). */
export async function openDetached(platform: Platform, owner: OwnerProgram): Promise<Backend> {
  const { home, cache } = platform.folders
  const there = await attachToOwner(platform)
  if (there !== null) return there
  const child = spawn(owner.program, [...owner.args], {
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    env: { ...process.env, PIPELINE_HOME: home, PIPELINE_CACHE: cache },
  })
  child.unref()
  let until = Date.now() + ownerStartMs
  // It could not be started at all: nothing to wait for.
  child.once('error', () => {
    until = 0
  })
  while (Date.now() < until) {
    const started = await attachToOwner(platform).catch(() => null)
    if (started !== null) return started
    await pause(50, undefined)
  }
  throw new AppError({
    code: 'OWNER_FAILED',
    message: 'The background process did not start.',
    hint: 'Run the command without --detach to see why; its log is in the log folder.',
  })
}
