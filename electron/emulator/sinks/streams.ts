/** Kinesis through the gateway: `PUT /streams/<stream>/record`, or `/records` for a batch. */
import { randomUUID } from 'node:crypto'
import type { Kind } from '../../../shared/names.ts'
import { shownAccess } from '../../clients/gatewayAccess.ts'
import type { GatewayLine } from '../../clients/gatewayHttp.ts'
import { connectStreamsApi, putRequest, type StreamRecord } from '../../clients/streamsApi.ts'
import type { Outgoing, Sink } from '../types.ts'

export function streamsSink(options: {
  readonly streams: Readonly<Record<Kind, string>>
  readonly line: Required<GatewayLine>
}): Sink {
  const { streams, line } = options
  const api = connectStreamsApi(line)
  return {
    id: 'streams',
    send: async (kind, records, signal) => {
      const stream = streams[kind]
      const results = await api.put(stream, records.map(toStream), signal)
      return results.map((result) =>
        result.ok
          ? { ok: true, position: { to: 'kinesis', stream, shard: result.shard, sequence: result.sequence } }
          : { ok: false, ...result.refusal },
      )
    },
    preview: (kind, records) => {
      const { method, url, headers, body } = putRequest(line.base, streams[kind], records.map(toStream))
      const own = Object.entries(headers).map(([name, value]) => ({ name, value }))
      const list = [...own, ...shownAccess(line.access)]
      return [{ sink: 'streams', kind, target: `${method} ${url}`, headers: list, body }]
    },
    close: api.close,
  }
}

/** Kinesis wants a partition key; without one chosen, each record gets its own. */
function toStream({ partitionKey, json }: Outgoing): StreamRecord {
  return { data: json, partitionKey: partitionKey ?? randomUUID() }
}
