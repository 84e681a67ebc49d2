import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readlink, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { wholeScript } from './archiveCommands.ts'
import { installedScript, unpackScript } from './unpackCommands.ts'

let work = ''
beforeEach(async () => {
  // A name that a shell would take apart.
  work = await mkdtemp(join(tmpdir(), "un pack'"))
})
afterEach(() => rm(work, { recursive: true, force: true }))

const shell = (script: string) => execFileSync('sh', ['-c', script], { stdio: 'pipe' }).toString()

/** An archive with one file in its one folder, and how it is put into place. */
async function made(text: string) {
  const archive = join(work, 'one.tar.gz')
  await mkdir(join(work, 'one', 'bin'), { recursive: true })
  await writeFile(join(work, 'one', 'bin', 'start'), text)
  execFileSync('tar', ['-czf', archive, '-C', work, 'one'])
  const sum = createHash('sha256')
    .update(await readFile(archive))
    .digest('hex')
  const [folder, current] = [join(work, 'to', 'one-1'), join(work, 'to', 'current')]
  return { archive, algorithm: 'sha256' as const, sum, holds: 'bin/start', folder, current }
}

it('puts an archive into its folder, and sees whatever is changed there', async () => {
  const one = await made('#!/bin/sh\n')
  const look = () => shell(installedScript(one.folder, one.current)).trim().split('\n')
  expect(look()[0]).toBe('absent')
  shell(unpackScript(one))
  expect(look()).toEqual(['same', one.folder])
  expect(await readlink(one.current)).toBe(one.folder)
  expect(existsSync(one.archive)).toBe(false)
  await writeFile(join(one.folder, 'bin', 'start'), 'longer than it was\n')
  expect(look()[0]).toBe('changed')
})

it('refuses another sum and another content, and leaves what was there', async () => {
  const one = await made('first\n')
  shell(unpackScript(one))
  const other = await made('second\n')
  expect(() => shell(unpackScript({ ...other, sum: '0'.repeat(64) }))).toThrow('another sum')
  expect(() => shell(unpackScript({ ...other, holds: 'bin/stop' }))).toThrow('bin/stop is not in it')
  expect(existsSync(`${one.folder}.part`)).toBe(false)
  expect(await readFile(join(one.folder, 'bin', 'start'), 'utf8')).toBe('first\n')
})

it('an archive that was cut is not whole', async () => {
  const { archive } = await made('x'.repeat(1_000))
  expect(() => shell(wholeScript(archive))).not.toThrow()
  await writeFile(archive, (await readFile(archive)).subarray(0, 100))
  expect(() => shell(wholeScript(archive))).toThrow()
})
