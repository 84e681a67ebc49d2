/** One process only may write to a folder; a holder that was killed never keeps it. */
import { randomBytes } from 'node:crypto'
import { link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import { AppError } from '../../shared/errors.ts'
import { isAlive, processStart } from './processStart.ts'

const holderSchema = z.object({ pid: z.int().positive(), start: z.string() })
const fileName = 'in-use.json'

/** A predecessor that is about to end gets so long, ms. */
const patienceMs = 5_000

/**
 * Takes the folder, which must exist. Answers how to give it back. Throws AppError FOLDER_IN_USE after `patience` in ms, and what
 * the signal says. The back end's own lock
 * comes before it: this one is for a child that outlived its back end for a moment.
 */
export async function lockFolder(
  folder: string,
  patience: number = patienceMs,
  signal?: AbortSignal,
): Promise<() => Promise<void>> {
  const file = join(folder, fileName)
  // Several may wait in one process.
  const whole = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`
  const mine = JSON.stringify({ pid: process.pid, start: (await processStart(process.pid)) ?? '' })
  const until = Date.now() + patience
  await writeFile(whole, mine, { mode: 0o600 })
  for (;;) {
    // A link appears with its content or not at all.
    const taken = await link(whole, file).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') return false
        throw error
      },
    )
    if (taken) break
    const holder = await holderOf(file)
    if (holder === null || !(await isAlive(holder))) await rm(file, { force: true })
    else if (Date.now() < until && !signal?.aborted) await sleep(50)
    else {
      await rm(whole, { force: true })
      signal?.throwIfAborted()
      throw new AppError({
        code: 'FOLDER_IN_USE',
        message: `Process ${holder.pid} is still using the folder ${folder}`,
        hint: 'Stop the other Pipeline Control, or end that process.',
      })
    }
  }
  await rm(whole, { force: true })
  return async () => {
    if ((await readFile(file, 'utf8').catch(() => '')) === mine) await rm(file, { force: true })
  }
}

/** Null where nobody holds it any more, or the disk lost what the file said. */
async function holderOf(file: string): Promise<z.infer<typeof holderSchema> | null> {
  try {
    return holderSchema.parse(JSON.parse(await readFile(file, 'utf8')))
  } catch {
    return null
  }
}
