import { expect, it } from 'vitest'
import { secret } from '../../lib/secret.ts'
import { mskRegion, mskToken } from './mskToken.ts'

const keys = {
  accessKeyId: secret('AKIAEXAMPLEEXAMPLE00'),
  secretAccessKey: secret('a secret access key'),
  sessionToken: secret('a+session/token=='),
  expiresAt: null,
}

it('is a presigned call of Connect, and holds no key that signs', async () => {
  const token = await mskToken(keys, 'eu-west-2')
  expect(String(token)).toBe('[REDACTED]')
  const url = new URL(Buffer.from(token.reveal(), 'base64url').toString())
  expect([url.protocol, url.host, url.pathname]).toEqual(['https:', 'kafka.eu-west-2.amazonaws.com', '/'])
  const of = (name: string) => url.searchParams.get(name)
  expect(of('Action')).toBe('kafka-cluster:Connect')
  expect(of('X-Amz-Expires')).toBe('900')
  expect(of('X-Amz-SignedHeaders')).toBe('host')
  expect(of('X-Amz-Security-Token')).toBe('a+session/token==')
  expect(of('X-Amz-Credential')).toMatch(
    /^AKIAEXAMPLEEXAMPLE00\/\d{8}\/eu-west-2\/kafka-cluster\/aws4_request$/,
  )
  expect(of('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/)
  expect(url.href).not.toContain('secret')
})

it('ends with the keys that signed it', async () => {
  const life = async (leftMs: number) => {
    const token = await mskToken({ ...keys, expiresAt: Date.now() + leftMs }, 'eu-west-2')
    const url = new URL(Buffer.from(token.reveal(), 'base64url').toString())
    return Number(url.searchParams.get('X-Amz-Expires'))
  }
  expect(await life(3_600_000)).toBe(900)
  expect(await life(-5_000)).toBe(1)
  const short = await life(60_900)
  expect(short).toBeGreaterThan(30)
  expect(short).toBeLessThanOrEqual(60)
})

it.each([
  ['b-1.x.abc123.c2.kafka.us-east-1.amazonaws.com:9098', 'us-east-1'],
  ['boot-abc.c1.kafka-serverless.eu-central-1.amazonaws.com:9098', 'eu-central-1'],
  [
    'b-1.x.abc123.c2.kafka.us-east-1.amazonaws.com:9098,b-2.x.abc123.c2.kafka.us-east-1.amazonaws.com:9098',
    'us-east-1',
  ],
  ['kafka.example.com:9098', null],
  ['b-1.kafka.us-east-1.amazonaws.com.example.com:9098', null],
])('the region in %s is %s', (bootstrap, region) => {
  expect(mskRegion(bootstrap)).toBe(region)
})
