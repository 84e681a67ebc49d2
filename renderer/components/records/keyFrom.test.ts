import { expect, it } from 'vitest'
import { keyFrom } from './keyFrom.ts'

it.each([
  ['{"index": 7, "a": {"b": 1}}', 'index', '7'],
  ['{"index": 7, "a": {"b": 1}}', 'a', '{"b":1}'],
  ['{"index": 7}', 'other', null],
  ['{"index": null}', 'index', null],
  ['{"index": 7}', '', null],
  ['not json', 'index', null],
  ['7', 'index', null],
])('of %s, %s is %s', (value, field, key) => expect(keyFrom(value, field)).toBe(key))
