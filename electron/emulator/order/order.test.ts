import { expect, it } from 'vitest'
import { createOrder } from './order.ts'

const take = (count: number, order: ReturnType<typeof createOrder>) => Array.from({ length: count }, order)

it('replays the original: rows and sleeps of seed 100', () => {
  const draws = take(12, createOrder({ order: 'faithful', seed: 100, size: 11_154 }))
  expect(draws.map(({ index }) => index)).toEqual([
    7528, 2863, 5730, 8304, 8731, 1313, 4315, 10794, 5494, 5069, 2923, 3089,
  ])
  expect(draws.map(({ sleepMs }) => sleepMs / 1_000)).toEqual([0, 1, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0])
})

it('repeats rows as often as the original (F-65): 963 different ones of 1,000, 4,014 of 5,000', () => {
  const different = (count: number) =>
    new Set(
      take(count, createOrder({ order: 'faithful', seed: 100, size: 11_154 })).map(({ index }) => index),
    ).size
  expect([500, 1_000, 5_000].map(different)).toEqual([494, 963, 4_014])
})

it('never draws a row a small source does not have (F-75)', () => {
  for (const order of ['faithful', 'sequential', 'random'] as const) {
    const rows = take(500, createOrder({ order, seed: 100, size: 7 })).map(({ index }) => index)
    expect(Math.max(...rows)).toBe(6)
    expect(Math.min(...rows)).toBe(0)
  }
})

it('walks through all rows and begins again', () => {
  const rows = take(5, createOrder({ order: 'sequential', seed: 100, size: 3 })).map(({ index }) => index)
  expect(rows).toEqual([0, 1, 2, 0, 1])
})

it('draws other rows with another seed, and the same again with the same', () => {
  const rows = (seed: number) =>
    take(50, createOrder({ order: 'random', seed, size: 11_154 })).map(({ index }) => index)
  expect(rows(1)).toEqual(rows(1))
  expect(rows(1)).not.toEqual(rows(2))
})

it('keeps the original’s sleeps under every order', () => {
  const sleeps = (order: 'faithful' | 'sequential' | 'random') =>
    take(50, createOrder({ order, seed: 100, size: 11_154 })).map(({ sleepMs }) => sleepMs)
  expect(sleeps('sequential')).toEqual(sleeps('faithful'))
  expect(sleeps('random')).toEqual(sleeps('faithful'))
})
