/** The folders of a pipeline's data, as the page and the cap name them. */
import { join } from 'node:path'

/** What an emulation fills, below the pipeline's own folder. */
export const dataParts = ['kafka', 'kinesis', 'lake', 'runs'] as const

/** Absolute folders of the pipeline's data; some may not be there yet. */
export function dataFolders(home: string, pipeline: string): string[] {
  return dataParts.map((part) => join(home, 'pipelines', pipeline, part))
}
