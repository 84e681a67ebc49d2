/** Things a person saved under a name (filters, presets): one small file of the folder for each kind. */
import { join } from 'node:path'
import { z } from 'zod'
import type { Problem } from '../../shared/contract/base.ts'
import { AppError } from '../../shared/errors.ts'
import { readJsonFile, writeJsonFile } from '../lib/jsonFile.ts'

export interface NamedItems<T extends { readonly name: string }> {
  readonly problem: Problem | null
  list(): T[]
  /** One of the same name is replaced. */
  save(item: T): Promise<T[]>
  forget(name: string): Promise<T[]>
}

/** A file of a newer version is never written over: then saving throws AppError FILE_NEWER. */
export async function openNamedItems<T extends { readonly name: string }>(
  file: string,
  item: z.ZodType<T>,
): Promise<NamedItems<T>> {
  const schema = z.object({ version: z.literal(1), items: z.array(item).max(1_000) })
  const { value, problem } = await readJsonFile(file, { schema, version: 1 })
  let items = value?.items ?? []
  const set = async (next: T[]) => {
    if (problem?.code === 'FILE_NEWER') throw new AppError(problem)
    await writeJsonFile(file, { version: 1, items: next })
    items = next
    return items
  }
  const others = (name: string) => items.filter((each) => each.name !== name)
  return {
    problem,
    list: () => items,
    save: (added) => set([...others(added.name), added].sort((a, b) => a.name.localeCompare(b.name))),
    forget: (name) => set(others(name)),
  }
}

export const filtersFile = (home: string): string => join(home, 'filters.json')
export const presetsFile = (home: string): string => join(home, 'presets.json')
