/** Room on the disk: an emulation stops by itself before it fills its computer or passes its pipeline's cap (decision 20). */
import type { ErrorDetail } from '../../../shared/errors.ts'
import type { Settings } from '../../../shared/settings.ts'
import { folderBytes, freeBytes } from '../../lib/diskUse.ts'

/** How often we look, ms: at 100 MB a second, half a GiB passes between two looks. */
const lookMs = 5_000
const gib = 1_073_741_824
/** The data's folders are walked at least this often, ms, and for at most a twentieth of the time. */
const walkMs = 60_000
const walkShare = 20
/** Nearer to the cap than this the walk is not repeated for less, bytes. */
const smallestStep = 67_108_864

export interface DiskWatch {
  /** On the disk that must keep some room; it exists. */
  readonly folder: string
  /** What counts as the pipeline's data. */
  readonly data: readonly string[]
  /** `minFreeGiB` stays free; the data stays below `maxDataGiB`. Asked at each look: both may be changed meanwhile. */
  limits(): Pick<Settings, 'minFreeGiB' | 'maxDataGiB'>
}

/**
 * A look that tells why a run must stop, or null while there is room. Asking the disk is cheap, walking the folders is not:
 * they are walked at first, and again once the disk has lost half of what was left below the cap, or after a minute.
 */
export function diskLook(
  { folder, data, limits }: DiskWatch,
  walk: (folder: string) => Promise<number> = folderBytes,
  now: () => number = Date.now,
): () => Promise<ErrorDetail | null> {
  let walked: { readonly next: number; readonly free: number; readonly used: number } | null = null
  return async () => {
    const { minFreeGiB, maxDataGiB } = limits()
    const cap = maxDataGiB * gib
    const free = await freeBytes(folder)
    if (free < minFreeGiB * gib) return nearlyFull(folder, free, minFreeGiB)
    const lost = walked === null ? 0 : walked.free - free
    const step = walked === null ? 0 : Math.max((cap - walked.used) / 2, smallestStep)
    if (walked === null || now() >= walked.next || lost >= step) {
      const began = now()
      const sizes = await Promise.all(data.map(walk))
      const used = sizes.reduce((sum, size) => sum + size, 0)
      walked = { next: now() + Math.max(walkMs, walkShare * (now() - began)), free, used }
    }
    return walked.used > cap ? overCap(walked.used, maxDataGiB) : null
  }
}

/** Calls `onFull` once, as soon as a look says so; answers how to end the watch. A disk that cannot be asked is not full. */
export function watchDisk(
  look: () => Promise<ErrorDetail | null>,
  onFull: (problem: ErrorDetail) => void,
): () => void {
  let timer: NodeJS.Timeout
  let ended = false
  const later = () => {
    timer = setTimeout(async () => {
      const problem = await look().catch(() => null)
      if (ended) return
      if (problem === null) later()
      else onFull(problem)
    }, lookMs)
  }
  later()
  return () => {
    ended = true
    clearTimeout(timer)
  }
}

const nearlyFull = (folder: string, free: number, minFreeGiB: number): ErrorDetail => ({
  code: 'DISK_NEARLY_FULL',
  message: `Less than ${minFreeGiB} GiB is free (${(free / gib).toFixed(2)} GiB) on the disk of ${folder}`,
  hint: 'Free some space, delete old data of this pipeline, or lower the floor in the settings.',
  field: 'settings.minFreeGiB',
})

const overCap = (used: number, maxDataGiB: number): ErrorDetail => ({
  code: 'DATA_OVER_CAP',
  message: `The pipeline’s data takes ${(used / gib).toFixed(2)} GiB, more than the ${maxDataGiB} GiB it may keep`,
  hint: 'Raise "Most per pipeline" (maxDataGiB) in Settings, or delete data there under "On disk".',
  field: 'settings.maxDataGiB',
})
