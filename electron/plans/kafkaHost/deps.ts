/** What the steps of the plan `kafkaHost` are made from. */
import type { KafkaAccessKind } from '../../../shared/settings.ts'
import type { AwsAccess, Caller } from '../../clients/aws/types.ts'
import type { KafkaWorkbench } from '../../clients/kafka/workbench.ts'
import { askFacts } from '../../clients/ssh/facts.ts'
import { type RootShell, rootShell } from '../../clients/ssh/sudo.ts'
import type { SshHost } from '../../clients/ssh/types.ts'
import type { Network } from '../../lib/network.ts'
import type { Secret } from '../../lib/secret.ts'
import type { StepContext } from '../../plan/step.ts'
import { type HostFacts, moreScript, withMore } from './factsCommands.ts'
import type { HostLedger } from './hostLedger.ts'
import type { MskSignIn } from './iamText.ts'
import type { RecordedSums } from './recordedSums.ts'
import type { KafkaHostWanted } from './wanted.ts'

export interface KafkaHostDeps {
  /** The connection all steps share; opened before the plan works. */
  host(): SshHost
  /** Asked for once where sudo wants one; null where none was given. */
  sudoPassword(): Secret | null
  wanted(): KafkaHostWanted
  readonly ledger: HostLedger
  /**
   * A Kafka client whose every connection goes the way of this pipeline: through the host, and where MSK is wanted signed in as
   * the pipeline's identity. The same one for all steps.
   */
  kafka(bootstrap: string): Promise<KafkaWorkbench>
  /** In the pipeline's settings; empty where they are not reached through the machine. */
  addresses(): HostAddresses
  setAddresses(addresses: HostAddresses): Promise<void>
  /** Of AWS, where MSK is wanted. */
  readonly aws: {
    /** The pipeline's identity; throws AppError. */
    access(): Promise<AwsAccess>
    caller(): Promise<Caller>
    /** The EC2 instance that the machine is; empty where that is not known. */
    instance(): string
  }
  /** PEM of the authorities of the pipeline's brokers besides the system's; empty for none. Throws AppError KAFKA_CA_UNREADABLE. */
  authorities(): Promise<string>
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
  /** How it is spoken to. */
  readonly access: KafkaAccessKind
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

/** How the machine signs in to MSK; `authorities` as `KafkaHostDeps` tells them. */
export const mskSignIn = ({ owner, region, role }: KafkaHostWanted, authorities: string): MskSignIn => ({
  region,
  role,
  // STS takes 64 characters.
  session: `pipeline-${owner}`.slice(0, 64),
  authorities: authorities !== '',
})

export function rootOf(deps: KafkaHostDeps, context: Pick<StepContext, 'outputs'>): RootShell {
  return rootShell(deps.host(), factsIn(context).sudo, deps.sudoPassword())
}
