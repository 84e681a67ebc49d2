import { expect, it } from 'vitest'
import { createPartitioner } from './partitioner.ts'

// Values of org.apache.kafka.common.utils.UtilsTest.testMurmur2: toPositive(hash) % 1000.
it.each([
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
])('sends the key %s where the Java producer sends it', (key, hash) => {
  const record = { key: Buffer.from(key), value: null }
  expect(createPartitioner().choose('t', record, 1_000)).toBe((hash & 0x7fffffff) % 1_000)
})

it('sends keyless records in turn, topic by topic', () => {
  const partitioner = createPartitioner(1)
  const turn = (topic: string) => partitioner.choose(topic, { value: null }, 3)
  expect([turn('a'), turn('a'), turn('b'), turn('a'), turn('a')]).toEqual([1, 2, 1, 0, 1])
})

it('treats an empty key as a key', () => {
  const partitioner = createPartitioner(0)
  const choose = () => partitioner.choose('a', { key: Buffer.alloc(0), value: null }, 7)
  expect(choose()).toBe(choose())
})

it('refuses a partition that is not there', () => {
  const choose = (partition: number) => createPartitioner().choose('a', { value: null, partition }, 3)
  expect(choose(2)).toBe(2)
  expect(() => choose(3)).toThrow('no partition 3')
  expect(() => choose(-1)).toThrow('no partition -1')
  expect(() => choose(0.5)).toThrow('no partition 0.5')
})
