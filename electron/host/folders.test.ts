import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { foldersOf } from './folders.ts'

const at = (...parts: string[]) => pathToFileURL(resolve('/app', ...parts)).href

it('finds out/ from a program, a chunk and an entry', () => {
  for (const url of [
    at('out', 'cli.js'),
    at('out', 'chunks', 'x-1.mjs'),
    at('out', 'entries', 'owner.mjs'),
  ]) {
    expect(foldersOf(url, {})).toMatchObject({
      out: resolve('/app/out'),
      entries: resolve('/app/out/entries'),
      resources: resolve('/app/resources'),
    })
  }
})

it('looks for children and the JVM’s files beside the archive', () => {
  const folders = foldersOf(at('app.asar', 'out', 'main.js'), {})
  expect(folders.entries).toBe(resolve('/app/app.asar.unpacked/out/entries'))
  expect(folders.resources).toBe(resolve('/app/app.asar.unpacked/resources'))
})

it('lets the user choose where the data is', () => {
  expect(foldersOf(at('out', 'cli.js'), { PIPELINE_HOME: join('some', 'place') }).home).toBe(
    resolve('some/place'),
  )
  expect(foldersOf(at('out', 'cli.js'), { PIPELINE_CACHE: '/c' }).cache).toBe(resolve('/c'))
})
