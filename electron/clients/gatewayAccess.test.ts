import { expect, it } from 'vitest'
import { checkAccess, regionOf } from './gatewayAccess.ts'

it.each([
  ['https://abc.execute-api.eu-west-1.amazonaws.com/test', 'eu-west-1'],
  ['https://abc.execute-api.cn-north-1.amazonaws.com.cn/test', 'cn-north-1'],
  ['https://abc-vpce-0a1b.execute-api.us-gov-west-1.amazonaws.com/test', 'us-gov-west-1'],
  ['https://vpce-0a1b.execute-api.us-east-2.vpce.amazonaws.com/test', 'us-east-2'],
  ['https://abc.execute-api.ap-south-2.api.aws/test', 'ap-south-2'],
  ['https://api.example.org/test', null],
  ['https://abc.execute-api.eu-west-1.amazonaws.com.example.org/test', null],
  ['https://example.org/abc.execute-api.eu-west-1.amazonaws.com', null],
])('reads the region of %s', (base, region) => {
  expect(regionOf(base)).toBe(region)
})

it.each([
  'http://127.0.0.1:8082',
  'http://127.9.9.9',
  'http://localhost:1',
  'http://[::1]:1',
  'https://a.example',
])('a key may go to %s', (base) => {
  for (const kind of ['none', 'apiKey', 'sigv4'] as const) expect(() => checkAccess(base, kind)).not.toThrow()
})

it.each([
  'http://10.0.0.1:8082',
  'http://localhost.example.org',
  'http://127.0.0.1.example.org',
  'http://0x7f.1.example',
])('no key goes to %s', (base) => {
  for (const kind of ['apiKey', 'sigv4'] as const) {
    expect(() => checkAccess(base, kind)).toThrow(
      expect.objectContaining({ code: 'GATEWAY_ACCESS_INSECURE' }),
    )
  }
  expect(() => checkAccess(base, 'none')).not.toThrow()
})
