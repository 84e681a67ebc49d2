import { expect, it } from 'vitest'
import { memoryKafka } from '../../tests/helpers/memoryKafka.ts'
import { createTopicCache } from './topicCache.ts'

it('remembers a topic for a while, and never that one is missing', async () => {
  const kafka = memoryKafka()
  let asked = 0
  let time = 0
  const { topics } = kafka
  Object.assign(kafka, {
    topics: (names?: readonly string[]) => {
      asked += 1
      return topics(names)
    },
  })
  const cache = createTopicCache(kafka, () => time)
  expect([await cache.find('t'), await cache.find('not a name'), asked]).toEqual([null, null, 1])
  kafka.add('t', 1)
  expect((await cache.find('t'))?.partitions).toHaveLength(1)
  kafka.add('t', 2)
  time = 4_999
  expect((await cache.find('t'))?.partitions).toHaveLength(1)
  expect(asked).toBe(2)
  time = 5_000
  expect(
    (await Promise.all([cache.find('t'), cache.find('t')])).map((topic) => topic?.partitions.length),
  ).toEqual([2, 2])
  expect(asked).toBe(3)
  cache.forget('t')
  await cache.find('t')
  expect(asked).toBe(4)
})
