/** The worker thread of one search. */
import { parentPort, workerData } from 'node:worker_threads'
import type { SearchInit } from '../search/protocol.ts'
import { runSearch } from '../search/worker.ts'

if (parentPort) await runSearch(parentPort, workerData as SearchInit)
