/** Builds everything that runs on Node.js or in Electron's main process into `out/`, dependencies bundled in. */
import { existsSync } from 'node:fs'
import { defineConfig, type Plugin } from 'vite'

const entries: Record<string, string> = {
  main: 'electron/main.ts',
  web: 'electron/web.ts',
  cli: 'electron/cli.ts',
  'entries/owner': 'electron/entries/owner.ts',
  'entries/kinesis': 'electron/entries/kinesis.ts',
  'entries/stack': 'electron/entries/stack.ts',
  'entries/pumpWorker': 'electron/entries/pumpWorker.ts',
  'entries/searchWorker': 'electron/entries/searchWorker.ts',
}

/**
 * What @platformatic/kafka does when its own clients are loaded: it compiles the schemas of their options. We use its
 * protocol only (`clients/kafka/link.ts`), and each worker would pay for them anew: a search's thread took 0.8 s of
 * processor time until it connected, and 0.35 s without them.
 */
const unusedSideEffects = /@platformatic\/kafka\/dist\/(clients|utils|registries)|\/node_modules\/ajv\//

/** Native accelerators that a machine may or may not have built (ssh2's) are never part of a build: the packages go without. */
const noNative: Plugin = {
  name: 'no-native',
  enforce: 'pre',
  resolveId: (id) => (id.endsWith('.node') ? { id, external: true } : null),
}

export default defineConfig({
  publicDir: false,
  plugins: [noNative],
  // Its default entry reads a .wasm file beside itself; this one carries it inside.
  resolve: { alias: { '@platformatic/wasm-utils': '@platformatic/wasm-utils/bundled' } },
  // CommonJS packages that name themselves (write-file-atomic) are bundled into modules, which have neither.
  define: { __filename: 'import.meta.filename', __dirname: 'import.meta.dirname' },
  // Optional native accelerators: used where they are installed, never needed.
  ssr: {
    noExternal: true,
    external: ['electron', 'bufferutil', 'utf-8-validate', '@node-rs/crc32', 'cpu-features'],
  },
  build: {
    ssr: true,
    outDir: 'out',
    emptyOutDir: false,
    target: 'node24',
    sourcemap: true,
    minify: false,
    license: { fileName: 'licences-programs.md' },
    rolldownOptions: {
      input: Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file))),
      treeshake: { moduleSideEffects: (id) => !unusedSideEffects.test(id.replaceAll('\\', '/')) },
      output: {
        format: 'esm',
        // What is unpacked from the asar has no package.json above it that says it is made of modules; a name does.
        entryFileNames: ({ name }) => (name.startsWith('entries/') ? '[name].mjs' : '[name].js'),
        chunkFileNames: 'chunks/[name]-[hash].mjs',
      },
    },
  },
})
