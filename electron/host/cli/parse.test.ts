import { describe, expect, it } from 'vitest'
import { emulationOptionsSchema } from '../../../shared/emulation.ts'
import { emulationInput, parseCount, parseDuration, parseKey, parseRate, parseSinks } from './parse.ts'

describe('words of the command line', () => {
  it.each([
    ['500ms', 500],
    ['60s', 60_000],
    ['1.5m', 90_000],
    ['2h', 7_200_000],
    ['10', 10_000],
  ])('reads the duration %s', (text, ms) => expect(parseDuration(text)).toBe(ms))
  it.each(['', '5x', '-1s', '0', 'NaN', '1e3s'])('refuses the duration %j', (text) =>
    expect(() => parseDuration(text)).toThrow(/duration/),
  )
  it('reads rates', () => {
    expect(parseRate('max')).toEqual({ kind: 'max' })
    expect(parseRate('2.5')).toEqual({ kind: 'constant', postsPerSecond: 2.5 })
    for (const text of ['0', '-3', 'fast', 'Infinity', ''])
      expect(() => parseRate(text), text).toThrow(/rate/)
  })
  it('reads keys and sinks', () => {
    expect(parseKey('constant:partition-1')).toEqual({ kind: 'constant', value: 'partition-1' })
    expect(() => parseKey('constant:')).toThrow(/partition key/)
    expect(parseSinks('rest, kafka,rest')).toEqual(['rest', 'kafka'])
    expect(() => parseSinks('rest,s3')).toThrow(/Unknown sink: s3/)
  })
  it('names the option at fault', () => {
    expect(() => parseCount('posts')('many')).toThrow(/--posts: many/)
  })
})

describe('emulationInput', () => {
  it('gives nothing but what was asked for, so that the defaults are the contract’s', () => {
    expect(emulationOptionsSchema.parse(emulationInput({}))).toEqual(emulationOptionsSchema.parse({}))
  })
  it('takes every option', () => {
    const options = emulationOptionsSchema.parse(
      emulationInput({
        posts: 5,
        for: 1_000,
        rate: { kind: 'max' },
        order: 'random',
        seed: 7,
        batch: 50,
        inFlight: 2,
        sink: ['kafka'],
        acks: 'leader',
        compression: 'gzip',
        key: { kind: 'uuid' },
        out: '/x',
      }),
    )
    expect(options).toMatchObject({
      posts: 5,
      forMs: 1_000,
      order: 'random',
      seed: 7,
      batch: 50,
      sinks: ['kafka'],
      filePath: '/x',
    })
  })
  it('says what a source lacks', () => {
    expect(() => emulationInput({ source: 'mysql' })).toThrow(/host and a user/)
    expect(() => emulationInput({ source: 'files', pin: 'a' })).toThrow(/three files/)
  })
})
