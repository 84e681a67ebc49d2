import { expect, it } from 'vitest'
import { inWords } from './settingValue.ts'

it.each([
  ['retention.ms', '604800000', '7 d 0 h'],
  ['retention.ms', '-1', 'no limit'],
  ['max.message.bytes', '1048588', '1.0 MB'],
  ['flush.ms', '9223372036854775807', 'never'],
  ['min.insync.replicas', '1', null],
  ['cleanup.policy', 'delete', null],
  ['message.timestamp.before.max.ms', '500', null],
])('%s = %s is %s', (name, value, words) => expect(inWords(name, value)).toBe(words))
