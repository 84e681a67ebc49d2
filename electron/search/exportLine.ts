/** A record as a line of an exported file; numbers keep every digit, and what is no text is base64. */
import { isUtf8 } from 'node:buffer'
import { stringify } from 'csv-stringify/sync'
import type { KafkaRecord } from '../clients/kafka/types.ts'

interface Part {
  readonly format: 'json' | 'text' | 'base64' | 'null'
  /** As JSON. */
  readonly json: string
  /** As the cell of a table. */
  readonly cell: string
}

function partOf(bytes: Buffer | null): Part {
  if (bytes === null) return { format: 'null', json: 'null', cell: '' }
  if (!isUtf8(bytes)) {
    const cell = bytes.toString('base64')
    return { format: 'base64', json: JSON.stringify(cell), cell }
  }
  const text = bytes.toString('utf8')
  if (isJson(text)) {
    // As it stands, so that large numbers stay as they are; a line feed between its parts would end the line.
    return { format: 'json', json: text.replace(/[\r\n]+/g, ' ').trim(), cell: text }
  }
  return { format: 'text', json: JSON.stringify(text), cell: text }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const headerText = (value: Buffer | null) =>
  value === null ? null : isUtf8(value) ? value.toString('utf8') : { base64: value.toString('base64') }

/** `keyFormat` and `valueFormat` say how to read `key` and `value`: as they stand, or from base64. */
export function ndjsonLine(record: KafkaRecord): string {
  const key = partOf(record.key)
  const value = partOf(record.value)
  const headers = JSON.stringify(record.headers.map((header) => [header.name, headerText(header.value)]))
  return (
    `{"partition":${record.partition},"offset":${record.offset},"timestamp":${record.timestamp},` +
    `"keyFormat":"${key.format}","key":${key.json},"valueFormat":"${value.format}","value":${value.json},` +
    `"headers":${headers}}\n`
  )
}

export const csvHead = 'partition,offset,timestamp,keyFormat,key,valueFormat,value,headers\n'

/** RFC 4180: what holds a comma, a quote or a line feed is quoted. */
export function csvLines(records: readonly KafkaRecord[]): string {
  return stringify(
    records.map((record) => {
      const key = partOf(record.key)
      const value = partOf(record.value)
      return [
        record.partition,
        String(record.offset),
        record.timestamp,
        key.format,
        key.cell,
        value.format,
        value.cell,
        JSON.stringify(record.headers.map((header) => [header.name, headerText(header.value)])),
      ]
    }),
  )
}
