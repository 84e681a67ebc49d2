import { expect, it } from 'vitest'
import { parseVersion } from './find.ts'

it.each([
  ['openjdk version "17.0.15" 2025-04-15', 17],
  ['java version "1.8.0_412"', 8],
  ['openjdk version "25" 2025-09-16', 25],
  ['openjdk version "21-ea" 2023', 21],
])('reads %s', (text, major) => expect(parseVersion(text)?.major).toBe(major))

it('is not fooled by another program', () => {
  expect(parseVersion('The operation couldn’t be completed. Unable to locate a Java Runtime.')).toBeNull()
})
