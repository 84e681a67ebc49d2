import { describe, expect, it } from 'vitest'
import { emulationOptionsSchema } from '../../shared/emulation.ts'
import { rateWarnings } from './warnings.ts'

const options = (more: object) => emulationOptionsSchema.parse(more)
const streams = [
  { name: 'one', count: 1, what: 'shards' as const },
  { name: 'three', count: 3, what: 'shards' as const },
  { name: 'topic', count: 1, what: 'partitions' as const },
]
const at = (postsPerSecond: number) => ({ rate: { kind: 'constant', postsPerSecond } })

describe('a wanted rate', () => {
  it('is warned about where the shards take less, with the rate they take', () => {
    expect(rateWarnings(options(at(1_000)), streams)).toEqual([])
    expect(rateWarnings(options(at(1_001)), streams)).toEqual([
      expect.stringMatching(/1 of them take fewer.*lower the rate to 1000: one$/),
    ])
    expect(rateWarnings(options(at(3_500)), streams)[0]).toContain('2 of them')
  })

  it('meets one shard only with a constant key', () => {
    const constant = options({ ...at(2_000), partitionKey: { kind: 'constant', value: 'k' } })
    expect(rateWarnings(constant, streams.slice(1))[0]).toContain('lower the rate to 1000: three')
    expect(rateWarnings(options(at(2_000)), streams.slice(1))).toEqual([])
  })

  it('is not known as fast as possible, nor in the original’s pace', () => {
    expect(rateWarnings(options({ rate: { kind: 'max' } }), streams)).toEqual([])
    expect(rateWarnings(options({}), streams)).toEqual([])
  })
})
