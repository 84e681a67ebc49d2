import { describe, expect, it } from 'vitest'
import { memoryKafka } from '../../tests/helpers/memoryKafka.ts'
import { createLanes } from './lanes.ts'

const later = () => Date.now() + 10_000
const record = (text: string) => ({ value: Buffer.from(text) })

describe('lanes', () => {
  it('joins what waits for a batch under way, keeping the order of the topic', async () => {
    const kafka = memoryKafka()
    kafka.add('t', 1)
    const gate = Promise.withResolvers<void>()
    kafka.gate = gate.promise
    const lanes = createLanes(kafka)
    const answers = Array.from({ length: 20 }, (_, n) =>
      lanes.send('t', [record(`a${n}`), record(`b${n}`)], later()),
    )
    gate.resolve()
    expect((await Promise.all(answers)).flat()).toEqual(
      Array.from({ length: 40 }, (_, n) => ({ partition: 0, offset: BigInt(n) })),
    )
    expect(kafka.sends.map((send) => send.records)).toEqual([2, 38])
    expect(
      kafka.log
        .get('t')?.[0]
        ?.slice(0, 4)
        .map((each) => `${each.value}`),
    ).toEqual(['a0', 'b0', 'a1', 'b1'])
    await lanes.close()
  })

  it('does not send what nobody waits for any more', async () => {
    const kafka = memoryKafka()
    kafka.add('t', 1)
    const gate = Promise.withResolvers<void>()
    kafka.gate = gate.promise
    const lanes = createLanes(kafka)
    const first = lanes.send('t', [record('a')], later())
    const expired = lanes.send('t', [record('b')], Date.now() - 1)
    gate.resolve()
    expect(await first).toEqual([{ partition: 0, offset: 0n }])
    expect(await expired).toMatchObject([{ error: { code: 'GATEWAY_EXPIRED' } }])
    expect(kafka.log.get('t')?.[0]).toHaveLength(1)
    await lanes.close()
  })

  it('keeps one topic from holding up another', async () => {
    const kafka = memoryKafka()
    kafka.add('slow', 1)
    kafka.add('t', 1)
    const gate = Promise.withResolvers<void>()
    kafka.gate = gate.promise
    const lanes = createLanes(kafka)
    const slow = lanes.send('slow', [record('a')], later())
    await Promise.resolve()
    await Promise.resolve()
    kafka.gate = null
    await expect.poll(() => lanes.send('t', [record('b')], later())).toHaveLength(1)
    expect(kafka.log.get('slow')?.[0]).toEqual([])
    gate.resolve()
    await slow
    await lanes.close()
  })

  it('gives a failed batch’s error to each of its records, and to no other', async () => {
    const kafka = memoryKafka()
    kafka.add('t', 1)
    const lanes = createLanes(kafka)
    await lanes.send('t', [record('a')], later())
    kafka.broken = new Error('away')
    expect(await lanes.send('t', [record('b'), record('c')], later())).toEqual([
      { error: kafka.broken, uncertain: true },
      { error: kafka.broken, uncertain: true },
    ])
    kafka.broken = null
    expect(await lanes.send('t', [record('d')], later())).toEqual([{ partition: 0, offset: 1n }])
    await lanes.close()
  })
})
