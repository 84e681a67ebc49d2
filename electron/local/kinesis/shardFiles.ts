/** The segment files of one shard on disk: made, found again after a restart, cut where a crash tore them, deleted. */
import { mkdir, open, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import { syncFolder, writeAll } from './files.ts'
import { emptySegment, filesOf, loadIndex, magic, type Segment, saveIndex, scanSegment } from './segment.ts'

/** Name of a segment: the counter of its first record, so that counters go on even where all records were trimmed. */
const segmentPath = (folder: string, first: number) => join(folder, `${String(first).padStart(15, '0')}.log`)

/** Makes an empty segment that outlasts a crash. */
export async function createSegment(folder: string, first: number): Promise<Segment> {
  const path = segmentPath(folder, first)
  const file = await open(path, 'w')
  try {
    await writeAll(file, magic, 0)
    await file.sync()
  } finally {
    await file.close()
  }
  await syncFolder(folder)
  return emptySegment(path, first)
}

/** Makes the folder of a new shard with its first, empty segment. */
export async function createShardFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await createSegment(folder, 1)
  await syncFolder(join(folder, '..'))
}

export async function deleteSegment(path: string): Promise<void> {
  for (const file of filesOf(path)) await rm(file, { force: true })
}

/** All segments of a shard, oldest first, the last one cut at its last whole record. Throws AppError where data is missing. */
export async function loadSegments(
  folder: string,
  closed: boolean,
  log: (line: string) => void,
): Promise<Segment[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^\d{15}\.log$/.test(name)).sort()
  if (names.length === 0) throw damaged(folder, 'has no data file')
  const segments: Segment[] = []
  for (const [nth, name] of names.entries()) {
    const path = join(folder, name)
    const open = nth === names.length - 1 && !closed
    const segment = open ? await recover(path, log) : await loadWhole(path)
    const before = segments.at(-1)
    if (before && before.first + before.count !== segment.first) {
      log(`Records ${before.first + before.count} to ${segment.first - 1} are missing in ${folder}`)
    }
    segments.push(segment)
  }
  return segments
}

const firstOf = (path: string) => Number(path.slice(-19, -4))

async function loadWhole(path: string): Promise<Segment> {
  const { size } = await stat(path)
  const known = await loadIndex(path, firstOf(path), size)
  if (known) return known
  const segment = await scanSegment(path, firstOf(path))
  await saveIndex(segment)
  return segment
}

/** The segment that was written to last: everything after its last whole record was never acknowledged. */
async function recover(path: string, log: (line: string) => void): Promise<Segment> {
  const file = await open(path, 'r+')
  try {
    const { size } = await file.stat()
    const head = Buffer.alloc(magic.length)
    await file.read(head, 0, head.length, 0)
    if (size < magic.length) await writeAll(file, magic, 0)
    else if (!head.equals(magic)) throw damaged(path, 'was written by another version')
    const segment = await scanSegment(path, firstOf(path))
    if (size > segment.bytes) {
      log(`Cut ${size - segment.bytes} bytes that were never acknowledged off ${path}`)
      await file.truncate(segment.bytes)
    }
    await file.sync()
    return segment
  } finally {
    await file.close()
  }
}

function damaged(path: string, what: string): AppError {
  return new AppError({
    code: 'KINESIS_DATA_DAMAGED',
    message: `The local Kinesis data ${what}: ${path}`,
    hint: 'Restore the folder from a copy, or delete the local data with "pipeline local down --wipe".',
  })
}
