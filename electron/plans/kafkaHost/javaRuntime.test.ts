import { expect, it } from 'vitest'
import type { HostFacts } from './factsCommands.ts'
import { javaArchive, javaFolder, temurin } from './javaRuntime.ts'

const mirror = 'https://mirror.example/temurin/'
const on = (arch: string) => javaArchive(temurin, mirror, { arch } as HostFacts)

it.each([
  ['x86_64', 'x64'],
  ['aarch64', 'aarch64'],
] as const)('is where Temurin puts it, for %s', (arch, name) => {
  const archive = on(arch)
  const file = `OpenJDK17U-jre_${name}_linux_hotspot_17.0.20_8.tar.gz`
  expect(archive.sources).toEqual([{ url: `https://mirror.example/temurin/jdk-17.0.20%2B8/${file}` }])
  expect(archive.name).toBe(file)
  expect(archive.pinned).toMatch(/^[0-9a-f]{64}$/)
})

it('has a sum of its own for each processor, and a folder of its own for each version', () => {
  expect(on('x86_64').pinned).not.toBe(on('aarch64').pinned)
  expect(javaFolder(temurin)).toBe('/opt/pipeline-control/java/jdk-17.0.20+8-jre')
})
