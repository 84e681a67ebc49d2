/** The built-in dataset as a source. */
import type { Post } from '../../../shared/posts.ts'
import { createDataset, datasetSize } from '../dataset/dataset.ts'
import type { Source, SourcePost } from '../types.ts'
import { beyondSource } from './beyond.ts'

/** Rows are made when first asked for and kept (about 15 MB when all are there). */
export function builtinSource(seed: number): Source {
  const make = createDataset(seed)
  const made: (SourcePost | undefined)[] = []
  return {
    size: datasetSize,
    read: async (index) => {
      if (index >= datasetSize) throw beyondSource(index, datasetSize)
      const post = made[index] ?? { index, rows: rowsOf(make(index)) }
      made[index] = post
      return post
    },
    close: async () => undefined,
  }
}

function rowsOf({ pin, geo, user }: Post): SourcePost['rows'] {
  return { pin, geo, user }
}
