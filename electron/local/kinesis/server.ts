/** Our own small, durable server of the Kinesis API on this computer (decision 1). */

import { mkdir } from 'node:fs/promises'
import type { AddressInfo, Server } from 'node:net'
import { AppError } from '../../../shared/errors.ts'
import { lockFolder } from '../../lib/folderLock.ts'
import { Fault } from './fault.ts'
import { kinesisFront } from './http.ts'
import type { LoweredLimit } from './limits.ts'
import { keptOf, shardOf } from './liveStream.ts'
import { openStore, type Store } from './store.ts'

export interface KinesisServerOptions {
  /** Folder of its data, made where there is none. One server only may use it. */
  readonly dir: string
  /** 0 chooses one. */
  readonly port: number
  /** Refuse what AWS would refuse for throughput and size. */
  readonly enforceLimits: boolean
  readonly host?: string
  readonly region?: string
  readonly log: (line: string) => void
  /** ms since 1970 */
  readonly now?: () => number
  /** A data file is closed at this size, bytes. */
  readonly segmentBytes?: number
  /** How long a subscription of enhanced fan-out lasts, ms; AWS's five minutes unless a test cannot wait for them. */
  readonly subscriptionMs?: number
}

/** `records` and `bytes` are what is kept now; the others count since the start. */
export interface StreamStats {
  readonly records: number
  readonly bytes: number
  readonly accepted: number
  readonly throttled: number
}

export interface KinesisServer {
  readonly endpoint: string
  readonly port: number
  /** By stream name. */
  stats(): ReadonlyMap<string, StreamStats>
  /** An incident's limit of one shard; null heals. Throws AppError STREAM_NOT_FOUND. */
  limit(stream: string, shard: string, to: LoweredLimit | null): void
  /** Answers what is being worked on, then ends. */
  close(): Promise<void>
}

/** AWS ends a subscription to a shard after five minutes. */
const defaultSubscriptionMs = 300_000
const defaultSegmentBytes = 64 * 1024 * 1024
/** How often records beyond their retention are looked for, ms. */
const expireEveryMs = 60_000

/** Starts it on 127.0.0.1. Throws AppError where the port is taken or the data cannot be understood. */
export async function startKinesisServer(options: KinesisServerOptions): Promise<KinesisServer> {
  const { dir, host = '127.0.0.1', log, now = Date.now } = options
  let store: Store | null = null
  let port = options.port
  const opened = (): Store => {
    if (!store) throw new Error('Not open yet')
    return store
  }
  const front = kinesisFront(opened, () => [`${host}:${port}`, `localhost:${port}`], log)
  port = await listen(front.server, host, options.port)
  let release = async () => {}
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 })
    release = await lockFolder(dir)
    store = await openStore({
      dir,
      region: options.region ?? 'us-east-1',
      enforceLimits: options.enforceLimits,
      segmentBytes: options.segmentBytes ?? defaultSegmentBytes,
      subscriptionMs: options.subscriptionMs ?? defaultSubscriptionMs,
      now,
      log,
    })
  } catch (thrown) {
    await front.close()
    await release()
    throw thrown instanceof AppError ? thrown : folderUnusable(dir, thrown)
  }
  const expire = () =>
    opened()
      .expire()
      .catch((reason: unknown) => log(`Cannot clean up: ${reason}`))
  void expire()
  const timer = setInterval(() => void expire(), expireEveryMs)

  return {
    endpoint: `http://${host}:${port}`,
    port,
    stats: () =>
      new Map(
        opened()
          .all()
          .map((stream) => [
            stream.meta.name,
            { ...keptOf(stream), accepted: stream.accepted, throttled: stream.throttled },
          ]),
      ),
    limit(name, shard, to) {
      try {
        shardOf(opened().find({ StreamName: name }), shard).live.limits.lower(to)
      } catch (thrown) {
        throw thrown instanceof Fault ? unknownShard(thrown) : thrown
      }
    },
    async close() {
      clearInterval(timer)
      await front.close()
      await opened().close()
      await release()
    },
  }
}

const unknownShard = (fault: Fault): AppError =>
  new AppError(
    {
      code: 'STREAM_NOT_FOUND',
      message: fault.message,
      hint: 'Choose a stream and a shard of the page Streams.',
      field: 'shard',
    },
    fault,
  )

function folderUnusable(dir: string, thrown: unknown): AppError {
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError(
    {
      code: 'KINESIS_FOLDER',
      message: `The local Kinesis cannot use its folder ${dir}: ${reason}`,
      hint: 'Check that the folder can be written to and that the disk is not full.',
    },
    thrown,
  )
}

function cannotListen(port: number, thrown: NodeJS.ErrnoException): AppError {
  if (thrown.code === 'EADDRINUSE') {
    return new AppError(
      {
        code: 'PORT_TAKEN',
        message: `Another program uses the port of the local Kinesis: ${port}`,
        hint: 'Choose another port in the settings of the pipeline; 0 lets the app choose one.',
      },
      thrown,
    )
  }
  return new AppError(
    {
      code: 'PORT_UNUSABLE',
      message: `The local Kinesis cannot listen on port ${port}: ${thrown.message}`,
      hint: 'Choose another port in the settings of the pipeline; 0 lets the app choose one.',
    },
    thrown,
  )
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (thrown) => reject(cannotListen(port, thrown)))
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
