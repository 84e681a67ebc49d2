/** One of our entries, built as it is shipped, into a folder of its own. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { build, mergeConfig } from 'vite'
import config from '../../vite.node.config.ts'

const root = resolve(import.meta.dirname, '../..')

/** Answers the file to start and how to delete it. Other entries are not built, so that a half-done one does not matter. */
export async function buildEntry(name: string): Promise<{ file: string; remove(): Promise<void> }> {
  const outDir = await mkdtemp(join(tmpdir(), `built-${name}-`))
  const { rolldownOptions, ...options } = config.build ?? {}
  await build(
    mergeConfig(
      { ...config, build: options },
      {
        root,
        configFile: false,
        logLevel: 'error',
        build: {
          outDir,
          sourcemap: false,
          rolldownOptions: {
            input: { [`entries/${name}`]: join(root, 'electron/entries', `${name}.ts`) },
            output: rolldownOptions?.output,
            ...(rolldownOptions?.treeshake !== undefined && { treeshake: rolldownOptions.treeshake }),
          },
        },
      },
    ),
  )
  return {
    file: join(outDir, 'entries', `${name}.mjs`),
    remove: () => rm(outDir, { recursive: true, force: true }),
  }
}
