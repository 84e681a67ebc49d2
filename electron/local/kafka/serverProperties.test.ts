import { expect, it } from 'vitest'
import { heapMiB, serverProperties } from './serverProperties.ts'

it('binds to loopback only and keeps odd folder names whole', () => {
  const text = serverProperties({ port: 9092, controllerPort: 9093, dataFolder: 'C:\\Users\\a b' })
  expect(text).toContain('listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093\n')
  expect(text).toContain('log.dirs=C:\\\\Users\\\\a b\n')
  expect(text).not.toContain('0.0.0.0')
})

it('fits the heap to the machine', () => {
  expect([1, 4, 8, 24].map((gib) => heapMiB(gib * 1024 ** 3))).toEqual([256, 400, 512, 1024])
})
