/** What a call of the API is made of: its name, the shape of its body, and what it does. */
import { Fault } from '../fault.ts'
import { blob, type Field, list, pairs, readShape, structure, text, type Values } from '../shape.ts'
import type { Store } from '../store.ts'

export interface Call {
  readonly name: string
  /** Throws Fault. Answers the body to send, or null for an empty one; or events to push. */
  readonly run: (store: Store, body: unknown) => Promise<object | EventAnswer | null>
}

/** An answer that goes on: messages of an event stream, each made when the one before was taken. */
export interface EventAnswer {
  messages(): AsyncGenerator<Uint8Array>
  /** Aborted when nothing more is to be sent, though the peer takes nothing just now. */
  readonly over: AbortSignal
  /** Must be called at the end, also where the messages were never asked for. */
  stop(): void
}

export const isEventAnswer = (answer: object | EventAnswer | null): answer is EventAnswer =>
  answer !== null && 'messages' in answer

export function call<S extends Readonly<Record<string, Field<unknown>>>>(
  name: string,
  shape: S,
  work: (store: Store, input: Values<S>) => Promise<object | EventAnswer | null> | object | null,
): Call {
  return { name, run: async (store, body) => work(store, readShape(shape, body)) }
}

export const streamName = text({ min: 1, max: 128, pattern: /^[a-zA-Z0-9_.-]+$/ })
const streamArn = text({ min: 1, max: 2_048, pattern: /^arn:aws.*:kinesis:.*:\d{12}:stream\/\S+$/ })
/** Almost every call takes either. */
export const ofStream = { StreamName: streamName, StreamARN: streamArn }
export { streamArn }

export const shardIdText = text({ min: 1, max: 128, pattern: /^[a-zA-Z0-9_.-]+$/ })
export const sequenceText = text({ pattern: /^(0|([1-9]\d{0,128}))$/ })
export const hashKeyText = text({ pattern: /^(0|([1-9]\d{0,38}))$/ })
export const partitionKeyText = text({ min: 1, max: 256 })
export const tokenText = text({ min: 1, max: 1_048_576 })
export const modeDetails = structure({ StreamMode: text({ values: ['PROVISIONED', 'ON_DEMAND'] }) })
export const tagKey = text({ min: 1, max: 128 })
export const tags = pairs(text({ max: 256 }), tagKey)
/** 1 MiB to 10 MiB (`UpdateMaxRecordSize`). */
export const maxRecordKiB = { min: 1_024, max: 10_240 } as const
export const data = blob()
export const names = list(tagKey, { min: 1, max: 50 })

/** Times travel as seconds since 1970 with a fraction. */
export const seconds = (ms: number) => ms / 1_000

/** A request that would succeed but only asked whether it would. */
export function dryRun(asked: boolean | undefined): void {
  if (asked) {
    throw new Fault('DryRunOperationException', 'Request would have succeeded, but DryRun flag is set.')
  }
}
