/** What a partition of the lake holds: read back from the lake itself, which alone decides where to go on (decision 5). */
import { readFile, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { AppError } from '../../../shared/errors.ts'
import { namesIn } from './disk.ts'
import { type Entry, readEntry, type Totals } from './entry.ts'
import { dataName, entryName, partitionPaths, startOfData, startOfEntry } from './paths.ts'

/** What a person chose after a problem: where to go on in the same folder, and what was passed over by that. */
export interface Choice {
  readonly from: bigint
  readonly topicId: string
  readonly passedOver: readonly (readonly [bigint, bigint])[]
}

export interface PartitionState {
  /** Null where nothing was written yet. */
  readonly next: bigint | null
  readonly topicId: string
  readonly totals: Totals
  readonly choice: Choice | null
}

/**
 * Looks at one partition and mends what a crash left: an entry whose data was never renamed is deleted. Throws AppError
 * LAKE_DAMAGED or LAKE_FILE_UNKNOWN where a person has to look. Only for the one who holds the lake's lock.
 */
export async function recoverPartition(
  dir: string,
  topic: string,
  partition: number,
): Promise<PartitionState> {
  const paths = partitionPaths(dir, topic, partition)
  await refuseOtherCase(dirname(paths.data), topic)
  const { data, entries } = await startsOf(dir, topic, partition)
  const known = new Set(data)
  for (const start of entries) {
    if (!known.has(start)) await rm(join(paths.entries, entryName(start)))
  }
  const withEntry = new Set(entries)
  const unknown = data.find((start) => !withEntry.has(start))
  if (unknown !== undefined) throw unknownFile(join(paths.data, dataName(topic, partition, unknown)))
  const choice = await readChoice(paths.choice)
  const last = data.at(-1)
  if (last === undefined) {
    return {
      next: choice?.from ?? null,
      topicId: choice?.topicId ?? '',
      totals: { files: 0, records: 0, bytes: 0 },
      choice,
    }
  }
  const entry = await loadEntry(dir, topic, partition, last)
  const file = join(paths.data, dataName(topic, partition, last))
  if ((await stat(file)).size !== entry.bytes) throw damaged(file)
  const chosen = choice !== null && choice.from >= entry.next
  return {
    next: chosen ? choice.from : entry.next,
    topicId: chosen ? choice.topicId : entry.topicId,
    totals: entry.upTo.files === data.length ? entry.upTo : await addUp(dir, topic, partition, data),
    choice,
  }
}

/** Start offsets of the data files and of the entries, each in order. */
export async function startsOf(
  dir: string,
  topic: string,
  partition: number,
): Promise<{ readonly data: bigint[]; readonly entries: bigint[] }> {
  const paths = partitionPaths(dir, topic, partition)
  const [dataNames, entryNames] = await Promise.all([namesIn(paths.data), namesIn(paths.entries)])
  const inOrder = (starts: (bigint | null)[]) =>
    starts.filter((start) => start !== null).sort((a, b) => (a < b ? -1 : 1))
  return {
    data: inOrder(dataNames.map((name) => startOfData(name, topic, partition))),
    entries: inOrder(entryNames.map(startOfEntry)),
  }
}

/** Throws AppError LAKE_DAMAGED. */
export async function loadEntry(
  dir: string,
  topic: string,
  partition: number,
  start: bigint,
): Promise<Entry> {
  const path = join(partitionPaths(dir, topic, partition).entries, entryName(start))
  const entry = readEntry(await readFile(path, 'utf8'))
  if (entry === null || entry.first !== start || entry.topic !== topic || entry.partition !== partition) {
    throw damaged(path)
  }
  return entry
}

/** Files were taken out by hand, so the sums in the last entry are no longer true. */
async function addUp(
  dir: string,
  topic: string,
  partition: number,
  starts: readonly bigint[],
): Promise<Totals> {
  const totals = { files: 0, records: 0, bytes: 0 }
  for (const start of starts) {
    const { records, bytes } = await loadEntry(dir, topic, partition, start)
    totals.files += 1
    totals.records += records
    totals.bytes += bytes
  }
  return totals
}

const offset = z.string().regex(/^\d+$/).transform(BigInt)
const choiceSchema = z.object({
  from: offset,
  topicId: z.string(),
  passedOver: z.array(z.tuple([offset, offset])),
})

export async function readChoice(path: string): Promise<Choice | null> {
  try {
    return choiceSchema.parse(JSON.parse(await readFile(path, 'utf8')))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw damaged(path)
  }
}

/** On a disk that takes "A" and "a" for the same, two topics would write into one folder. */
async function refuseOtherCase(folder: string, topic: string): Promise<void> {
  if ((await stat(folder).catch(() => null)) === null) return
  if ((await namesIn(dirname(folder))).includes(topic)) return
  throw new AppError({
    code: 'LAKE_CASE',
    message: `On this disk the folder of another topic has the same name but for its case: ${folder}`,
    hint: 'Use another topic name, or a lake folder on a disk that tells upper and lower case apart.',
  })
}

export function damaged(path: string): AppError {
  return new AppError({
    code: 'LAKE_DAMAGED',
    message: `A file of the lake is not as it was written: ${path}`,
    hint: 'It was changed or cut by something else. Put it back, or start a new generation: the old files are kept aside.',
  })
}

function unknownFile(path: string): AppError {
  return new AppError({
    code: 'LAKE_FILE_UNKNOWN',
    message: `This file lies in the lake but was not written by it, so its records cannot be told apart: ${path}`,
    hint: 'Move it away, or start a new generation: the old files are kept aside.',
  })
}
