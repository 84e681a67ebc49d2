/** Opens a back end for a door: its own where the folder is free, else the one that owns it. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { ContractRouterClient } from '@orpc/contract'
import type { Contract } from '../../shared/contract.ts'
import { AppError } from '../../shared/errors.ts'
import type { App } from '../app.ts'
import { holderOf, takeLock } from '../lib/backendLock.ts'
import type { Platform } from '../platform.ts'
import { attach, serveAttach } from './attach.ts'

export type CreateApp = (platform: Platform) => Promise<App>

export interface Owned {
  readonly attached: false
  readonly app: App
  readonly client: ContractRouterClient<Contract>
  /** Doors attached to us. */
  doors(): number
  dispose(): Promise<void>
}

export interface AttachedBackend {
  readonly attached: true
  readonly client: ContractRouterClient<Contract>
  readonly gone: Promise<void>
  dispose(): Promise<void>
}

/** Takes the folder and serves later doors, or answers null where somebody has it. */
export async function own(createApp: CreateApp, platform: Platform): Promise<Owned | null> {
  const lock = await takeLock(platform.folders.home, { door: platform.door, version: platform.version })
  if (!('release' in lock)) return null
  try {
    const app = await createApp(platform)
    const server = await serveAttach(app, lock.socket)
    return {
      attached: false,
      app,
      client: app.client,
      doors: server.attached,
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

/** The owner's back end; null where there is none. */
async function attachToOwner(home: string): Promise<AttachedBackend | null> {
  const holder = await holderOf(home)
  if (holder === null) return null
  // An owner that is just starting listens within moments.
  const until = Date.now() + 15_000
  for (;;) {
    try {
      const { client, gone, close } = await attach(holder.socket)
      return { attached: true, client, gone, dispose: async () => close() }
    } catch (thrown) {
      if (Date.now() > until || (await holderOf(home)) === null) throw thrown
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

/** Attaches to the owner, or becomes it. */
export async function open(createApp: CreateApp, platform: Platform): Promise<Owned | AttachedBackend> {
  for (let tries = 0; tries < 5; tries += 1) {
    const owner = await attachToOwner(platform.folders.home).catch((thrown) => {
      if (tries < 4) return null
      throw thrown
    })
    if (owner !== null) return owner
    const owned = await own(createApp, platform)
    if (owned !== null) return owned
  }
  throw ownerless()
}

function ownerless(): AppError {
  return new AppError({
    code: 'OWNER_SILENT',
    message: 'Another Pipeline Control is starting or ending in this folder.',
    hint: 'Try again in a moment.',
  })
}

/** How long a background owner may take until it answers, ms. */
const ownerStartMs = 20_000

/** Attaches to the owner; where there is none, starts one in the background that stays (decision 2). */
export async function openDetached(platform: Platform): Promise<AttachedBackend> {
  const { home, entries, cache } = platform.folders
  const there = await attachToOwner(home)
  if (there !== null) return there
  const child = spawn(process.execPath, [join(entries, 'owner.js')], {
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
    env: { ...process.env, PIPELINE_HOME: home, PIPELINE_CACHE: cache },
  })
  child.unref()
  const until = Date.now() + ownerStartMs
  while (Date.now() < until) {
    const owner = await attachToOwner(home).catch(() => null)
    if (owner !== null) return owner
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new AppError({
    code: 'OWNER_FAILED',
    message: 'The background process did not start.',
    hint: 'Run the command without --detach to see why; its log is in the log folder.',
  })
}
