/** Builds what is sent to a machine alone: one file, everything inside. */
import { mergeConfig } from 'vite'
import programs from './vite.node.config.ts'

const { build: _, ...shared } = programs

export default mergeConfig(shared, {
  build: {
    ssr: true,
    outDir: 'out',
    emptyOutDir: false,
    target: 'node24',
    minify: false,
    rolldownOptions: {
      input: { 'entries/hostGateway': 'electron/entries/hostGateway.ts' },
      treeshake: programs.build?.rolldownOptions?.treeshake,
      output: { format: 'esm', entryFileNames: '[name].mjs', codeSplitting: false },
    },
  },
})
