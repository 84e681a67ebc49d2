import { expect, it } from 'vitest'
import { emulationOptionsSchema } from '../../../shared/emulation.ts'
import { firstState, formOf, parseForm } from './formState.ts'

it('begins with the original script’s way, 500 posts', () => {
  expect(parseForm(firstState)).toEqual({ ok: true, options: emulationOptionsSchema.parse({ posts: 500 }) })
})

it('names each field at fault', () => {
  const parsed = parseForm({
    ...firstState,
    rate: 'constant',
    postsPerSecond: '0',
    batch: '900',
    sinks: [],
    source: 'mysql',
  })
  expect(parsed.ok ? {} : parsed.errors).toMatchObject({
    'rate.postsPerSecond': 'Enter a rate above 0.',
    batch: 'A batch has at most 500 records.',
    sinks: 'Choose at least one sink.',
    'source.host': 'Enter the database host.',
  })
})

it('refuses what is no number instead of guessing', () => {
  expect(parseForm({ ...firstState, posts: 'many' }).ok).toBe(false)
  expect(parseForm({ ...firstState, seconds: '1.5' })).toMatchObject({ ok: true, options: { forMs: 1_500 } })
})

it('takes a past run’s settings back', () => {
  for (const state of [
    firstState,
    {
      ...firstState,
      source: 'mysql' as const,
      host: 'h',
      user: 'u',
      tls: true,
      rate: 'constant' as const,
      key: 'constant' as const,
      posts: '',
      seconds: '60',
    },
    {
      ...firstState,
      source: 'files' as const,
      format: 'csv' as const,
      pinFile: 'a',
      geoFile: 'b',
      userFile: 'c',
      rate: 'max' as const,
    },
  ]) {
    const parsed = parseForm(state)
    if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors))
    expect(parseForm(formOf(parsed.options))).toEqual(parsed)
  }
})
