/** Media types of the REST proxy: what a body is, and which of our forms the caller takes. */
import { MIMEType } from 'node:util'

export const kafkaType = 'application/vnd.kafka.v2+json'
const jsonType = 'application/vnd.kafka.json.v2+json'
const binaryType = 'application/vnd.kafka.binary.v2+json'

/** How keys and values stand inside a request or an answer. */
export type Format = 'json' | 'binary'

export const recordsType: Readonly<Record<Format, string>> = { json: jsonType, binary: binaryType }

interface Media {
  readonly essence: string
  readonly charset: string | null
}

/** Null where the header is missing or is no media type. */
function parse(header: string | undefined): Media | null {
  if (header === undefined) return null
  try {
    const media = new MIMEType(header)
    return { essence: media.essence, charset: media.params.get('charset')?.toLowerCase() ?? null }
  } catch {
    return null
  }
}

/** The format of a body of records; null (so 415) for everything else, `application/json` included (F-34). */
export function producedFormat(contentType: string | undefined): Format | null {
  if (contentType === jsonType) return 'json'
  const media = parse(contentType)
  if (media === null || !isUtf8(media)) return null
  if (media.essence === jsonType) return 'json'
  if (media.essence === binaryType) return 'binary'
  return null
}

/** True where the consumer calls take the body; they take the embedded formats' types as well. */
export function isKafkaBody(contentType: string | undefined): boolean {
  const media = parse(contentType)
  return (
    media !== null &&
    isUtf8(media) &&
    /^application\/vnd\.kafka\.((json|binary|avro|jsonschema|protobuf)\.)?v2\+json$/.test(media.essence)
  )
}

/** True where API Gateway's mapping template for `application/json` applies; that is also its default. */
export function isJsonBody(contentType: string | undefined): boolean {
  if (contentType === undefined) return true
  const media = parse(contentType)
  return media !== null && media.essence === 'application/json' && isUtf8(media)
}

function isUtf8(media: Media): boolean {
  return media.charset === null || media.charset === 'utf-8' || media.charset === 'utf8'
}

/**
 * The first of `offers` that `accept` weighs highest (RFC 9110, 12.5.1), or null where it takes none of them. A missing
 * header takes anything.
 */
export function negotiate(accept: string | undefined, offers: readonly string[]): string | null {
  if (accept === undefined || accept === '' || accept === '*/*') return offers[0] ?? null
  const ranges = accept.split(',', 50).map(rangeOf)
  let best: string | null = null
  let bestWeight = 0
  for (const offer of offers) {
    const weight = weigh(offer, ranges)
    if (weight > bestWeight) {
      best = offer
      bestWeight = weight
    }
  }
  return best
}

interface Range {
  readonly type: string
  readonly weight: number
}

function rangeOf(text: string): Range {
  const [type = '', ...parameters] = text.split(';').map((part) => part.trim().toLowerCase())
  const q = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2)
  const weight = q === undefined ? 1 : Number(q)
  return { type, weight: weight >= 0 && weight <= 1 ? weight : 0 }
}

/** The weight of the most specific range that fits. */
function weigh(offer: string, ranges: readonly Range[]): number {
  const family = `${offer.split('/', 1)[0]}/*`
  for (const wanted of [offer, family, '*/*']) {
    const found = ranges.find((range) => range.type === wanted)
    if (found !== undefined) return found.weight
  }
  return 0
}
