/** Files to and from a host: written aside, resumed after a cut, renamed when whole. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { type FileHandle, open, rename, stat } from 'node:fs/promises'
import { posix } from 'node:path'
import type { Client, SFTPWrapper } from 'ssh2'
import { AppError } from '../../../shared/errors.ts'
import { sshError, sshProblem, type Where } from './errors.ts'
import type { TransferOptions, Uploaded, UploadOptions } from './types.ts'

/** Bytes of one request: what every SFTP server takes (32 KiB of data in a packet of 34,000 bytes, draft-ietf-secsh-filexfer-02). */
const chunk = 32 * 1024
/** Requests under way at once: 2 MiB, as much as an SSH channel's window. */
const atOnce = 64
/** Requests arrive out of order, so that behind the end of a file that was cut off holes may lie this far back. */
const uncertain = chunk * atOnce
const progressMs = 100

export interface Transfer {
  readonly client: Client
  readonly where: Where
}

/** Content: a file here, or bytes. */
interface Source {
  readonly size: number
  readonly sum: string
  read(buffer: Buffer, at: number): Promise<number>
  close(): Promise<void>
}

export async function uploadOn(
  { client, where }: Transfer,
  from: string | Uint8Array,
  path: string,
  { signal, onProgress, mode = 0o644 }: UploadOptions,
): Promise<Uploaded> {
  const sftp = await openSftp(client, where)
  const source = await openSource(from, signal).catch((thrown) => {
    sftp.end()
    throw thrown
  })
  const ended = endWith(sftp, signal)
  try {
    const folder = posix.dirname(path)
    const part = posix.join(folder, `.${posix.basename(path)}.${source.sum.slice(0, 16)}.part`)
    const before = await sizeOf(sftp, part)
    const resumedAt = before === null || before > source.size ? 0 : alignedBefore(before)
    // A new file is its owner's alone until it is whole.
    const handle = await ask<Buffer>((done) =>
      sftp.open(part, resumedAt === 0 ? 'w' : 'r+', { mode: 0o600 }, done),
    )
    await pump(resumedAt, source.size, signal, onProgress, async (buffer, at) => {
      const length = await source.read(buffer, at)
      await ask<void>((done) => sftp.write(handle, buffer, 0, length, at, (error) => done(error, undefined)))
      return length
    })
    await ask<void>((done) => sftp.fchmod(handle, mode, (error) => done(error, undefined)))
    await ask<void>((done) => sftp.close(handle, (error) => done(error, undefined)))
    await replace(sftp, part, path)
    return { bytes: source.size, resumedAt }
  } catch (thrown) {
    signal?.throwIfAborted()
    throw fileError(thrown, where, path)
  } finally {
    ended()
    await source.close()
  }
}

export async function downloadOn(
  { client, where }: Transfer,
  path: string,
  to: string,
  { signal, onProgress }: TransferOptions,
): Promise<Uploaded> {
  const sftp = await openSftp(client, where)
  const ended = endWith(sftp, signal)
  let file: FileHandle | null = null
  try {
    const { size, mtime } = await ask<{ size: number; mtime: number }>((done) =>
      sftp.stat(path, done as never),
    )
    const part = `${to}.${size}-${mtime}.part`
    const before = await stat(part).catch(() => null)
    const resumedAt = before === null || before.size > size ? 0 : alignedBefore(before.size)
    file = await open(part, resumedAt === 0 ? 'w' : 'r+', 0o600)
    const target = file
    const handle = await ask<Buffer>((done) => sftp.open(path, 'r', done))
    await pump(resumedAt, size, signal, onProgress, async (buffer, at) => {
      const length = await ask<number>((done) =>
        sftp.read(handle, buffer, 0, Math.min(chunk, size - at), at, (error, read) => done(error, read)),
      )
      await target.write(buffer, 0, length, at)
      return length
    })
    await ask<void>((done) => sftp.close(handle, (error) => done(error, undefined)))
    await file.sync()
    await file.close()
    file = null
    await rename(part, to)
    return { bytes: size, resumedAt }
  } catch (thrown) {
    signal?.throwIfAborted()
    throw fileError(thrown, where, path)
  } finally {
    ended()
    await file?.close()
  }
}

export async function readTextOn(
  { client, where }: Transfer,
  path: string,
  limit: number,
): Promise<string | null> {
  const sftp = await openSftp(client, where)
  try {
    const size = await sizeOf(sftp, path)
    if (size === null) return null
    // Files of /proc and /sys say 0 and have more; what is larger than said is cut at the limit.
    const handle = await ask<Buffer>((done) => sftp.open(path, 'r', done))
    const parts: Buffer[] = []
    let at = 0
    for (;;) {
      const buffer = Buffer.alloc(chunk)
      const length = await ask<number>((done) =>
        sftp.read(handle, buffer, 0, chunk, at, (error, read) =>
          // 1 is SSH_FX_EOF.
          (error as { code?: number } | undefined)?.code === 1 ? done(undefined, 0) : done(error, read),
        ),
      )
      if (length === 0) break
      parts.push(buffer.subarray(0, length))
      at += length
      if (at > limit) throw tooLarge(path, limit)
    }
    return Buffer.concat(parts).toString('utf8')
  } catch (thrown) {
    throw fileError(thrown, where, path)
  } finally {
    sftp.end()
  }
}

const alignedBefore = (size: number) => Math.max(0, Math.floor((size - uncertain) / chunk) * chunk)

/** Moves everything from `start` to `size` with many requests under way; the first failure ends it. */
async function pump(
  start: number,
  size: number,
  signal: AbortSignal | undefined,
  onProgress: TransferOptions['onProgress'],
  move: (buffer: Buffer, at: number) => Promise<number>,
): Promise<void> {
  let next = start
  let done = start
  let told = 0
  let failed = false
  const lane = async () => {
    const buffer = Buffer.alloc(chunk)
    while (next < size && !failed) {
      signal?.throwIfAborted()
      const at = next
      const end = Math.min(at + chunk, size)
      next = end
      for (let place = at; place < end; ) {
        const part = buffer.subarray(0, end - place)
        const length = await move(part, place)
        if (length === 0) throw new Error('The file became shorter while it was copied')
        place += length
        done += length
      }
      if (Date.now() - told >= progressMs) {
        told = Date.now()
        onProgress?.(done, size)
      }
    }
  }
  const lanes = Array.from({ length: atOnce }, () =>
    lane().catch((thrown) => {
      failed = true
      throw thrown
    }),
  )
  await Promise.all(lanes)
  onProgress?.(done, size)
}

async function openSource(from: string | Uint8Array, signal: AbortSignal | undefined): Promise<Source> {
  if (typeof from !== 'string') {
    const bytes = Buffer.from(from.buffer, from.byteOffset, from.byteLength)
    return {
      size: bytes.length,
      sum: createHash('sha256').update(bytes).digest('hex'),
      read: async (buffer, at) => bytes.copy(buffer, 0, at),
      close: async () => {},
    }
  }
  const sum = createHash('sha256')
  for await (const part of createReadStream(from, { signal })) sum.update(part as Buffer)
  const file = await open(from, 'r')
  return {
    size: (await file.stat()).size,
    sum: sum.digest('hex'),
    read: async (buffer, at) => (await file.read(buffer, 0, buffer.length, at)).bytesRead,
    close: () => file.close(),
  }
}

function openSftp(client: Client, where: Where): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    try {
      client.sftp((error, sftp) => {
        if (!error) resolve(sftp)
        else if (/Channel open failure/i.test(error.message))
          reject(sshProblem('sessions', where.host, error))
        else reject(sshError(error, where))
      })
    } catch (thrown) {
      reject(sshError(thrown, where))
    }
  })
}

/** Ends the session with the signal, which fails what is under way; answers how to end it in any case. */
function endWith(sftp: SFTPWrapper, signal: AbortSignal | undefined): () => void {
  const end = () => sftp.end()
  sftp.on('error', () => {})
  signal?.addEventListener('abort', end, { once: true })
  return () => {
    signal?.removeEventListener('abort', end)
    end()
  }
}

function ask<T>(call: (done: (error: Error | undefined | null, value: T) => void) => void): Promise<T> {
  return new Promise((resolve, reject) => call((error, value) => (error ? reject(error) : resolve(value))))
}

function sizeOf(sftp: SFTPWrapper, path: string): Promise<number | null> {
  return new Promise((resolve, reject) =>
    sftp.stat(path, (error, found) => {
      // 2 is SSH_FX_NO_SUCH_FILE.
      if (!error) resolve(found.size)
      else if ((error as { code?: number }).code === 2) resolve(null)
      else reject(error)
    }),
  )
}

/** In one step where the server can (OpenSSH); plain SFTP's rename refuses to replace. */
async function replace(sftp: SFTPWrapper, from: string, to: string): Promise<void> {
  const inOne = await ask<void>((done) =>
    sftp.ext_openssh_rename(from, to, (error) => done(error, undefined)),
  ).then(
    () => true,
    (thrown: { code?: number; message?: string }) => {
      // 8 is SSH_FX_OP_UNSUPPORTED; ssh2 itself throws where the server does not know it.
      if (thrown.code === 8 || /not support/i.test(thrown.message ?? '')) return false
      throw thrown
    },
  )
  if (inOne) return
  await ask<void>((done) => sftp.unlink(to, () => done(undefined, undefined)))
  await ask<void>((done) => sftp.rename(from, to, (error) => done(error, undefined)))
}

/** SFTP's status codes (draft-ietf-secsh-filexfer-02, 7) as words. */
function fileError(thrown: unknown, where: Where, path: string): AppError {
  if (thrown instanceof AppError) return thrown
  const { code, message = String(thrown) } = (thrown ?? {}) as { code?: number | string; message?: string }
  if (code === 2) {
    return new AppError(
      {
        code: 'SSH_FILE_MISSING',
        message: `There is no such file or folder on the host: ${path}`,
        hint: 'Check the path; the folder a file goes into must be there.',
      },
      thrown,
    )
  }
  if (code === 3) return sshProblem('permission', path, thrown)
  // OpenSSH's server says only "Failure" where the disk is full.
  if (code === 4) {
    return new AppError(
      {
        code: 'SSH_FILE_FAILED',
        message: `The host could not write or read the file (${message}): ${path}`,
        hint: 'Most often its disk is full: look with df -h. A folder in the place of the file gives the same.',
      },
      thrown,
    )
  }
  if (/No response|not connected|closed|ended|EOF/i.test(message)) {
    return sshProblem('lost', `${where.host}:${where.port}`, thrown)
  }
  return sshError(thrown, where)
}

function tooLarge(path: string, limit: number): AppError {
  return new AppError({
    code: 'SSH_FILE_LARGE',
    message: `The file has more than ${limit} bytes: ${path}`,
    hint: 'Download it instead.',
  })
}
