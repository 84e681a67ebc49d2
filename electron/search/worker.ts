/** A search in its own thread: whatever its filter does, the app goes on, and can end it. */
import type { MessagePort } from 'node:worker_threads'
import { toErrorDetail } from '../../shared/errors.ts'
import { connectKafka } from '../clients/kafka/client.ts'
import type { FromSearch, SearchInit } from './protocol.ts'
import { search } from './search.ts'

/** How often it says that it is alive, ms. */
export const beatEveryMs = 250

/** Ends by itself after the last event; ended from outside at any time. */
export async function runSearch(port: MessagePort, { bootstrap, input }: SearchInit): Promise<void> {
  const tell = (message: FromSearch) => port.postMessage(message)
  const beats = setInterval(() => tell({ type: 'beat' }), beatEveryMs)
  try {
    const kafka = await connectKafka({ bootstrap, clientId: 'pipeline-search' })
    try {
      for await (const event of search(kafka, input, new AbortController().signal))
        tell({ type: 'event', event })
    } finally {
      await kafka.close()
    }
  } catch (thrown) {
    tell({ type: 'failed', problem: toErrorDetail(thrown) })
  } finally {
    clearInterval(beats)
  }
}
