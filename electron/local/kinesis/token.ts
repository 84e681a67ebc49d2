/** Shard iterators and page tokens: opaque to clients, and complete in themselves, so that they outlive a restart. */
import { crc32 } from 'node:zlib'
import { z } from 'zod'

const iteratorSchema = z.object({
  kind: z.literal('iterator'),
  /** The stream's own folder, which another stream of the same name does not share. */
  stream: z.string(),
  shard: z.int().min(0),
  counter: z.int().min(0),
  /** ms */
  madeAt: z.int(),
})
export type IteratorToken = z.infer<typeof iteratorSchema>

const pageSchema = z.object({
  /** Of which list. */
  kind: z.enum(['page', 'consumers']),
  stream: z.string(),
  after: z.string(),
  /** The call's own filter, as JSON text. */
  filter: z.string(),
  madeAt: z.int(),
})
export type PageToken = z.infer<typeof pageSchema>

/** How long iterators and tokens live, ms: five minutes as on AWS. */
export const tokenLifeMs = 300_000

export function writeToken(token: IteratorToken | PageToken): string {
  const text = JSON.stringify(token)
  return Buffer.from(`${crc32(text).toString(16).padStart(8, '0')}${text}`).toString('base64')
}

/** Null where it is none of ours. */
export function readIterator(token: string): IteratorToken | null {
  return iteratorSchema.safeParse(unwrap(token)).data ?? null
}

/** Null where it is none of ours. */
export function readPage(token: string, kind: PageToken['kind']): PageToken | null {
  const page = pageSchema.safeParse(unwrap(token)).data
  return page?.kind === kind ? page : null
}

function unwrap(token: string): unknown {
  const text = Buffer.from(token, 'base64').toString('utf8')
  const body = text.slice(8)
  if (Number.parseInt(text.slice(0, 8), 16) !== crc32(body)) return null
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

/** `Thu Jan 22 01:22:02 UTC 2015`, as AWS writes times in messages. */
export function amazonTime(time: number): string {
  const [day, date, month, year, clock] = new Date(time).toUTCString().replace(',', '').split(' ')
  return `${day} ${month} ${date} ${clock} UTC ${year}`
}
