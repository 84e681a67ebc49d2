/** Free disk: below a floor an emulation stops by itself, before it fills the disk of its computer (decision 20). */
import type { ErrorDetail } from '../../../shared/errors.ts'
import { freeBytes } from '../../lib/diskUse.ts'

/** How often we look, ms: at 100 MB a second, half a GiB passes between two looks. */
const lookMs = 5_000
const gib = 1_073_741_824

/** Why a run must stop, or null while there is room. `minFreeGiB` is the floor of the settings. */
export async function diskProblem(folder: string, minFreeGiB: number): Promise<ErrorDetail | null> {
  const freeGiB = (await freeBytes(folder)) / gib
  if (freeGiB >= minFreeGiB) return null
  return {
    code: 'DISK_NEARLY_FULL',
    message: `Less than ${minFreeGiB} GiB is free (${freeGiB.toFixed(2)} GiB) on the disk of ${folder}`,
    hint: 'Free some space, wipe old data of this pipeline, or lower the floor in the settings.',
    field: 'settings.minFreeGiB',
  }
}

/** Calls `onFull` once, as soon as there is too little; answers how to end the watch. A disk that cannot be asked is not full. */
export function watchDisk(
  folder: string,
  minFreeGiB: () => number,
  onFull: (problem: ErrorDetail) => void,
): () => void {
  const timer = setInterval(async () => {
    const problem = await diskProblem(folder, minFreeGiB()).catch(() => null)
    if (problem === null) return
    clearInterval(timer)
    onFull(problem)
  }, lookMs)
  return () => clearInterval(timer)
}
