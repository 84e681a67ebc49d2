/** The one way by which secrets reach a worker (decision 6); besides the vendor calls, nobody else may call `reveal()`. */
import type { Worker } from 'node:worker_threads'
import type { Secret } from '../lib/secret.ts'
import type { ToWorker } from './protocol.ts'

/** Hands a worker its secrets; to be called once, right after it was started. */
export function openFor(worker: Worker, secrets: Readonly<Record<string, Secret>>): void {
  const values = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, value.reveal()]))
  worker.postMessage({ type: 'secrets', values } satisfies ToWorker)
}
