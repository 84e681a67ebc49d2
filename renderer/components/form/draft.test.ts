/** Form texts to objects and back. */
import { expect, test } from 'vitest'
import { pipelineSettingsSchema, settingsChangeSchema } from '../../../shared/settings.ts'
import { errorsOf, fieldSpecs, fromDraft, toDraft } from './draft.ts'

const fields = fieldSpecs([
  { path: ['name'], type: 'text' },
  { path: ['topics', 'names', 'pin'], type: 'optional' },
  { path: ['topics', 'partitions'], type: 'number' },
  { path: ['streams', 'enforceLimits'], type: 'flag' },
  { path: ['gateway', 'corsOrigins'], type: 'list' },
  { path: ['lake', 'flush.size'], type: 'number' },
])
const stored = pipelineSettingsSchema.parse({ name: 'Here', topics: { names: { pin: 'mine' } } })

const errors = (texts: Record<string, string>) => {
  const parsed = pipelineSettingsSchema.safeParse(
    fromDraft(fields, { ...toDraft(fields, stored), ...texts }, stored),
  )
  return parsed.success ? {} : errorsOf(fields, parsed.error.issues)
}

test('unchanged texts give back exactly what was stored', () => {
  expect(fromDraft(fields, toDraft(fields, stored), stored)).toEqual(stored)
})

test('texts become numbers, lists and switches; an empty override goes away', () => {
  const draft = {
    ...toDraft(fields, stored),
    'topics.names.pin': ' ',
    'topics.partitions': '3',
    'streams.enforceLimits': 'false',
    'gateway.corsOrigins': 'http://a.example, http://b.example',
    'lake.flush.size': '7',
  }
  expect(pipelineSettingsSchema.parse(fromDraft(fields, draft, stored))).toMatchObject({
    topics: { names: {}, partitions: 3 },
    streams: { enforceLimits: false },
    gateway: { corsOrigins: ['http://a.example', 'http://b.example'] },
    lake: { 'flush.size': 7 },
  })
})

test('each error stands at its field, in words', () => {
  expect(
    errors({
      name: '',
      'topics.names.pin': 'a b',
      'topics.partitions': '',
      'gateway.corsOrigins': 'http://a.example, ftp://b.example',
      'lake.flush.size': '0',
    }),
  ).toEqual({
    name: 'Enter a name.',
    'topics.names.pin': 'A topic name has letters, digits, ., - and _ only.',
    'topics.partitions': 'Enter a number.',
    'gateway.corsOrigins': 'Enter an address that begins with http:// or https://.',
    'lake.flush.size': 'At least 1.',
  })
  expect(errors({ 'topics.partitions': '1.5' })).toEqual({ 'topics.partitions': 'Enter a whole number.' })
  expect(errors({ 'topics.partitions': 'x' })).toEqual({ 'topics.partitions': 'Enter a number.' })
})

test('an address that may be empty says what an address is', () => {
  const proxy = fieldSpecs([{ path: ['proxy'], type: 'text' }])
  const parsed = settingsChangeSchema.safeParse({ proxy: 'nowhere' })
  expect(parsed.success ? {} : errorsOf(proxy, parsed.error.issues)).toEqual({
    proxy: 'Enter an address that begins with http:// or https://.',
  })
})
