/** Loaded before the built main program: `electron` is the stand-in, and the arguments look like a packaged app's. */
import { registerHooks } from 'node:module'

const standIn = new URL('./fakeElectron.ts', import.meta.url).href
registerHooks({
  resolve: (name, context, next) =>
    name === 'electron' ? { url: standIn, shortCircuit: true } : next(name, context),
})
process.argv.splice(1, 1)
