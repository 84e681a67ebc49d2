/** A search or an export in its own thread: whatever its filter does, the app goes on, and can end it. */
import type { MessagePort } from 'node:worker_threads'
import { toErrorDetail } from '../../shared/errors.ts'
import { kafkaReach } from '../clients/kafka/reach.ts'
import { openSecurity } from '../clients/kafka/security.ts'
import { openMachine } from '../clients/ssh/crossing.ts'
import type { SshHost } from '../clients/ssh/types.ts'
import { type Received, received } from '../lib/openFor.ts'
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
  const { promise: handed, resolve: got } = Promise.withResolvers<Received>()
  const listen = (message: ToSearch) => (message.type === 'stop' ? ending.abort() : got(received(message)))
  port.on('message', listen)
  const beats = setInterval(() => tell({ type: 'beat' }), beatEveryMs)
  let machine: SshHost | null = null
  try {
    const given = await handed
    machine = await openMachine(init.machine, given.secrets)
    const address = { bootstrap: init.bootstrap, clientId: `pipeline-${init.mode}` }
    const kafka = await kafkaReach(machine, openSecurity(init.security, given))(address)
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
    machine?.close()
    clearInterval(beats)
    // An open port would keep the thread alive.
    port.off('message', listen)
    port.unref()
  }
}
