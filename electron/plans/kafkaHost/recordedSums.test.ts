import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { recordedSums } from './recordedSums.ts'

let folder = ''
const file = () => join(folder, 'sums.json')
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sums-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const [first, second] = ['a'.repeat(64), 'b'.repeat(64)]

it('the first sum of an archive stays, also for the next start', async () => {
  const sums = recordedSums(file())
  expect(await sums.of('one.tar.gz')).toBe(null)
  await Promise.all([sums.record('one.tar.gz', first), sums.record('two.tar.gz', second)])
  await sums.record('one.tar.gz', second)
  const again = recordedSums(file())
  expect([await again.of('one.tar.gz'), await again.of('two.tar.gz')]).toEqual([first, second])
})

it('a damaged file is told and kept, not taken for none', async () => {
  await writeFile(file(), '{"version":1,"archives":{"one.tar.gz":{"sha256":"short","at":1}}}')
  await expect(recordedSums(file()).of('one.tar.gz')).rejects.toMatchObject({ code: 'FILE_DAMAGED' })
  expect(await readFile(`${file()}.bad`, 'utf8')).toContain('short')
})
