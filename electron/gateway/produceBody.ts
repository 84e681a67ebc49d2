/** Reads the body of a produce call: `{records: [{key?, value, partition?}]}`, values cut out as they were written. */
import { proxyError } from './answer.ts'
import { checkedText, cut, eachItem, eachMember, JsonFault, kindAt, start, stringOf } from './json.ts'
import type { Format } from './media.ts'

export interface ProduceRecord {
  readonly key: Buffer | null
  readonly value: Buffer | null
  readonly partition: number | null
}

/** More would cost more memory than the body's own limit allows for. */
const maxRecords = 50_000

/** Fields the real proxy knows but that mean nothing without a schema. */
const ignoredFields = new Set(['key_schema', 'key_schema_id', 'value_schema', 'value_schema_id'])

const malformed = (message: string) => proxyError(400, 400, message)
const invalid = (message: string) => proxyError(422, 422, message)
const unrecognised = (field: string) => invalid(`Unrecognized field: ${field.slice(0, 200)}`)

/** Throws a Refusal: 400 for what is no JSON or of a wrong type, 422 for what is JSON but no such request (F-33). */
export function readProduceBody(body: Buffer, format: Format): ProduceRecord[] {
  try {
    return read(body, format)
  } catch (error) {
    if (error instanceof JsonFault) throw malformed(error.message)
    throw error
  }
}

function read(body: Buffer, format: Format): ProduceRecord[] {
  if (body.length === 0) throw invalid('The request body must not be empty.')
  const text = checkedText(body)
  const at = start(text)
  if (kindAt(text, at) === 'null') throw invalid('The request body must not be null.')
  if (kindAt(text, at) !== 'object') throw malformed('The request body must be an object with "records".')
  let records: ProduceRecord[] = []
  eachMember(text, at, (name, valueAt) => {
    if (name === 'records') {
      const list = readRecords(text, valueAt, format)
      records = list.records
      return list.end
    }
    if (!ignoredFields.has(name)) throw unrecognised(name)
    return cut(text, valueAt).end
  })
  if (records.length === 0) throw invalid('records must not be empty')
  return records
}

function readRecords(text: string, at: number, format: Format): { records: ProduceRecord[]; end: number } {
  const kind = kindAt(text, at)
  if (kind === 'null') return { records: [], end: cut(text, at).end }
  if (kind !== 'array') throw malformed(`records must be an array, not a value of type ${kind}.`)
  const records: ProduceRecord[] = []
  const end = eachItem(text, at, (itemAt) => {
    if (records.length === maxRecords) {
      throw proxyError(422, 42206, `Invalid payload: at most ${maxRecords} records in one request.`)
    }
    const record = readRecord(text, itemAt, format, records.length)
    records.push(record)
    return record.end
  })
  return { records, end }
}

function readRecord(
  text: string,
  at: number,
  format: Format,
  index: number,
): ProduceRecord & { end: number } {
  const kind = kindAt(text, at)
  if (kind === 'null') throw invalid(`records[${index}] must not be null`)
  if (kind !== 'object') throw malformed(`records[${index}] must be an object, not a value of type ${kind}.`)
  let key: Buffer | null = null
  let value: Buffer | null = null
  let partition: number | null = null
  const end = eachMember(text, at, (name, valueAt) => {
    const { json, end: valueEnd } = cut(text, valueAt)
    if (name === 'value') value = bytesOf(json, format, `records[${index}].value`)
    else if (name === 'key') key = bytesOf(json, format, `records[${index}].key`)
    else if (name === 'partition') partition = partitionOf(json, index)
    else throw unrecognised(name)
    return valueEnd
  })
  return { key, value, partition, end }
}

function bytesOf(json: string, format: Format, where: string): Buffer | null {
  if (json === 'null') return null
  if (format === 'json') return Buffer.from(json, 'utf8')
  const encoded = json.startsWith('"') ? stringOf(json, 0, json.length) : null
  if (encoded === null || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded) || encoded.length % 4 !== 0) {
    throw proxyError(422, 42206, `Invalid payload: ${where} must be base64 text or null.`)
  }
  return Buffer.from(encoded, 'base64')
}

function partitionOf(json: string, index: number): number | null {
  if (json === 'null') return null
  const partition = Number(json)
  if (json.startsWith('"') || !Number.isInteger(partition) || Math.abs(partition) > 2_147_483_647) {
    throw malformed(`records[${index}].partition must be an integer.`)
  }
  if (partition < 0) throw invalid(`records[${index}].partition must be greater than or equal to 0`)
  return partition
}
