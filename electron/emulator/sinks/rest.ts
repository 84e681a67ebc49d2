/** Kafka through the gateway: `POST /topics/<topic>` with `records[].value`. */

import type { Kind } from '../../../shared/names.ts'
import { shownAccess } from '../../clients/gatewayAccess.ts'
import type { GatewayLine } from '../../clients/gatewayHttp.ts'
import { connectRestProxy, produceRequest, type RestRecord } from '../../clients/restProxy.ts'
import type { Outgoing, Sink } from '../types.ts'

export function restSink(options: {
  readonly topics: Readonly<Record<Kind, string>>
  readonly line: Required<GatewayLine>
}): Sink {
  const { topics, line } = options
  const proxy = connectRestProxy(line)
  return {
    id: 'rest',
    send: async (kind, records, signal) => {
      const topic = topics[kind]
      const results = await proxy.produce(topic, records.map(toRest), signal)
      return results.map((result) =>
        result.ok
          ? { ok: true, position: { to: 'kafka', topic, partition: result.partition, offset: result.offset } }
          : { ok: false, ...result.refusal },
      )
    },
    preview: (kind, records) => {
      const { method, url, headers, body } = produceRequest(line.base, topics[kind], records.map(toRest))
      const own = Object.entries(headers).map(([name, value]) => ({ name, value }))
      const list = [...own, ...shownAccess(line.access)]
      return [{ sink: 'rest', kind, target: `${method} ${url}`, headers: list, body }]
    },
    close: proxy.close,
  }
}

/** A row's number goes as a JSON number, so that its bytes in Kafka are those of the direct sink. */
function toRest({ partitionKey, json }: Outgoing): RestRecord {
  if (partitionKey === null) return { key: null, value: json }
  const number = /^(0|[1-9]\d{0,14})$/.test(partitionKey)
  return { key: number ? partitionKey : JSON.stringify(partitionKey), value: json }
}
