/** The one way by which secrets reach a worker (decision 6); besides the vendor calls, nobody else may call `reveal()`. */
import { MessageChannel, type MessagePort, type Worker } from 'node:worker_threads'
import { AppError, type ErrorDetail, toErrorDetail } from '../../shared/errors.ts'
import { type Secret, secret } from './secret.ts'

/** The message that carries them. */
export interface SecretsMessage {
  readonly type: 'secrets'
  readonly values: Readonly<Record<string, string>>
  /** Where short-lived ones are asked for. */
  readonly port: MessagePort
}

export type Secrets = Readonly<Record<string, Secret>>

/** Short-lived ones, by name: made anew whenever the worker asks. */
export type LiveSecrets = Readonly<Record<string, () => Promise<Secret>>>

/** What a worker was handed. */
export interface Received {
  readonly secrets: Secrets
  /** Fetches a short-lived one. Rejects with AppError. */
  live(name: string): Promise<Secret>
}

interface Asked {
  readonly id: number
  readonly name: string
}

type Answered = { readonly id: number } & ({ readonly value: string } | { readonly problem: ErrorDetail })

/** Hands a worker its secrets; to be called once, right after it was started. */
export function openFor(worker: Worker, secrets: Secrets, live: LiveSecrets = {}): void {
  const values = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [name, value.reveal()]))
  const { port1: ours, port2: theirs } = new MessageChannel()
  ours.on('message', ({ id, name }: Asked) => {
    Promise.resolve(live[name]?.() ?? Promise.reject(unknown(name))).then(
      (value) => ours.postMessage({ id, value: value.reveal() } satisfies Answered),
      (thrown) => ours.postMessage({ id, problem: toErrorDetail(thrown) } satisfies Answered),
    )
  })
  ours.unref()
  worker.once('exit', () => ours.close())
  worker.postMessage({ type: 'secrets', values, port: theirs } satisfies SecretsMessage, [theirs])
}

/** Within the worker: the message's secrets, wrapped again. */
export function received({ values, port }: SecretsMessage): Received {
  const waiting = new Map<number, PromiseWithResolvers<Secret>>()
  let last = 0
  port.on('message', (answer: Answered) => {
    const asked = waiting.get(answer.id)
    waiting.delete(answer.id)
    if (waiting.size === 0) port.unref()
    if ('problem' in answer) asked?.reject(new AppError(answer.problem))
    else asked?.resolve(secret(answer.value))
  })
  // It must not keep a thread alive that is done; one that waits for an answer is not.
  port.unref()
  return {
    secrets: Object.fromEntries(Object.entries(values).map(([name, value]) => [name, secret(value)])),
    live: (name) => {
      const asked = Promise.withResolvers<Secret>()
      last += 1
      waiting.set(last, asked)
      port.ref()
      port.postMessage({ id: last, name } satisfies Asked)
      return asked.promise
    },
  }
}

const unknown = (name: string) =>
  new AppError({
    code: 'SECRET_UNKNOWN',
    message: `This thread was not given the right to ask for: ${name}`,
    hint: 'This is a fault in Pipeline Control. The log has the details.',
  })
