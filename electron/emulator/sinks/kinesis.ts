/** Kinesis directly: PutRecords; what single entries refuse is told apart for the pump to repeat. */
import { randomUUID } from 'node:crypto'
import { toErrorDetail } from '../../../shared/errors.ts'
import type { Kind } from '../../../shared/names.ts'
import { awsMayPass } from '../../clients/aws/errors.ts'
import type { WhoseKeys } from '../../clients/aws/types.ts'
import { connectKinesis } from '../../clients/kinesis/client.ts'
import type { PutEntry, PutResult } from '../../clients/kinesis/types.ts'
import type { Network } from '../../lib/network.ts'
import type { Outcome, Outgoing, Sink } from '../types.ts'

export function kinesisSink(options: {
  /** Empty means AWS's own. */
  readonly endpoint: string
  readonly region: string
  readonly streams: Readonly<Record<Kind, string>>
  readonly network: Network
  readonly keys: WhoseKeys
}): Sink {
  const { streams } = options
  const client = connectKinesis(options, options.network, options.keys)
  return {
    id: 'kinesis',
    send: async (kind, records) => {
      const stream = streams[kind]
      try {
        const results = await client.putRecords(stream, records.map(toEntry))
        return results.map((result) => toOutcome(result, stream))
      } catch (thrown) {
        const refusal = wholeCall(thrown)
        return records.map(() => refusal)
      }
    },
    preview: (kind, records) =>
      records.map(({ json, partitionKey }) => ({
        sink: 'kinesis',
        kind,
        target: `PutRecords ${streams[kind]}`,
        headers: [{ name: 'PartitionKey', value: partitionKey ?? '(a random one for each record)' }],
        body: json,
      })),
    close: () => client.close(),
  }
}

function toEntry({ json, partitionKey }: Outgoing): PutEntry {
  return { data: Buffer.from(json), partitionKey: partitionKey ?? randomUUID() }
}

/** Per-entry refusals of PutRecords: the entry was not stored, so it is sent again. */
const again: Readonly<Record<string, { readonly code: string; readonly hint: string }>> = {
  ProvisionedThroughputExceededException: {
    code: 'KINESIS_THROTTLED',
    hint: 'Lower the rate, add shards, or use a partition key that spreads over the shards.',
  },
  InternalFailure: {
    code: 'KINESIS_INTERNAL_FAILURE',
    hint: 'Kinesis failed for a moment; the record was sent again.',
  },
}

function toOutcome(result: PutResult, stream: string): Outcome {
  if (result.ok) {
    return { ok: true, position: { to: 'kinesis', stream, shard: result.shard, sequence: result.sequence } }
  }
  const known = again[result.code]
  return {
    ok: false,
    code: known?.code ?? 'KINESIS_REFUSED',
    message: `Kinesis refused a record (${result.code}: ${result.message}) of stream ${stream}`,
    hint: known?.hint ?? 'Check that the stream exists and is ACTIVE, and that the record is not too large.',
    retriable: known !== undefined,
  }
}

/** Refusals of a whole call by its code: those that certainly stored nothing, and those that pass by themselves. */
const passing = new Set(['THROUGHPUT_EXCEEDED', 'KINESIS_LIMIT', 'KINESIS_UNREACHABLE'])
const certain = new Set([
  ...passing,
  'KINESIS_UNTRUSTED',
  'STREAM_NOT_FOUND',
  'ACCESS_DENIED',
  'CREDENTIALS_REFUSED',
  'CREDENTIALS_EXPIRED',
  'CREDENTIALS_MISSING',
])

function wholeCall(thrown: unknown): Outcome {
  const { code, message, hint } = toErrorDetail(thrown)
  // Without its keys nothing went out.
  const unsigned = /^(?:AWS|SECRET)_/.test(code)
  return {
    ok: false,
    code,
    message,
    hint,
    retriable: passing.has(code) || awsMayPass(code),
    uncertain: !unsigned && !certain.has(code),
  }
}
