/** What the steps of the plan `kafkaHost` are made from. */
import type { KafkaWorkbench } from '../../clients/kafka/workbench.ts'
import { askFacts } from '../../clients/ssh/facts.ts'
import { type RootShell, rootShell } from '../../clients/ssh/sudo.ts'
import type { SshHost } from '../../clients/ssh/types.ts'
import type { Network } from '../../lib/network.ts'
import type { Secret } from '../../lib/secret.ts'
import type { Finding, StepContext } from '../../plan/step.ts'
import { type HostFacts, moreScript, withMore } from './factsCommands.ts'
import type { HostLedger } from './hostLedger.ts'
import type { RecordedSums } from './recordedSums.ts'
import type { KafkaHostWanted } from './wanted.ts'

export interface KafkaHostDeps {
  /** The connection all steps share; opened before the plan works. */
  host(): SshHost
  /** Asked for once where sudo wants one; null where none was given. */
  sudoPassword(): Secret | null
  wanted(): KafkaHostWanted
  readonly ledger: HostLedger
  /** A Kafka client whose every connection goes through the host; the same one for all steps. */
  kafka(bootstrap: string): Promise<KafkaWorkbench>
  /** In the pipeline's settings; empty where they are not reached through the machine. */
  addresses(): HostAddresses
  setAddresses(addresses: HostAddresses): Promise<void>
  /** Our gateway as one file, on this computer. */
  readonly gatewayFile: string
  /** Of archives whose publisher tells none; on this computer. */
  readonly sums: RecordedSums
  /** This computer's cache, for what the host cannot fetch itself. */
  readonly cache: string
  network(): Promise<Network>
}

export interface HostAddresses {
  readonly bootstrap: string
  /** Null where the pipeline uses a gateway that is reached from here, such as API Gateway: it is left alone. */
  readonly gateway: string | null
}

/** Asks the host what it is. Throws AppError SSH_…; null where something else than its shell answers. */
export async function factsOf(host: SshHost, signal: AbortSignal): Promise<HostFacts | null> {
  const facts = await askFacts(host, signal)
  const { stdout } = await host.exec('sh -s', { stdin: moreScript, signal })
  return withMore(facts, stdout)
}

/** The outputs of the step `facts` that others need, as what they are. */
export function factsIn({ outputs }: Pick<StepContext, 'outputs'>): HostFacts {
  return JSON.parse(outputs.facts?.facts ?? '{}')
}

export function rootOf(deps: KafkaHostDeps, context: Pick<StepContext, 'outputs'>): RootShell {
  return rootShell(deps.host(), factsIn(context).sudo, deps.sudoPassword())
}

export const present = (reason: string, outputs: Readonly<Record<string, string>> = {}): Finding => ({
  state: 'present',
  reason,
  outputs,
})
export const absent = (reason: string): Finding => ({ state: 'absent', reason })
export const blocked = (reason: string, hint: string): Finding => ({ state: 'blocked', reason, hint })
