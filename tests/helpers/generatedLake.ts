/** A lake as the app's sink writes it, made of generated posts without a broker: for benches and long tests. */
import { createWriteStream } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createDataset } from '../../electron/emulator/dataset/dataset.ts'
import { dataName, partitionPaths } from '../../electron/local/lake/paths.ts'
import type { Post } from '../../shared/posts.ts'

const kinds = ['pin', 'geo', 'user'] as const
const partitions = 3

interface LakeToMake {
  /** The lake's; its topics lie in `topics` below. */
  readonly dir: string
  readonly userId: string
  readonly seed: number
  /** Different ones, each with a number of its own. */
  readonly posts: number
  /** Each so many posts one is there a second time, as the emulation draws it; 0 for never. */
  readonly twiceEach: number
  /** Records in one file. */
  readonly perFile: number
}

/** Some 15,000 posts a second. */
export async function makeLake({ dir, userId, seed, posts, twiceEach, perFile }: LakeToMake): Promise<void> {
  const make = createDataset(seed)
  const offsets = Array.from({ length: partitions }, () => 0n)
  for (let from = 0, file = 0; from < posts; from += perFile, file += 1) {
    const partition = file % partitions
    const offset = offsets[partition] ?? 0n
    const made: Post[] = []
    for (let index = from; index < Math.min(posts, from + perFile); index += 1) {
      const post = make(index)
      made.push(post)
      if (twiceEach > 0 && index % twiceEach === 0) made.push(post)
    }
    for (const kind of kinds) {
      const topic = `${userId}.${kind}`
      const { data } = partitionPaths(dir, topic, partition)
      await mkdir(data, { recursive: true })
      const lines = Readable.from(made.map((post) => `${JSON.stringify(post[kind])}\n`))
      await pipeline(lines, createWriteStream(join(data, dataName(topic, partition, offset))))
    }
    offsets[partition] = offset + BigInt(made.length)
  }
}
