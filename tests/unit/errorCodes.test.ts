/** Every code a person can meet is explained in docs/errors.md, and nothing is explained that does not exist. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'

const root = resolve(import.meta.dirname, '../..')

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /(?<!\.test)\.tsx?$/.test(entry.name))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
}

it('documents each error code', () => {
  const used = new Set(
    [...sources('shared'), ...sources('electron'), ...sources('renderer')].flatMap((text) =>
      [...text.matchAll(/\bcode: '([A-Z][A-Z0-9_]+)'/g)].map((match) => match[1] ?? ''),
    ),
  )
  const documented = new Set(
    [...readFileSync(join(root, 'docs/errors.md'), 'utf8').matchAll(/^\| `([A-Z][A-Z0-9_]+)` \|/gm)].map(
      (match) => match[1] ?? '',
    ),
  )
  expect(used.size).toBeGreaterThan(0)
  expect([...used].filter((code) => !documented.has(code)).sort()).toEqual([])
  expect([...documented].filter((code) => !used.has(code)).sort()).toEqual([])
})
