/** The worker thread of one emulation, or of one verification. */
import { parentPort, workerData } from 'node:worker_threads'
import type { WorkerInit } from '../emulator/protocol.ts'
import { runWorker } from '../emulator/worker.ts'

if (parentPort) await runWorker(parentPort, workerData as WorkerInit)
