import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { holderOf, type Lock, socketPath, takeLock } from './backendLock.ts'

let home = ''
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'pipeline-lock-'))
})
afterEach(() => rm(home, { recursive: true }))

const who = { door: 'test', version: '1' }

it('is taken once, and the second learns who has it', async () => {
  const lock = (await takeLock(home, who)) as Lock
  expect(lock.release).toBeTypeOf('function')
  expect((await stat(join(home, 'backend.lock'))).mode & 0o777).toBe(0o600)
  expect(await takeLock(home, who)).toMatchObject({ pid: process.pid, door: 'test' })
  await lock.release()
  expect(await holderOf(home)).toBeNull()
  expect(await takeLock(home, who)).toHaveProperty('release')
})

it.each([
  ['a process that is gone', JSON.stringify({ pid: 2 ** 30, start: '1', socket: 's', ...who })],
  [
    'another process with the same pid',
    JSON.stringify({ pid: process.pid, start: '1', socket: 's', ...who }),
  ],
  ['a torn file', '{"pid":'],
])('is taken over from %s', async (_name, text) => {
  await writeFile(join(home, 'backend.lock'), text)
  expect(await holderOf(home)).toBeNull()
  expect(await takeLock(home, who)).toHaveProperty('release')
  expect(await readdir(home)).toEqual(['backend.lock'])
})

it('goes to exactly one of many who try at once', async () => {
  await writeFile(join(home, 'backend.lock'), '{}')
  const tries = await Promise.all(Array.from({ length: 20 }, () => takeLock(home, who)))
  expect(tries.filter((result) => 'release' in result)).toHaveLength(1)
})

it('keeps the socket’s path short enough for the system', () => {
  expect(socketPath('/home/a', 'linux')).toBe(join('/home/a', 'backend.sock'))
  expect(Buffer.byteLength(socketPath(`/${'x'.repeat(200)}`, 'darwin'))).toBeLessThan(104)
  expect(socketPath('C:\\Users\\a', 'win32')).toMatch(/^\\\\\.\\pipe\\pipeline-control-[0-9a-f]{16}$/)
})
