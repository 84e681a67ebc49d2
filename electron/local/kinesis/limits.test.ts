/** A shard's second is used up exactly where AWS's quotas say, and fills again with time. */
import { expect, it } from 'vitest'
import { pushLimit, shardLimits } from './limits.ts'

const take = (times: number, one: () => boolean) => Array.from({ length: times }, one).filter(Boolean).length

it('takes 1,000 records a second', () => {
  const limits = shardLimits()
  expect(take(1_500, () => limits.write(10, 0))).toBe(1_000)
  expect(take(500, () => limits.write(10, 100))).toBe(100)
  expect(take(2_000, () => limits.write(10, 60_000))).toBe(1_000)
})

it('takes 1 MiB a second', () => {
  const limits = shardLimits()
  expect(take(20, () => limits.write(104_858, 0))).toBe(9)
  expect(limits.write(83_000, 0)).toBe(true)
})

it('takes a record larger than a second of bytes, which the following seconds pay for', () => {
  const limits = shardLimits()
  expect(limits.write(3 * 1_048_576, 0)).toBe(true)
  expect(limits.write(1, 1_000)).toBe(false)
  expect(limits.write(1, 2_001)).toBe(true)
})

it('gives five reads a second, and a large answer blocks the next ones', () => {
  const limits = shardLimits()
  expect(take(10, () => limits.read(0))).toBe(5)
  expect(limits.read(200)).toBe(true)
  limits.didRead(10 * 1_048_576)
  expect(limits.read(2_000)).toBe(false)
  expect(limits.read(5_200)).toBe(true)
})

it('pushes 2 MiB a second to each consumer, and a large push delays the next', () => {
  const limit = pushLimit()
  expect(limit.wait(1_000)).toBe(0)
  limit.didPush(2_097_152, 1_000)
  expect(limit.wait(1_000)).toBe(0)
  limit.didPush(4_194_304, 1_000)
  expect(limit.wait(1_000)).toBe(2_000)
  expect(limit.wait(2_000)).toBe(1_000)
  expect(limit.wait(3_000)).toBe(0)
})

it('is not confused by a clock that goes back', () => {
  const limits = shardLimits()
  expect(take(1_500, () => limits.write(10, 10_000))).toBe(1_000)
  expect(limits.write(10, 0)).toBe(false)
  expect(limits.write(10, 100)).toBe(true)
})

it('takes less while an incident lowers it, and as before once that is over or healed', () => {
  const limits = shardLimits()
  limits.lower({ recordsPerSecond: 3, until: 5_000 })
  expect(limits.lowered(0)).toBe(true)
  expect(take(100, () => limits.write(10, 0))).toBe(3)
  expect(take(100, () => limits.write(10, 1_000))).toBe(3)
  expect(limits.lowered(5_000)).toBe(false)
  expect(take(2_000, () => limits.write(10, 6_000))).toBe(1_000)
  limits.lower({ recordsPerSecond: 0, until: 60_000 })
  expect(take(100, () => limits.write(10, 8_000))).toBe(0)
  limits.lower(null)
  expect(take(100, () => limits.write(10, 9_000))).toBe(100)
})
