/** The one way by which secrets reach a worker (decision 6); besides the vendor calls, nobody else may call `reveal()`. */
import type { Worker } from 'node:worker_threads'
import { type Secret, secret } from './secret.ts'

/** The message that carries them. */
export interface SecretsMessage {
  readonly type: 'secrets'
  readonly values: Readonly<Record<string, string>>
}

export type Secrets = Readonly<Record<string, Secret>>

/** Hands a worker its secrets; to be called once, right after it was started. */
export function openFor(worker: Worker, secrets: Secrets): void {
  const values = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, value.reveal()]))
  worker.postMessage({ type: 'secrets', values } satisfies SecretsMessage)
}

/** Within the worker: the message's secrets, wrapped again. */
export function received({ values }: SecretsMessage): Secrets {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, secret(value)]))
}
