/** Kafka through the gateway: `POST /topics/<topic>` with `records[].value`. */

import type { Kind } from '../../../shared/names.ts'
import type { NetworkOptions } from '../../clients/gatewayHttp.ts'
import { connectRestProxy, produceRequest, type RestRecord } from '../../clients/restProxy.ts'
import type { Outgoing, Sink } from '../types.ts'

export function restSink(options: {
  /** Address of the gateway with its stage. */
  readonly gateway: string
  readonly topics: Readonly<Record<Kind, string>>
  readonly connections: number
  readonly network: NetworkOptions
}): Sink {
  const { gateway, topics, connections, network } = options
  const proxy = connectRestProxy(gateway, connections, network)
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
      const { method, url, headers, body } = produceRequest(gateway, topics[kind], records.map(toRest))
      const list = Object.entries(headers).map(([name, value]) => ({ name, value }))
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
