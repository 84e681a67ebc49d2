/** Golden values printed by CPython 3.11: `r = random.Random(seed)`, then pairs of randrange(0, 2) and randint(0, 11000). */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { pythonRandom } from './mt19937.ts'

const goldens: readonly (readonly [seed: number, first: readonly (readonly number[])[], sha256: string])[] = [
  [
    0,
    [
      [1, 6890],
      [0, 4242],
      [1, 6634],
      [1, 7808],
      [1, 9558],
      [0, 8268],
    ],
    'bda5f8b7a3bd71b6a491177e0792a178f87ab664ae83be235c25b55ac74bc879',
  ],
  [
    1,
    [
      [0, 9325],
      [0, 4179],
      [0, 8117],
      [1, 7737],
      [1, 3439],
      [0, 7993],
    ],
    '6137555ef46c1f85aedcda65cc3525fe15db547c7f0aa870cd5788074d3c7be8',
  ],
  [
    100,
    [
      [0, 7528],
      [1, 2863],
      [1, 5730],
      [1, 8304],
      [0, 8731],
      [0, 1313],
    ],
    '3f351e406784c3430efdfb67de62322ca6af4e4d7eed6a328a810af61c227cc3',
  ],
  [
    2147483647,
    [
      [1, 1972],
      [0, 4757],
      [1, 122],
      [0, 2519],
      [0, 8480],
      [1, 5541],
    ],
    '6d85c291dbcfbdfbc5ad32b3856caf08af1cad315dfb995ff960f06634c34a3e',
  ],
  [
    4294967296,
    [
      [0, 5755],
      [1, 273],
      [0, 10022],
      [1, 8939],
      [1, 229],
      [0, 1241],
    ],
    '2fcbec2a7262667d830052c6d6e075d502b0e621ddb7443ae8ff386195236a17',
  ],
  [
    9007199254740991,
    [
      [0, 9185],
      [0, 3135],
      [0, 1905],
      [0, 352],
      [1, 7342],
      [0, 4402],
    ],
    'e48b1492ff2dd1ed6c71bf7406237cd4bb3bd6f82052b4fb79dd0f47d6373c0d',
  ],
]

describe('pythonRandom', () => {
  it.each(goldens)('draws what CPython draws with seed %i', (seed, first, sha256) => {
    const random = pythonRandom(seed)
    const draws = Array.from({ length: 20_000 }, () => [random.randrange(0, 2), random.randint(0, 11_000)])
    expect(draws.slice(0, first.length)).toEqual(first)
    const text = draws.map((draw) => `${draw.join(' ')}\n`).join('')
    expect(createHash('sha256').update(text).digest('hex')).toBe(sha256)
  })

  it('rejects as CPython does, for limits of every width', () => {
    const random = pythonRandom(7)
    const hash = createHash('sha256')
    for (let i = 0; i < 2_000; i++) {
      for (const limit of [1, 2, 3, 7, 11_154, 2 ** 20 + 1, 2 ** 31 - 1, 2 ** 32 - 1]) {
        hash.update(`${random.randrange(0, limit)}\n`)
      }
    }
    expect(hash.digest('hex')).toBe('51f24a874cb0b42d1ec22b050b490144e5fda73c1dee4edd1ae57fba34a88b9d')
  })
})
