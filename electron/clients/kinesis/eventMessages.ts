/** Messages of an event stream (`vnd.amazon.eventstream`) as the AWS SDK's own codec writes them. */
import { EventStreamCodec } from '@smithy/core/event-streams'

const codec = new EventStreamCodec(
  (bytes) => Buffer.from(bytes as Uint8Array).toString('utf8'),
  (text) => Buffer.from(text, 'utf8'),
)
const text = (value: string) => ({ type: 'string' as const, value })

const message = (body: object, headers: Readonly<Record<string, string>>): Uint8Array =>
  codec.encode({
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, text(value)])),
    body: Buffer.from(JSON.stringify(body)),
  })

/** One event of a stream of the JSON 1.1 protocol; its first one is called `initial-response`. */
export function eventMessage(type: string, body: object): Uint8Array {
  return message(body, {
    ':event-type': type,
    ':content-type': 'application/x-amz-json-1.1',
    ':message-type': 'event',
  })
}

/** The error a stream ends with. */
export function exceptionMessage(type: string, reason: string): Uint8Array {
  return message(
    { message: reason },
    {
      ':exception-type': type,
      ':content-type': 'application/x-amz-json-1.1',
      ':message-type': 'exception',
    },
  )
}
