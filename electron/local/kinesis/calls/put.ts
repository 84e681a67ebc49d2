/** The calls that write records. */
import { Fault, invalidArgument } from '../fault.ts'
import { putAll } from '../put.ts'
import { flag, list, needed, structure } from '../shape.ts'
import {
  type Call,
  call,
  data,
  dryRun,
  hashKeyText,
  ofStream,
  partitionKeyText,
  sequenceText,
} from './call.ts'

/** A PutRecords request, AWS's quota: 10 MiB of data and keys, 500 records. */
const maxRequestBytes = 10 * 1024 * 1024
const maxRequestRecords = 500

const entry = { Data: needed(data), PartitionKey: needed(partitionKeyText), ExplicitHashKey: hashKeyText }

const putRecord = call(
  'PutRecord',
  { ...ofStream, ...entry, SequenceNumberForOrdering: sequenceText, DryRun: flag() },
  async (store, input) => {
    const stream = store.find(input)
    dryRun(input.DryRun)
    const [outcome] = await putAll(store, stream, [input])
    if (outcome?.ok) return { ShardId: outcome.ShardId, SequenceNumber: outcome.SequenceNumber }
    if (outcome?.ErrorCode === 'ProvisionedThroughputExceededException') {
      throw new Fault(outcome.ErrorCode, outcome.ErrorMessage)
    }
    throw new Error(outcome?.ErrorMessage)
  },
)

const putRecords = call(
  'PutRecords',
  { ...ofStream, Records: needed(list(structure(entry), { min: 1 })), DryRun: flag() },
  async (store, input) => {
    const stream = store.find(input)
    if (store.enforceLimits) checkRequest(input.Records)
    dryRun(input.DryRun)
    const outcomes = await putAll(store, stream, input.Records)
    return {
      FailedRecordCount: outcomes.filter(({ ok }) => !ok).length,
      Records: outcomes.map(({ ok, ...rest }) => rest),
    }
  },
)

function checkRequest(records: readonly { readonly Data: Buffer; readonly PartitionKey: string }[]): void {
  if (records.length > maxRequestRecords) {
    throw new Fault(
      'ValidationException',
      `1 validation error detected: Value '[${records.length} members]' at 'records' failed to satisfy constraint: ` +
        `Member must have length less than or equal to ${maxRequestRecords}`,
    )
  }
  const bytes = records.reduce(
    (sum, record) => sum + record.Data.length + Buffer.byteLength(record.PartitionKey),
    0,
  )
  if (bytes > maxRequestBytes) {
    throw invalidArgument(`Records size exceeds ${maxRequestBytes / 1024 / 1024} MB limit`)
  }
}

export const putCalls: readonly Call[] = [putRecord, putRecords]
