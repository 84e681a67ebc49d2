import { expect, it } from 'vitest'
import { createDelay } from './delay.ts'

it('holds back, lets go at once when it is healed, and ends by itself', async () => {
  let now = 0
  let delayed = 0
  const count = () => {
    delayed += 1
  }
  const delay = createDelay(count, () => now)
  await delay.wait()
  expect(delayed).toBe(0)
  delay.set({ delayMs: 100_000, until: 1_000_000 })
  const answers = Promise.all([delay.wait(), delay.wait()])
  let gone = false
  void answers.then(() => {
    gone = true
  })
  await new Promise((resolve) => setImmediate(resolve))
  expect(gone).toBe(false)
  delay.set({ delayMs: 0, until: 0 })
  await answers
  expect(delayed).toBe(2)
  delay.set({ delayMs: 100_000, until: 1_000_000 })
  now = 1_000_000
  await delay.wait()
  expect(delayed).toBe(2)
})
