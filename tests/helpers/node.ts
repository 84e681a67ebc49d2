/** The Node.js that the project runs on, as npm installed it. */
import { resolve } from 'node:path'

export const nodeProgram = resolve(import.meta.dirname, '../../node_modules/node/bin/node')
