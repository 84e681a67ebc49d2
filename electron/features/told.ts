/** Errors of a stream in the contract's form. */
import { toRpcError } from './rpc.ts'

/** For calls that carry no signal. */
export const neverAborted: AbortSignal = new AbortController().signal

/** Errors of a stream reach the page in the contract's form too; what ends it on purpose is none. */
export async function* told<T>(stream: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T, void, void> {
  try {
    yield* stream
  } catch (thrown) {
    if (!signal.aborted) throw toRpcError(thrown)
  }
}
