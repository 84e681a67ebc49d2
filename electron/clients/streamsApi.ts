/** The Kinesis side of the gateway: `PUT /streams/<stream>/record` and `/records`, as API Gateway offers them. */
import { connectGateway, type GatewayLine, type GatewayRequest, messageOf, trimSlash } from './gatewayHttp.ts'
import type { Refusal } from './refusal.ts'

export interface StreamRecord {
  /** JSON text. */
  readonly data: string
  readonly partitionKey: string
}

export type StreamResult =
  | { readonly ok: true; readonly shard: string; readonly sequence: bigint }
  | { readonly ok: false; readonly refusal: Refusal }

export interface StreamsApi {
  /** One request, `record` for one and `records` for several; a result for each, in order. Never throws, never retries. */
  put(stream: string, records: readonly StreamRecord[], signal: AbortSignal): Promise<StreamResult[]>
  close(): Promise<void>
}

/** Throws AppError GATEWAY_ACCESS_INSECURE. */
export function connectStreamsApi(line: GatewayLine): StreamsApi {
  const { base } = line
  const http = connectGateway(line)
  return {
    put: async (stream, records, signal) => {
      const answer = await http.send(putRequest(base, stream, records), signal)
      if (!answer.ok) {
        const refusal = throttled(answer.refusal.message) ?? answer.refusal
        return records.map(() => ({ ok: false, refusal }))
      }
      return resultsOf(answer.body, records.length, stream)
    },
    close: http.close,
  }
}

/**
 * The request as it goes out. A single record's `Data` is a nested object as in the original; in `records` the data is a
 * string, since API Gateway's usual template prints a nested object as `{key=value}` (F-48).
 */
export function putRequest(base: string, stream: string, records: readonly StreamRecord[]): GatewayRequest {
  const single = records.length === 1 ? records[0] : undefined
  const name = JSON.stringify(stream)
  const body = single
    ? `{"StreamName":${name},"Data":${single.data},"PartitionKey":${JSON.stringify(single.partitionKey)}}`
    : `{"StreamName":${name},"records":[${records.map(item).join(',')}]}`
  return {
    method: 'PUT',
    url: `${trimSlash(base)}/streams/${encodeURIComponent(stream)}/${single ? 'record' : 'records'}`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body,
  }
}

function item({ data, partitionKey }: StreamRecord): string {
  return `{"data":${JSON.stringify(data)},"partition-key":${JSON.stringify(partitionKey)}}`
}

/** `PutRecord` answers one place, `PutRecords` one for each; API Gateway may answer 200 to Kinesis' own errors. */
export function resultsOf(body: unknown, count: number, stream: string): StreamResult[] {
  const { Records: records } = (body ?? {}) as { Records?: unknown }
  const list: unknown[] = Array.isArray(records) ? records : count === 1 ? [body] : []
  const whole = list.length === 0 ? messageOf(body) : undefined
  return Array.from({ length: count }, (_, i) => resultOf(list[i], stream, whole))
}

function resultOf(value: unknown, stream: string, whole: string | undefined): StreamResult {
  const { SequenceNumber, ShardId, ErrorCode, ErrorMessage } = (value ?? {}) as Record<string, unknown>
  if (
    typeof SequenceNumber === 'string' &&
    /^\d{1,57}$/.test(SequenceNumber) &&
    typeof ShardId === 'string'
  ) {
    return { ok: true, shard: ShardId, sequence: BigInt(SequenceNumber) }
  }
  const said = ErrorCode === undefined ? (messageOf(value) ?? whole) : `${ErrorCode}: ${ErrorMessage ?? ''}`
  if (said === undefined) {
    const refusal: Refusal = {
      code: 'GATEWAY_STRANGE_ANSWER',
      message: `The gateway answered 200 without a sequence number for stream ${stream}`,
      hint: 'Check that the address is that of the streams API, and its mapping templates.',
      retriable: false,
      uncertain: true,
    }
    return { ok: false, refusal }
  }
  return { ok: false, refusal: throttled(said) ?? entryRefusal(said, stream) }
}

/** A shard takes 1,000 records and 1 MB a second; what is beyond did not arrive and is sent again. */
function throttled(said: string): Refusal | undefined {
  if (!said.includes('ProvisionedThroughputExceededException')) return undefined
  return {
    code: 'KINESIS_THROTTLED',
    message: `Kinesis took no more this second (${said})`,
    hint: 'Lower the rate, add shards, or use a partition key that spreads over the shards.',
    retriable: true,
    uncertain: false,
  }
}

function entryRefusal(said: string, stream: string): Refusal {
  const internal = said.startsWith('InternalFailure')
  return {
    code: internal ? 'KINESIS_INTERNAL_FAILURE' : 'KINESIS_REFUSED',
    message: `Kinesis refused a record (${said}) of stream ${stream}`,
    hint: internal
      ? 'Kinesis failed for a moment; the record was sent again.'
      : 'Check that the stream exists and is ACTIVE, and that the record is not too large.',
    retriable: internal,
    uncertain: false,
  }
}
