import { expect, it } from 'vitest'
import { parseGlibc, unfitLibrary } from './cLibrary.ts'

it('is read from what the host says', () => {
  expect(parseGlibc('glibc 2.26\n')).toEqual([2, 26])
  expect(parseGlibc('')).toBeNull()
})

it('fits where it is as new as what a program was built for', () => {
  expect(unfitLibrary([2, 17], [2, 17])).toBeNull()
  expect(unfitLibrary([2, 36], [2, 17])).toBeNull()
  expect(unfitLibrary([3, 0], [2, 17])).toBeNull()
  expect(unfitLibrary([2, 12], [2, 17])).toBe('glibc 2.12, 2.17 is needed')
  expect(unfitLibrary(null, [2, 17])).toContain('musl')
})
