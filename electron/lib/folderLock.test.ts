/** A folder is taken once, given back, and taken over from a holder that is no more. */
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { lockFolder } from './folderLock.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lock-'))
})
afterEach(() => rm(folder, { recursive: true }))

it('is given back and can be taken again', async () => {
  await (await lockFolder(folder))()
  expect(await readdir(folder)).toEqual([])
  await (await lockFolder(folder))()
})

it('waits for a holder that is about to let go', async () => {
  const release = await lockFolder(folder)
  const second = lockFolder(folder)
  await release()
  await (await second)()
})

it('refuses while another holds it', async () => {
  await lockFolder(folder)
  await expect(lockFolder(folder, 0)).rejects.toMatchObject({ code: 'FOLDER_IN_USE' })
  expect(await readdir(folder)).toEqual(['in-use.json'])
})

it.each([
  ['a process that is gone', JSON.stringify({ pid: 2 ** 22 - 1, start: '1' })],
  ['a process whose pid another has now', JSON.stringify({ pid: process.pid, start: 'long ago' })],
  ['a file the disk has lost', '{"pid":'],
])('takes over from %s', async (_, content) => {
  await writeFile(join(folder, 'in-use.json'), content)
  await (await lockFolder(folder))()
})
