/** The link to the REST proxy: does `GET /topics` answer, from where this pipeline opens it. */
import type { DoctorLinkId } from '../../../shared/doctor.ts'
import type { PipelineSettings } from '../../../shared/settings.ts'
import type { GatewayAccess } from '../../clients/gatewayAccess.ts'
import { listOf } from '../../clients/gatewayLists.ts'
import type { SshHost } from '../../clients/ssh/types.ts'
import { isLoopback, type Network } from '../../lib/network.ts'
import { notUsed, type Part, problemOf, single } from './chain.ts'

export interface ProxyLookDeps {
  readonly settings: PipelineSettings
  host(): Promise<SshHost>
  network(): Promise<Network>
  access(): Promise<GatewayAccess>
  /** This app's own proxy is on the machine. */
  proxyIsOurs(): boolean
}

/** ms. A proxy whose brokers are gone waits for them longer than a person does. */
const limitMs = 12_000

export function proxyPart(deps: ProxyLookDeps): Part {
  const { gateway, gatewayThrough } = deps.settings.endpoints
  if (gateway === '') return notUsed(['proxy'], 'this pipeline has no address of a gateway')
  const through = gatewayThrough === 'machine'
  const { hostname, port } = new URL(gateway)
  const ofMachine =
    through && isLoopback(hostname) && Number(port || 80) === deps.settings.kafkaHost.proxyPort
  const part = single(
    'proxy',
    [],
    async (signal) => {
      const via = through ? await deps.host() : null
      const limit = AbortSignal.any([signal, AbortSignal.timeout(limitMs - 1_000)])
      const line = {
        base: gateway,
        connections: 1,
        via,
        network: await deps.network(),
        access: await deps.access(),
      }
      try {
        const topics = await listOf(line, 'topics', limit)
        const names = `${topics.length} topic${topics.length === 1 ? '' : 's'}`
        return {
          state: 'good',
          text: `${gateway} lists ${names}${through ? ', as the machine sees it' : ''}`,
        }
      } catch (thrown) {
        signal.throwIfAborted()
        return {
          state: 'bad',
          text: '',
          problem: problemOf(thrown),
          action: ofMachine && deps.proxyIsOurs() ? { kind: 'setUp', step: 'proxy' } : null,
        }
      }
    },
    limitMs,
  )
  // Our own proxy on the machine cannot answer where it, or the Kafka beside it, does not run.
  const needs = (): DoctorLinkId[] => [
    ...(through ? (['signIn'] as const) : []),
    ...(ofMachine && deps.proxyIsOurs() ? (['kafkaUnit', 'proxyUnit'] as const) : []),
  ]
  return { ...part, needs }
}
