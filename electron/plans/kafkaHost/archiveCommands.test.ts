import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { notedSumScript, noteSumScript, sumScript, wholeScript } from './archiveCommands.ts'

const folder = mkdtempSync(join(tmpdir(), 'archive-commands-'))
afterAll(() => rmSync(folder, { recursive: true }))
const sh = (script: string) => execFileSync('sh', ['-s'], { input: script }).toString().trim()
const fails = (script: string) => {
  try {
    sh(script)
    return false
  } catch {
    return true
  }
}

it('a noted sum holds until the file is touched, whatever its size and time say then', () => {
  const file = join(folder, "no'de")
  writeFileSync(file, 'one')
  const real = sh(sumScript(file, 'sha256'))
  expect(sh(notedSumScript(file))).toBe(real)
  sh(noteSumScript(file, 'noted'))
  expect(sh(notedSumScript(file))).toBe('noted')
  writeFileSync(file, 'two')
  utimesSync(file, 1, 1)
  expect(sh(notedSumScript(file))).toBe(sh(sumScript(file, 'sha256')))
  expect(sh(notedSumScript(join(folder, 'none')))).toBe('')
})

it('a jar is whole with the magic of a zip and its directory; a page of HTML, and half of a jar, are not (F-07)', () => {
  const jar = join(folder, 'a.jar')
  execFileSync('python3', [
    '-c',
    `import zipfile; zipfile.ZipFile(${JSON.stringify(jar)}, 'w').writestr('x', 'y' * 100)`,
  ])
  expect(fails(wholeScript(jar))).toBe(false)
  writeFileSync(join(folder, 'page.jar'), '<html>PK not found</html>')
  expect(fails(wholeScript(join(folder, 'page.jar')))).toBe(true)
  execFileSync('sh', ['-c', `head -c 60 ${jar} > ${jar}.half.jar`])
  expect(fails(wholeScript(`${jar}.half.jar`))).toBe(true)
})
