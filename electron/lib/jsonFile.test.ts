import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { readJsonFile, writeJsonFile } from './jsonFile.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pipeline-json-'))
})
afterEach(() => rm(folder, { recursive: true }))

const format = {
  schema: z.object({ version: z.literal(2), name: z.string() }),
  version: 2,
  migrations: { 1: ({ title, ...rest }: Record<string, unknown>) => ({ ...rest, name: title }) },
}

it('writes for its owner only, and reads back', async () => {
  const file = join(folder, 'deep', 'a.json')
  await writeJsonFile(file, { version: 2, name: 'x' })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(await readJsonFile(file, format)).toEqual({ value: { version: 2, name: 'x' }, problem: null })
})

it('has nothing to say about a file that is not there', async () => {
  expect(await readJsonFile(join(folder, 'none.json'), format)).toEqual({ value: null, problem: null })
})

it('migrates an older version', async () => {
  const file = join(folder, 'old.json')
  await writeFile(file, '{"version":1,"title":"x"}')
  expect((await readJsonFile(file, format)).value).toEqual({ version: 2, name: 'x' })
})

it('refuses a newer version and leaves it as it is', async () => {
  const file = join(folder, 'new.json')
  await writeFile(file, '{"version":3,"name":5}')
  expect(await readJsonFile(file, format)).toMatchObject({ value: null, problem: { code: 'FILE_NEWER' } })
  expect(await readFile(file, 'utf8')).toContain('"version":3')
})

it.each(['{"version":2,"name":5}', '{"version":2', '[]', ''])(
  'keeps the damaged file %j and says why',
  async (text) => {
    const file = join(folder, 'bad.json')
    await writeFile(file, text)
    const { value, problem } = await readJsonFile(file, format)
    expect(value).toBeNull()
    expect(problem).toMatchObject({ code: 'FILE_DAMAGED' })
    expect(await readFile(`${file}.bad`, 'utf8')).toBe(text)
  },
)
