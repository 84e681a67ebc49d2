import { expect, it } from 'vitest'
import { parseApacheSum } from './apacheSum.ts'

const hex = '0123456789abcdef'.repeat(8)
const groups = hex
  .toUpperCase()
  .replace(/(.{8})/g, '$1 ')
  .trim()

it('reads Apache’s own form over several lines', () => {
  const lines = groups.split(' ')
  const text = `kafka_2.13-4.3.1.tgz: ${lines.slice(0, 6).join(' ')}\n                      ${lines.slice(6, 12).join(' ')}\n                      ${lines.slice(12).join(' ')}\n`
  expect(parseApacheSum(text)).toBe(hex)
})

it('reads the form of sha512sum and the bare digest', () => {
  expect(parseApacheSum(`${hex}  kafka_2.13-4.3.1.tgz\n`)).toBe(hex)
  expect(parseApacheSum(`SHA512 (kafka_2.13-4.3.1.tgz) = ${hex}\n`)).toBe(hex)
  expect(parseApacheSum(hex)).toBe(hex)
})

it('refuses a page that is no sum', () => {
  expect(parseApacheSum('<html>404: not found</html>')).toBeNull()
  expect(parseApacheSum(`kafka: ${groups.slice(0, -9)}`)).toBeNull()
})
