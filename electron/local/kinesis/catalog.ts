/** What the streams are, without their records: one file, replaced as a whole whenever something changes. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import writeFileAtomic from 'write-file-atomic'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { syncFolder } from './files.ts'

const bigint = z
  .string()
  .regex(/^\d{1,39}$/)
  .transform(BigInt)

const shardSchema = z.object({
  index: z.int().min(0),
  bornSecs: z.int().min(0),
  /** ms */
  createdAt: z.int(),
  parent: z.int().nullable(),
  adjacentParent: z.int().nullable(),
  start: bigint,
  end: bigint,
  /** Counter after the last record; null while the shard is open. */
  endCounter: z.int().nullable(),
  /** ms */
  closedAt: z.int().nullable(),
})
export type ShardMeta = Readonly<z.infer<typeof shardSchema>>

const consumerSchema = z.object({
  name: z.string(),
  /** ms; part of its ARN, so that one registered again is another one. */
  createdAt: z.int(),
  tags: z.array(z.tuple([z.string(), z.string()])),
})
export type ConsumerMeta = Readonly<z.infer<typeof consumerSchema>>

const streamSchema = z.object({
  name: z.string(),
  /** Folder of its data, never used twice. */
  folder: z.string().regex(/^[a-z0-9-]+$/),
  /** ms */
  createdAt: z.int(),
  mode: z.enum(['PROVISIONED', 'ON_DEMAND']),
  retentionHours: z.int(),
  maxRecordKiB: z.int(),
  tags: z.array(z.tuple([z.string(), z.string()])),
  nextShard: z.int(),
  shards: z.array(shardSchema),
  /** Registered for enhanced fan-out; data written before there was any has none. */
  consumers: z.array(consumerSchema).default([]),
})
export type StreamMeta = Readonly<Omit<z.infer<typeof streamSchema>, 'shards'>> & {
  readonly shards: readonly ShardMeta[]
}

const catalogSchema = z.object({
  version: z.literal(1),
  streams: z.array(streamSchema),
  /** Folders of deleted streams and of expired shards that may not be gone yet. */
  leftovers: z.array(z.string().regex(/^[a-z0-9-]+(\/\d+)?$/)),
})
export interface Catalog {
  readonly streams: readonly StreamMeta[]
  readonly leftovers: readonly string[]
}

const fileName = 'streams.json'

/** Throws AppError KINESIS_DATA_DAMAGED rather than beginning anew over data that is there. */
export async function loadCatalog(dir: string): Promise<Catalog> {
  const path = join(dir, fileName)
  let content: string
  try {
    content = await readFile(path, 'utf8')
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return { streams: [], leftovers: [] }
    throw thrown
  }
  try {
    return catalogSchema.parse(JSON.parse(content))
  } catch (thrown) {
    throw new AppError(
      {
        code: 'KINESIS_DATA_DAMAGED',
        message: `The list of local streams cannot be read: ${path}`,
        hint: 'Restore the file from a copy, or delete the local data with "pipeline local down --wipe".',
      },
      thrown,
    )
  }
}

/** On disk when it resolves. */
export async function saveCatalog(dir: string, catalog: Catalog): Promise<void> {
  const replacer = (_: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
  const content = JSON.stringify({ version: 1, ...catalog }, replacer, 1)
  await writeFileAtomic(join(dir, fileName), content, { mode: 0o600 })
  await syncFolder(dir)
}
