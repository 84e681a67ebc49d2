/** Reads the bodies of the v2 consumer calls. */
import { z } from 'zod'
import { proxyError, type Refusal } from './answer.ts'
import { checkedText, JsonFault } from './json.ts'
import { isKafkaBody } from './media.ts'

const topicField = z.string().min(1).max(249)
const partitionSchema = z.strictObject({ topic: topicField, partition: z.int().min(0).max(2_147_483_647) })
const offsetSchema = z.strictObject({
  topic: topicField,
  partition: z.int().min(0).max(2_147_483_647),
  offset: z.int().min(0),
  metadata: z.string().max(4_096).nullish(),
})
/** Many scripts write numbers and booleans as text, as the proxy's own documents do. */
const numberText = z.union([z.int(), z.stringFormat('number', /^-?\d{1,9}$/).transform(Number)])

export const instanceSchema = z.strictObject({
  id: z.string().min(1).max(200).nullish(),
  name: z.string().min(1).max(200).nullish(),
  format: z.string().nullish(),
  'auto.offset.reset': z.string().nullish(),
  'auto.commit.enable': z.union([z.boolean(), z.string()]).nullish(),
  'fetch.min.bytes': numberText.nullish(),
  'consumer.request.timeout.ms': numberText.nullish(),
})
export const subscriptionSchema = z.strictObject({
  topics: z.array(topicField).max(1_000).nullish(),
  topic_pattern: z.string().min(1).max(500).nullish(),
})
export const partitionsSchema = z.strictObject({ partitions: z.array(partitionSchema).min(1).max(10_000) })
export const offsetsSchema = z.strictObject({ offsets: z.array(offsetSchema).min(1).max(10_000) })

export interface Body {
  readonly contentType: string | undefined
  readonly bytes: Buffer
}

/** The body, or null where there is none. Throws 415, 400 and 422 as the proxy does, naming the field. */
export function readBody<T>(schema: z.ZodType<T>, body: Body): T | null {
  if (body.bytes.length === 0) return null
  if (!isKafkaBody(body.contentType)) throw proxyError(415, 415, 'HTTP 415 Unsupported Media Type')
  const parsed = schema.safeParse(json(body.bytes))
  if (parsed.success) return parsed.data
  throw refusalFor(parsed.error.issues[0])
}

/** The same where a body must be there. */
export function readRequired<T>(schema: z.ZodType<T>, body: Body): T {
  const value = readBody(schema, body)
  if (value === null) throw proxyError(422, 422, 'The request body must not be empty.')
  return value
}

function json(bytes: Buffer): unknown {
  try {
    const value: unknown = JSON.parse(checkedText(bytes))
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error
    throw proxyError(400, 400, error.message)
  }
  throw proxyError(400, 400, 'The request body must be an object.')
}

function refusalFor(issue: z.core.$ZodIssue | undefined): Refusal {
  if (issue?.code === 'unrecognized_keys') {
    return proxyError(422, 422, `Unrecognized field: ${(issue.keys[0] ?? '').slice(0, 200)}`)
  }
  const path = issue?.path.join('.') ?? ''
  return proxyError(422, 422, `${path} is not valid: ${issue?.message ?? 'wrong type'}`)
}
