import { expect, it } from 'vitest'
import { isAlive, processStart } from './processStart.ts'

it('names this process for good', async () => {
  const start = await processStart(process.pid)
  expect(start).not.toBeNull()
  expect(await processStart(process.pid)).toBe(start)
  expect(await isAlive({ pid: process.pid, start: start ?? '' })).toBe(true)
})

it('tells another process of the same pid apart, and one that is gone', async () => {
  expect(await isAlive({ pid: process.pid, start: '0' })).toBe(false)
  for (const pid of [0, -1, 1.5, 2 ** 30]) expect(await processStart(pid), String(pid)).toBeNull()
})
