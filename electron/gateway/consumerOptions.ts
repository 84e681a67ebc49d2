/** What a consumer is to be, from its first request; and the form its records are given in. */
import { randomUUID } from 'node:crypto'
import { proxyError } from './answer.ts'
import type { instanceSchema } from './consumerBody.ts'
import type { InstanceOptions } from './instance.ts'
import { type Format, kafkaType, negotiate, recordsType } from './media.ts'

/** The proxy's default `consumer.request.timeout.ms`. */
const defaultWaitMs = 1_000

/** The embedded format the caller takes must be the consumer's own; without one named the proxy means binary. */
export function negotiated(accept: string | undefined, format: Format): string {
  const offers = [recordsType.binary, kafkaType, 'application/json', recordsType.json]
  const type = negotiate(accept, offers)
  if (type === null) throw proxyError(406, 406, 'HTTP 406 Not Acceptable')
  if ((type === recordsType.json) !== (format === 'json')) {
    const message =
      'The requested embedded data format does not match the deserializer for this consumer instance'
    throw proxyError(406, 40601, message)
  }
  return type
}

type InstanceBody = Partial<ReturnType<(typeof instanceSchema)['parse']>>

/** Throws 42204 and 40001 for settings the proxy refuses, 422 for a format it does not have. */
export function instanceOptions(group: string, body: InstanceBody): InstanceOptions {
  const format = (body.format ?? 'binary').toLowerCase()
  if (format !== 'json' && format !== 'binary') throw proxyError(422, 422, 'Invalid format type.')
  const reset = body['auto.offset.reset'] ?? 'latest'
  if (reset !== 'earliest' && reset !== 'latest') throw invalidConfig(`auto.offset.reset: ${reset}`)
  const commit = String(body['auto.commit.enable'] ?? 'true').toLowerCase()
  if (commit !== 'true' && commit !== 'false') throw invalidConfig(`auto.commit.enable: ${commit}`)
  const minBytes = body['fetch.min.bytes'] ?? -1
  if (minBytes !== -1 && (minBytes < 1 || minBytes > 10_000_000)) {
    const message = 'Invalid consumer configuration. It does not abide by the constraints: fetch.min.bytes'
    throw proxyError(422, 40001, `${message} must be -1 or between 1 and 10000000`)
  }
  const requestTimeoutMs = body['consumer.request.timeout.ms'] ?? defaultWaitMs
  if (requestTimeoutMs < 0) throw invalidConfig(`consumer.request.timeout.ms: ${requestTimeoutMs}`)
  return {
    group,
    id: body.id ?? body.name ?? `rest-consumer-${randomUUID()}`,
    format,
    autoOffsetReset: reset,
    autoCommit: commit === 'true',
    minBytes,
    requestTimeoutMs,
  }
}

function invalidConfig(what: string) {
  return proxyError(422, 42204, `Invalid consumer configuration: Invalid value for ${what.slice(0, 200)}`)
}
