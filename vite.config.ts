/** Builds the page into `out/renderer`. */
import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'renderer',
  base: './',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: '../out/renderer',
    emptyOutDir: true,
    target: 'chrome140',
    // Fonts stay files of their own: `data:` is not in the CSP's font-src.
    assetsInlineLimit: 0,
    license: { fileName: 'licences.md' },
    modulePreload: { polyfill: false },
    // The terminal is a document of its own, with a policy of its own.
    rolldownOptions: { input: { index: 'renderer/index.html', terminal: 'renderer/terminal.html' } },
  },
})
