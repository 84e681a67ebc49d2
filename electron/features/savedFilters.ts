/** The filters a person saved: one small file of the folder. */
import { join } from 'node:path'
import { z } from 'zod'
import type { Problem } from '../../shared/contract/base.ts'
import { type SavedFilter, savedFilterSchema } from '../../shared/contract/search.ts'
import { AppError } from '../../shared/errors.ts'
import { readJsonFile, writeJsonFile } from '../lib/jsonFile.ts'

export interface SavedFilters {
  readonly problem: Problem | null
  list(): SavedFilter[]
  /** One of the same name is replaced. */
  save(filter: SavedFilter): Promise<SavedFilter[]>
  forget(name: string): Promise<SavedFilter[]>
}

const schema = z.object({ version: z.literal(1), items: z.array(savedFilterSchema).max(1_000) })

export async function openSavedFilters(home: string): Promise<SavedFilters> {
  const file = join(home, 'filters.json')
  const { value, problem } = await readJsonFile(file, { schema, version: 1 })
  let items = value?.items ?? []
  const set = async (next: SavedFilter[]) => {
    if (problem?.code === 'FILE_NEWER') throw new AppError(problem)
    await writeJsonFile(file, { version: 1, items: next })
    items = next
    return items
  }
  const others = (name: string) => items.filter((item) => item.name !== name)
  return {
    problem,
    list: () => items,
    save: (filter) => set([...others(filter.name), filter].sort((a, b) => a.name.localeCompare(b.name))),
    forget: (name) => set(others(name)),
  }
}
