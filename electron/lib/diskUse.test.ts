import { mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { folderBytes } from './diskUse.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disk-use-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

it('counts what files take, in all folders below; a folder that is not there takes nothing', async () => {
  await mkdir(join(folder, 'data', 'deep'), { recursive: true })
  await writeFile(join(folder, 'data', 'one'), Buffer.alloc(1_000_000, 1))
  await writeFile(join(folder, 'data', 'deep', 'two'), Buffer.alloc(500_000, 1))
  const bytes = await folderBytes(join(folder, 'data'))
  expect(bytes).toBeGreaterThanOrEqual(1_400_000)
  expect(bytes).toBeLessThan(1_700_000)
  expect(await folderBytes(join(folder, 'nowhere'))).toBe(0)
})

// Windows' own file system gives a file its whole length at once.
it.skipIf(process.platform === 'win32')(
  'does not count what Kafka only sets aside for an index',
  async () => {
    const index = join(folder, 'sparse', '00000000000000000000.index')
    await mkdir(join(folder, 'sparse'))
    await writeFile(index, 'x')
    await truncate(index, 10_485_760)
    expect(await folderBytes(join(folder, 'sparse'))).toBeLessThan(200_000)
  },
)
