/** The Kafka side of the gateway: REST Proxy v2 `POST /topics/<topic>`, as the original script calls it. */
import { connectGateway, type GatewayLine, type GatewayRequest, trimSlash } from './gatewayHttp.ts'
import type { Refusal } from './refusal.ts'

export interface RestRecord {
  /** JSON text, or null for none. */
  readonly key: string | null
  /** JSON text. */
  readonly value: string
}

export type RestResult =
  | { readonly ok: true; readonly partition: number; readonly offset: bigint }
  | { readonly ok: false; readonly refusal: Refusal }

export interface RestProxy {
  /** One request; a result for each record, in order. Never throws and never retries. */
  produce(topic: string, records: readonly RestRecord[], signal: AbortSignal): Promise<RestResult[]>
  close(): Promise<void>
}

/** Throws AppError GATEWAY_ACCESS_INSECURE. */
export function connectRestProxy(line: GatewayLine): RestProxy {
  const { base } = line
  const http = connectGateway(line)
  return {
    produce: async (topic, records, signal) => {
      const answer = await http.send(produceRequest(base, topic, records), signal)
      if (!answer.ok) return records.map(() => ({ ok: false, refusal: answer.refusal }))
      return resultsOf(answer.body, records.length, topic)
    },
    close: http.close,
  }
}

/** The request as it goes out; values are put in as they are, not parsed and printed again. */
export function produceRequest(base: string, topic: string, records: readonly RestRecord[]): GatewayRequest {
  const items = records.map(({ key, value }) =>
    key === null ? `{"value":${value}}` : `{"key":${key},"value":${value}}`,
  )
  return {
    method: 'POST',
    url: `${trimSlash(base)}/topics/${encodeURIComponent(topic)}`,
    headers: {
      'content-type': 'application/vnd.kafka.json.v2+json',
      accept: 'application/vnd.kafka.v2+json',
    },
    body: `{"records":[${items.join(',')}]}`,
  }
}

/** A 200 says nothing about single records: each has its own error code (F-36). */
export function resultsOf(body: unknown, count: number, topic: string): RestResult[] {
  const offsets = (body as { offsets?: unknown } | undefined)?.offsets
  const list = Array.isArray(offsets) ? (offsets as unknown[]) : []
  return Array.from({ length: count }, (_, i) => resultOf(list[i], topic))
}

function resultOf(item: unknown, topic: string): RestResult {
  const { partition, offset, error_code: code, error } = (item ?? {}) as Record<string, unknown>
  if (code === null || code === undefined) {
    if (Number.isSafeInteger(partition) && Number.isSafeInteger(offset)) {
      return { ok: true, partition: Number(partition), offset: BigInt(Number(offset)) }
    }
    return { ok: false, refusal: strangeAnswer(topic) }
  }
  return { ok: false, refusal: recordRefusal(Number(code), String(error ?? ''), topic) }
}

/** Per-record codes of the REST proxy; 5xxxx come from Kafka, where a time-out may still have written the record. */
function recordRefusal(code: number, error: string, topic: string): Refusal {
  const message = `Kafka refused a record (${code}: ${error}) of topic ${topic}`
  const forbidden = Math.floor(code / 100) === 401 || Math.floor(code / 100) === 403
  if (forbidden) {
    const hint =
      "Check what the REST proxy's identity may do, and that the topic has exactly the allowed name."
    return { code: 'KAFKA_FORBIDDEN', message, hint, retriable: false, uncertain: false }
  }
  const hint =
    'Check that the broker runs and the topic exists; the report after the run says whether it arrived.'
  return { code: 'KAFKA_RECORD_FAILED', message, hint, retriable: false, uncertain: code >= 50_000 }
}

function strangeAnswer(topic: string): Refusal {
  return {
    code: 'GATEWAY_STRANGE_ANSWER',
    message: `The gateway answered 200 without an offset for topic ${topic}`,
    hint: 'Check that the address is that of a REST Proxy v2 (or of the gateway in front of it).',
    retriable: false,
    uncertain: true,
  }
}
