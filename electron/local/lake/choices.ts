/** The two ways a person can let a stopped partition go on (decision 5). Both delete nothing. */
import { rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { AppError } from '../../../shared/errors.ts'
import type { PartitionOffsets } from '../../clients/kafka/types.ts'
import { makeFolder, namesIn, renameDurably, syncFolder, writeSynced } from './disk.ts'
import { partitionPaths } from './paths.ts'
import { recoverPartition } from './recover.ts'

/**
 * A new generation: the partition's files move to `_generations/<topic>/<n>/<nth>`, entries with them. A crash between the
 * two leaves data without entries, which stops the partition again, so that nothing is taken for something else.
 */
export async function setAside(dir: string, topic: string, partition: number): Promise<void> {
  const paths = partitionPaths(dir, topic, partition)
  const nth = Math.max(0, ...(await namesIn(paths.generations)).map(Number).filter(Number.isInteger)) + 1
  const target = join(paths.generations, String(nth))
  await makeFolder(target)
  for (const [from, name] of [
    [paths.entries, 'entries'],
    [paths.data, 'data'],
  ] as const) {
    try {
      await rename(from, join(target, name))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') continue
      throw error
    }
    await syncFolder(target)
    await syncFolder(dirname(from))
  }
}

/**
 * Goes on in the same folder from the earliest offset the log still has; the gap is recorded beside the entries. Throws
 * AppError LAKE_CHOICE_IMPOSSIBLE where those offsets stand in the lake already: each may stand in one line only.
 */
export async function continueFromEarliest(
  dir: string,
  topic: string,
  topicId: string,
  { partition, low }: PartitionOffsets,
): Promise<void> {
  const { next, choice } = await recoverPartition(dir, topic, partition)
  if (next !== null && low < next) {
    throw impossible(
      `the lake already holds the offsets up to ${next - 1n} of ${topic}, partition ${partition}, and the topic begins at ${low}`,
    )
  }
  const paths = partitionPaths(dir, topic, partition)
  await makeFolder(paths.entries)
  const gap = next === null || low === next ? [] : [[next, low - 1n]]
  const passedOver = [...(choice?.passedOver ?? []), ...gap].map((range) => range.map(String))
  const aside = `${paths.choice}.new`
  await writeSynced(aside, JSON.stringify({ from: String(low), topicId, passedOver }))
  await renameDurably(aside, paths.choice)
}

function impossible(why: string): AppError {
  return new AppError({
    code: 'LAKE_CHOICE_IMPOSSIBLE',
    message: `The lake cannot continue from the earliest: ${why}`,
    hint: 'Each offset may stand in one line only. Start a new generation instead: the old files are kept aside.',
  })
}
