/** A search or an export in its own thread: whatever its filter does, the app goes on, and can end it. */
import type { MessagePort } from 'node:worker_threads'
import { toErrorDetail } from '../../shared/errors.ts'
import { connectKafka } from '../clients/kafka/client.ts'
import { analyse } from './analyse.ts'
import { exportTo } from './exportFile.ts'
import type { FromSearch, SearchInit, ToSearch } from './protocol.ts'
import { search } from './search.ts'

/** How often it says that it is alive, ms. */
const beatEveryMs = 250

/** Ends by itself after its last word; ended from outside at any time. */
export async function runSearch(port: MessagePort, init: SearchInit): Promise<void> {
  const tell = (message: FromSearch) => port.postMessage(message)
  const ending = new AbortController()
  const listen = (message: ToSearch) => message.type === 'stop' && ending.abort()
  port.on('message', listen)
  const beats = setInterval(() => tell({ type: 'beat' }), beatEveryMs)
  try {
    const kafka = await connectKafka({ bootstrap: init.bootstrap, clientId: `pipeline-${init.mode}` })
    try {
      if (init.mode === 'export') {
        const say = (progress: Extract<FromSearch, { type: 'export' }>['progress']) =>
          tell({ type: 'export', progress })
        await exportTo(kafka, init.input, init.file, ending.signal, say)
      } else if (init.mode === 'analyse') {
        for await (const analysis of analyse(kafka, init.input, ending.signal))
          tell({ type: 'analysis', analysis })
      } else {
        for await (const event of search(kafka, init.input, ending.signal)) tell({ type: 'event', event })
      }
    } finally {
      await kafka.close()
    }
  } catch (thrown) {
    tell({ type: 'failed', problem: toErrorDetail(thrown) })
  } finally {
    clearInterval(beats)
    // An open port would keep the thread alive.
    port.off('message', listen)
    port.unref()
  }
}
