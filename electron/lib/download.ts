/** Downloads a file: resumed where it was cut, checked by its sum, and in its place only when it is whole. */
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { Readable, Transform, Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import type { Response } from 'undici'
import { AppError } from '../../shared/errors.ts'
import { type Network, openFetcher } from './network.ts'

export interface Download {
  readonly url: string
  readonly file: string
  /** `hex` is null where nobody tells it: then the file must be a whole archive: gzip, which keeps a sum of its own, or a `.jar`. */
  readonly sum: { readonly algorithm: 'sha256' | 'sha512'; readonly hex: string | null }
  readonly network?: Network
  readonly signal: AbortSignal
  progress(received: number, total: number | null): void
}

/** Hex digest of a file. */
export async function fileSum(file: string, algorithm: 'sha256' | 'sha512'): Promise<string> {
  const hash = createHash(algorithm)
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => null))?.size ?? 0
}

/** A small answer as text, or null where the server has none; throws what the connection fails with. */
export async function fetchText(
  url: string,
  { network = {}, signal }: { readonly network?: Network; readonly signal: AbortSignal },
): Promise<{ readonly status: number; readonly text: string }> {
  const fetcher = openFetcher(network)
  try {
    const answer = await fetcher.fetch(url, { signal })
    return { status: answer.status, text: await answer.text() }
  } finally {
    await fetcher.close()
  }
}

function refused(status: number, url: string): AppError {
  return new AppError({
    code: 'DOWNLOAD_REFUSED',
    message: `The download was answered with ${status}: ${url}`,
    hint: 'Check the mirror in Settings, or try again later.',
  })
}

async function store(response: Response, have: number, part: string, wanted: Download): Promise<void> {
  const { signal, progress, url } = wanted
  if (!response.ok || response.body === null) throw refused(response.status, url)
  const resumed = response.status === 206
  const length = Number(response.headers.get('content-length') ?? Number.NaN)
  let received = resumed ? have : 0
  const total = Number.isFinite(length) ? received + length : null
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      received += chunk.length
      progress(received, total)
      done(null, chunk)
    },
  })
  const out = createWriteStream(part, { flags: resumed ? 'a' : 'w' })
  await pipeline(Readable.fromWeb(response.body), counted, out, { signal })
}

/** One try; what was received stays in `part` for the next. */
async function receive(wanted: Download, part: string): Promise<void> {
  const { url, signal, network = {} } = wanted
  const have = await sizeOf(part)
  const fetcher = openFetcher(network)
  try {
    const response = await fetcher.fetch(url, {
      signal,
      headers: have > 0 ? { range: `bytes=${have}-` } : {},
    })
    // 416: everything is here already, or the file changed; the sum tells which.
    if (response.status !== 416) await store(response, have, part, wanted)
  } finally {
    await fetcher.close()
  }
}

function failure(thrown: unknown, { url, file }: Download): AppError {
  if (thrown instanceof AppError) return thrown
  const full = (thrown as NodeJS.ErrnoException | null)?.code === 'ENOSPC'
  if (full) {
    const message = `The disk is full; there is no room for ${file}`
    return new AppError({ code: 'DISK_FULL', message, hint: 'Free some space and press Retry.' }, thrown)
  }
  return new AppError(
    {
      code: 'DOWNLOAD_FAILED',
      message: `The download broke off: ${url}`,
      hint: 'Check the network or the proxy in Settings and press Retry; it goes on where it stopped.',
    },
    thrown,
  )
}

/** A zip ends with the record of its directory: 22 bytes and a comment of at most 64 KiB. */
const zipTail = 65_557

/** Throws what is wrong with it: cut short, damaged, or something else. */
async function unpacks(file: string, name: string): Promise<void> {
  if (name.endsWith('.jar')) {
    const handle = await open(file)
    try {
      const { size } = await handle.stat()
      const length = Math.min(size, zipTail)
      const { buffer: head } = await handle.read(Buffer.alloc(2), 0, 2, 0)
      const { buffer: tail } = await handle.read(Buffer.alloc(length), 0, length, size - length)
      if (head.toString() !== 'PK' || !tail.includes('PK\x05\x06')) throw new Error('it is no whole zip')
      return
    } finally {
      await handle.close()
    }
  }
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() })
  await pipeline(createReadStream(file), createGunzip(), nowhere)
}

/**
 * Downloads unless the right file is there; answers its hex digest. Throws AppError DOWNLOAD_REFUSED, DOWNLOAD_FAILED,
 * DOWNLOAD_DAMAGED, DISK_FULL or SUM_DIFFERS.
 */
export async function download(wanted: Download): Promise<string> {
  const { file, sum, url, signal } = wanted
  if ((await sizeOf(file)) > 0) {
    const has = await fileSum(file, sum.algorithm)
    if (sum.hex === null || has === sum.hex) return has
  }
  const part = `${file}.part`
  try {
    await mkdir(dirname(file), { recursive: true })
    await receive(wanted, part)
  } catch (thrown) {
    signal.throwIfAborted()
    throw failure(thrown, wanted)
  }
  const found = await fileSum(part, sum.algorithm)
  if (sum.hex === null) {
    await unpacks(part, file).catch(async (thrown) => {
      await rm(part, { force: true })
      throw damaged(url, thrown)
    })
  } else if (found !== sum.hex) {
    await rm(part, { force: true })
    throw new AppError({
      code: 'SUM_DIFFERS',
      message: `The downloaded file is not what its publisher signed for (${sum.algorithm} differs): ${url}`,
      hint: 'It was deleted. Try again; if it happens twice, choose another mirror in Settings.',
    })
  }
  await rename(part, file)
  return found
}

function damaged(url: string, thrown: unknown): AppError {
  return new AppError(
    {
      code: 'DOWNLOAD_DAMAGED',
      message: `What was downloaded is no whole archive: ${url}`,
      hint: 'It was deleted. A proxy or a sign-in page may have answered instead; check the address in Settings and try again.',
    },
    thrown,
  )
}
