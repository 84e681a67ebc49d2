import { expect, it } from 'vitest'
import { namedPrograms, programsIn, usualFolders } from './places.ts'

const at = (platform: NodeJS.Platform, environment: Record<string, string>) => ({
  platform,
  environment,
  home: '/home/a',
  cache: '/cache',
})

it('looks in JAVA_HOME before PATH, on each system', () => {
  expect(namedPrograms(at('linux', { JAVA_HOME: '/j', PATH: '/a::/b' }))).toEqual([
    '/j/bin/java',
    '/a/java',
    '/b/java',
  ])
  expect(namedPrograms(at('win32', { JAVA_HOME: 'C:\\j', Path: 'C:\\a;C:\\b c' }))).toEqual([
    'C:\\j\\bin\\java.exe',
    'C:\\a\\java.exe',
    'C:\\b c\\java.exe',
  ])
})

it('never asks Apple’s stand-in, which opens a dialog', () => {
  expect(namedPrograms(at('darwin', { PATH: '/usr/bin:/opt/x/bin' }))).toEqual(['/opt/x/bin/java'])
})

it('takes a home, a bundle, or the program itself', () => {
  expect(programsIn('/j', 'linux')).toEqual(['/j/bin/java'])
  expect(programsIn('/j/bin/java', 'linux')).toEqual(['/j/bin/java'])
  expect(programsIn('/j/x.jdk', 'darwin')).toEqual(['/j/x.jdk/bin/java', '/j/x.jdk/Contents/Home/bin/java'])
  expect(programsIn('C:\\j', 'win32')).toEqual(['C:\\j\\bin\\java.exe'])
})

it('knows each system’s usual places, our own download first', () => {
  const folders = (platform: NodeJS.Platform) => usualFolders(at(platform, {})).map(({ folder }) => folder)
  expect(folders('linux')).toEqual(expect.arrayContaining(['/cache/java', '/usr/lib/jvm']))
  expect(folders('darwin')).toEqual(expect.arrayContaining(['/Library/Java/JavaVirtualMachines']))
  expect(folders('win32')).toEqual(expect.arrayContaining(['C:\\Program Files\\Eclipse Adoptium']))
  expect(folders('linux')[0]).toBe('/cache/java')
})
