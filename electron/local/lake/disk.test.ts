import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeFolder, namesIn, renameDurably } from './disk.ts'

const failing = (codes: string[]) => async () => {
  const code = codes.shift()
  if (code) throw Object.assign(new Error(code), { code })
}

it('tries a busy file again on Windows, and nowhere else', async () => {
  const codes = ['EBUSY', 'EPERM', 'EACCES']
  await renameDurably('a', tmpdir(), 'win32', failing(codes))
  expect(codes).toEqual([])
  await expect(renameDurably('a', tmpdir(), 'linux', failing(['EBUSY']))).rejects.toThrow('EBUSY')
  await expect(renameDurably('a', tmpdir(), 'win32', failing(['ENOENT']))).rejects.toThrow('ENOENT')
})

it('makes folders, lists them and moves files', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'disk-'))
  expect(await namesIn(join(dir, 'a', 'b'))).toEqual([])
  await makeFolder(join(dir, 'a', 'b'))
  await makeFolder(join(dir, 'a', 'b'))
  await writeFile(join(dir, 'x'), '1')
  await renameDurably(join(dir, 'x'), join(dir, 'a', 'b', 'y'))
  expect(await readFile(join(dir, 'a', 'b', 'y'), 'utf8')).toBe('1')
  expect(await namesIn(join(dir, 'a', 'b'))).toEqual(['y'])
  await rm(dir, { recursive: true })
})
