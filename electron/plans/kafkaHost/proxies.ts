/** How each proxy is kept on a host: what the step `proxy` must know of it, and nothing of how that is done. */
import { basename } from 'node:path/posix'
import type { ProxyId } from '../../../shared/services.ts'
import { quote } from '../../lib/quote.ts'
import type { StepContext } from '../../plan/step.ts'
import {
  confluentLog,
  confluentLogFile,
  confluentRest,
  confluentRestFile,
  confluentUnitText,
} from './confluentText.ts'
import { factsIn, type KafkaHostDeps, mskSignIn } from './deps.ts'
import { gatewayFile, gatewayJson, gatewayUnitText } from './gatewayText.ts'
import type { HostFile } from './hostFiles.ts'
import { proxyPlaces } from './proxyPlaces.ts'
import { confluentFolder, confluentHeapMiB, gatewayProgram } from './wanted.ts'

export interface Proxy {
  /** One file that is sent; null where an earlier step brings all of it. */
  readonly program: { readonly from: string; readonly to: string } | null
  /** `sum` is the program's. */
  files(context: StepContext, sum: string): Promise<readonly HostFile[]>
  /** Run once it answers: what it needed until then. Empty for nothing. */
  tidy(): string
  /** Of a proof that it works: another one is proven anew. */
  version(context: StepContext, sum: string): string
}

export function proxiesOf(deps: KafkaHostDeps): Readonly<Record<ProxyId, Proxy>> {
  const bootstrapOf = ({ outputs }: StepContext) => outputs.broker?.bootstrap ?? ''
  /** Null where a broker on the machine is spoken to in clear. */
  const signIn = async () =>
    deps.wanted().broker === 'msk' ? mskSignIn(deps.wanted(), await deps.authorities()) : null
  const file = (path: string, text: string): HostFile => ({ path, text, mode: 0o644 })
  return {
    gateway: {
      program: { from: deps.gatewayFile, to: gatewayProgram },
      files: async (context, sum) => {
        const msk = await signIn()
        const { proxyPort: port, region } = deps.wanted()
        return [
          file(gatewayFile, gatewayJson({ port, bootstrap: bootstrapOf(context), region, msk })),
          file(proxyPlaces.gateway.unitFile, gatewayUnitText(context.outputs.node?.version ?? '', sum)),
        ]
      },
      tidy: () => '',
      version: (_context, sum) => `gateway ${sum.slice(0, 12)}`,
    },
    confluent: {
      program: null,
      files: async (context) => {
        const msk = await signIn()
        const { proxyPort: port, confluentVersion: version } = deps.wanted()
        const { javaHome = '', javaVersion = '' } = context.outputs.confluent ?? {}
        const heapMiB = confluentHeapMiB(factsIn(context).memoryMiB)
        const unit = confluentUnitText({ version, javaHome, javaVersion, heapMiB, msk: msk !== null })
        return [
          file(confluentRestFile, confluentRest({ port, bootstrap: bootstrapOf(context), msk })),
          file(confluentLogFile, confluentLog(version)),
          file(proxyPlaces.confluent.unitFile, unit),
        ]
      },
      // Each version takes more than 1.5 GB: one is enough.
      tidy: () => {
        const { folder } = proxyPlaces.confluent.runtime
        const kept = basename(confluentFolder(deps.wanted().confluentVersion))
        return `find ${folder} -mindepth 1 -maxdepth 1 ! -name current ! -name ${quote(kept)} -exec rm -rf {} +`
      },
      version: () => `Confluent ${deps.wanted().confluentVersion}`,
    },
  }
}
