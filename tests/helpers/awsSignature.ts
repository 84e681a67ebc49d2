/** Signature Version 4 as its specification writes it, by hand: what a server recomputes, independent of any AWS library. */
import { createHash, createHmac } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()
const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')

export interface SignedRequest {
  readonly method: string
  readonly path: string
  /** As it came, without its question mark. */
  readonly query?: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Null where the signature is right, else what is wrong. `scope` is `<region>/<service>`. */
export function signatureFault(
  { method, path, query = '', headers, body }: SignedRequest,
  credentials: { readonly id: string; readonly secret: string; readonly token: string },
  scope: string,
): string | null {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^,]+)\/aws4_request, SignedHeaders=([^,]+), Signature=(\w{64})$/.exec(
      headers.authorization ?? '',
    )
  if (match === null) return 'Missing Authentication Token'
  const [, id, day = '', signedFor, names = '', signature] = match
  if (id !== credentials.id) return 'The security token included in the request is invalid.'
  if (signedFor !== scope) return `Credential should be scoped to ${scope}`
  if (headers['x-amz-security-token'] !== credentials.token) return 'The security token is not valid.'
  const list = names.split(';')
  for (const needed of ['host', 'content-type', 'x-amz-date', 'x-amz-security-token']) {
    if (headers[needed] !== undefined && !list.includes(needed)) return `${needed} must be a signed header`
  }
  const time = String(headers['x-amz-date'])
  const at = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(Date.now() - at) < 300_000) || !time.startsWith(day)) return `Signature expired: ${time}`
  // Every service but S3 encodes each part of the path, as it came, once more.
  const uri = path.split('/').map(encodeURIComponent).join('/')
  const lines = list.map((name) => `${name}:${String(headers[name]).trim()}\n`).join('')
  const canonical = [method, uri, query.split('&').sort().join('&'), lines, names, sha256(body)].join('\n')
  const text = ['AWS4-HMAC-SHA256', time, `${day}/${scope}/aws4_request`, sha256(canonical)].join('\n')
  const [region = '', service = ''] = scope.split('/')
  const key = hmac(hmac(hmac(hmac(`AWS4${credentials.secret}`, day), region), service), 'aws4_request')
  if (hmac(key, text).toString('hex') === signature) return null
  return `The request signature we calculated does not match. The Canonical String should have been '${canonical}'`
}
