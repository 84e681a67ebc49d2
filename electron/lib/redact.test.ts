import { expect, it } from 'vitest'
import { redact } from './redact.ts'

it.each([
  ['password=hunter22 next', 'password=[REDACTED] next'],
  ['{"PASSWORD": "hun\\"ter22", "HOST": "h"}', '{"PASSWORD": [REDACTED], "HOST": "h"}'],
  ['aws_secret_access_key = abc/def+1', 'aws_secret_access_key = [REDACTED]'],
  ['Authorization: Bearer abcdef.123456', 'Authorization: Bearer [REDACTED]'],
  ['mysql://root:hunter22@db:3306/x', 'mysql://root:[REDACTED]@db:3306/x'],
  ['AKIAIOSFODNN7EXAMPLE used', '[REDACTED] used'],
  ['x -----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY----- y', 'x [REDACTED] y'],
])('redacts %j', (text, clean) => expect(redact(text)).toBe(clean))

it('redacts known values wherever they stand', () => {
  expect(redact('it is canary-1, really canary-1', ['canary-1'])).toBe('it is [REDACTED], really [REDACTED]')
})

it('leaves ordinary words alone', () => {
  for (const text of [
    '3 records without a key',
    'partition key index',
    'Topic a.pin: 5 messages at http://127.0.0.1:8082',
  ]) {
    expect(redact(text)).toBe(text)
  }
})
