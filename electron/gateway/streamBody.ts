/** Reads the bodies of the streams API. `Data` becomes bytes exactly once, whether it came nested or as text (F-46, F-48). */
import type { PutEntry } from '../clients/kinesis/types.ts'
import { awsError, gatewayError } from './answer.ts'
import { checkedText, cut, eachItem, eachMember, JsonFault, kindAt, start, stringOf } from './json.ts'

/** AWS's limit for one PutRecords call. */
const maxRecords = 500
/** AWS's limit for a partition key, characters. */
const maxKey = 256

export const validation = (message: string) => awsError(400, 'ValidationException', message)
const constraint = (value: string, field: string, rule: string) =>
  validation(
    `1 validation error detected: Value '${value}' at '${field}' failed to satisfy constraint: Member must ${rule}`,
  )

/** PUT /streams/{s}/record: `{Data, PartitionKey}`; `StreamName` in the body is ignored, the path counts. */
export function readRecord(body: Buffer): PutEntry {
  return parsed(body, (text, at) => readEntry(text, at, '').entry)
}

/** PUT /streams/{s}/records: `{records: [{data, partition-key}]}`, capitals taken as well (F-49). */
export function readRecords(body: Buffer): PutEntry[] {
  return parsed(body, (text, at) => {
    const entries: PutEntry[] = []
    eachMember(text, at, (name, valueAt) => {
      if (name.toLowerCase() !== 'records') return cut(text, valueAt).end
      if (kindAt(text, valueAt) !== 'array') throw validation('records must be an array.')
      entries.length = 0
      return eachItem(text, valueAt, (itemAt) => {
        if (entries.length === maxRecords) throw constraint('[…]', 'records', tooMany)
        const { entry, end } = readEntry(text, itemAt, `records.${entries.length + 1}.member.`)
        entries.push(entry)
        return end
      })
    })
    if (entries.length === 0) throw constraint('[]', 'records', 'have length greater than or equal to 1')
    return entries
  })
}

const tooMany = `have length less than or equal to ${maxRecords}`

/** POST /streams/{s}: `ShardCount`, 1 where there is none (the course's own template makes 5). */
export function readShardCount(body: Buffer): number {
  if (body.length === 0) return 1
  return parsed(body, (text, at) => {
    let count = 1
    eachMember(text, at, (name, valueAt) => {
      const { json, end } = cut(text, valueAt)
      if (name === 'ShardCount' && json !== 'null') count = shardCount(json)
      return end
    })
    return count
  })
}

function shardCount(json: string): number {
  const bare = json.startsWith('"') ? stringOf(json, 0, json.length) : json
  if (bare === '') return 1
  if (!/^\d{1,9}$/.test(bare) || Number(bare) < 1) {
    throw constraint(bare.slice(0, 40), 'shardCount', 'have value greater than or equal to 1')
  }
  return Number(bare)
}

/** The body's object; API Gateway's own answer where there is none that its template could read. */
function parsed<T>(body: Buffer, read: (text: string, at: number) => T): T {
  try {
    if (body.length === 0) throw new JsonFault('the body is empty.')
    const text = checkedText(body)
    const at = start(text)
    if (kindAt(text, at) !== 'object') throw new JsonFault('the body must be an object.')
    return read(text, at)
  } catch (error) {
    if (error instanceof JsonFault) {
      throw gatewayError(400, `Could not parse request body into json: ${error.message}`)
    }
    throw error
  }
}

function readEntry(text: string, at: number, path: string): { entry: PutEntry; end: number } {
  if (kindAt(text, at) !== 'object') throw validation(`${path.slice(0, -1) || 'body'} must be an object.`)
  let data: Buffer | null = null
  let key = ''
  const end = eachMember(text, at, (name, valueAt) => {
    const { json, end: valueEnd } = cut(text, valueAt)
    if (name === 'Data' || name === 'data') data = dataOf(json, path)
    else if (name === 'PartitionKey' || name === 'partition-key') key = keyOf(json, path)
    return valueEnd
  })
  if (data === null) throw constraint('null', `${path}data`, 'not be null')
  if (key === '') throw constraint('', `${path}partitionKey`, 'have length greater than or equal to 1')
  if (key.length > maxKey) {
    throw constraint(
      `${key.slice(0, 40)}…`,
      `${path}partitionKey`,
      `have length less than or equal to ${maxKey}`,
    )
  }
  return { entry: { data, partitionKey: key }, end }
}

/** Nested JSON is kept as it was written; a text is its own content, never quoted or encoded a second time. */
function dataOf(json: string, path: string): Buffer | null {
  if (json === 'null') return null
  if (!json.startsWith('"')) return Buffer.from(json, 'utf8')
  const content = stringOf(json, 0, json.length)
  if (!content.isWellFormed()) throw validation(`${path}data holds half of a surrogate pair.`)
  return Buffer.from(content, 'utf8')
}

/** A number or boolean is taken as its text, as the mapping template does. */
function keyOf(json: string, path: string): string {
  if (json === 'null') return ''
  if (json.startsWith('{') || json.startsWith('[')) throw validation(`${path}partitionKey must be text.`)
  const key = json.startsWith('"') ? stringOf(json, 0, json.length) : json
  if (!key.isWellFormed()) throw validation(`${path}partitionKey holds half of a surrogate pair.`)
  return key
}
