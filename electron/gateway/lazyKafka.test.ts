import { expect, it } from 'vitest'
import { memoryKafka } from '../../tests/helpers/memoryKafka.ts'
import { lazyKafka } from './lazyKafka.ts'

it('connects once, with the first call, and again after it could not', async () => {
  const real = memoryKafka()
  real.add('t', 1)
  let tries = 0
  const kafka = lazyKafka(async () => {
    tries += 1
    if (tries === 1) throw new Error('no broker yet')
    return real
  })
  expect(tries).toBe(0)
  await expect(kafka.topics()).rejects.toThrow('no broker yet')
  const [topics, brokers] = await Promise.all([kafka.topics(), kafka.brokers()])
  expect([topics.length, brokers.brokers.length, tries]).toEqual([1, 1, 2])
  await kafka.close()
  await expect(kafka.topics()).rejects.toThrow('closed')
})
