import { expect, it } from 'vitest'
import { assetsUrl } from './download.ts'

it.each([
  ['linux', 'x64', false, 'architecture=x64&image_type=jre&os=linux&vendor=eclipse'],
  ['linux', 'arm64', true, 'architecture=aarch64&image_type=jre&os=alpine-linux&vendor=eclipse'],
  ['darwin', 'arm64', false, 'architecture=aarch64&image_type=jre&os=mac&vendor=eclipse'],
  ['win32', 'x64', false, 'architecture=x64&image_type=jre&os=windows&vendor=eclipse'],
] as const)('asks Adoptium for %s %s (musl: %s)', (platform, arch, musl, query) => {
  expect(assetsUrl('https://mirror.example/', { platform, arch, musl })).toBe(
    `https://mirror.example/v3/assets/latest/21/hotspot?${query}`,
  )
})

it('says so where there is none', () => {
  expect(() => assetsUrl('https://m', { platform: 'freebsd', arch: 'x64', musl: false })).toThrow(
    /freebsd x64/,
  )
})
