/** Remembers what we made, written before it is made: `undo` takes back only what stands here. */
import { z } from 'zod'
import { AppError, type ErrorDetail } from '../../shared/errors.ts'
import { readJsonFile, writeJsonFile } from '../lib/jsonFile.ts'

export interface Ledger {
  owns(step: string, thing: string): boolean
  /** All things of a step, the oldest first. */
  things(step: string): readonly string[]
  /** Resolves when it is on disk. */
  own(step: string, thing: string): Promise<void>
  disown(step: string, thing: string): Promise<void>
  /** All that these steps made is gone. */
  disownAll(steps: readonly string[]): Promise<void>
  /** Why what stood here before is not known any more; null where all is well. */
  readonly problem: ErrorDetail | null
}

const schema = z.object({
  version: z.literal(1),
  entries: z.array(z.object({ step: z.string(), thing: z.string(), at: z.int() })),
})

/** Opens the ledger of a pipeline. Throws AppError where a newer app wrote it. */
export async function openLedger(file: string): Promise<Ledger> {
  const { value, problem } = await readJsonFile(file, { schema, version: 1 })
  if (problem?.code === 'FILE_NEWER') throw new AppError(problem)
  let entries = value?.entries ?? []
  let turn: Promise<void> = Promise.resolve()
  const has = (step: string, thing: string) =>
    entries.some((entry) => entry.step === step && entry.thing === thing)
  const save = (): Promise<void> => {
    const work = turn.then(() => writeJsonFile(file, { version: 1, entries }))
    turn = work.catch(() => {})
    return work
  }
  return {
    problem,
    owns: has,
    things: (step) => entries.filter((entry) => entry.step === step).map(({ thing }) => thing),
    own: async (step, thing) => {
      if (has(step, thing)) return
      entries = [...entries, { step, thing, at: Date.now() }]
      await save()
    },
    disown: async (step, thing) => {
      if (!has(step, thing)) return
      entries = entries.filter((entry) => entry.step !== step || entry.thing !== thing)
      await save()
    },
    disownAll: async (steps) => {
      const left = entries.filter((entry) => !steps.includes(entry.step))
      if (left.length === entries.length) return
      entries = left
      await save()
    },
  }
}
