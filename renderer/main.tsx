/**
 * The page's entry. Everything is imported behind `noEval`: a bundler may put schemas into a chunk of their own, which runs
 * before the statements of the file that imports it.
 */
import './api/noEval.ts'

void import('./start.tsx')
