/** What the steps of the plan `machine` are made from. */
import type { HostSettings } from '../../../shared/host.ts'
import type { AwsAccess, Caller } from '../../clients/aws/types.ts'
import type { Secret } from '../../lib/secret.ts'
import type { Ledger } from '../../plan/ledger.ts'

export interface MachineWanted {
  /** The pipeline whose machine it is; the tag `pipeline-owner`. */
  readonly owner: string
  /** `t3.small` */
  readonly type: string
  readonly diskGiB: number
  /** Who may reach port 22, as CIDR; empty for the address this computer is seen with. */
  readonly from: string
  /** Name of an existing instance profile; empty for none. */
  readonly profile: string
  /** It stops itself so many hours after each start; 0 for never. */
  readonly stopAfterHours: number
}

export interface MachineDeps {
  access(): Promise<AwsAccess>
  /** Who that is. Throws AppError. */
  caller(): Promise<Caller>
  wanted(): MachineWanted
  readonly ledger: Ledger
  /** The private key, once made; null where it is not there. */
  key(): Promise<Secret | null>
  /** For good. Throws AppError SECRET_NO_STORE, SECRET_LOCKED. */
  keepKey(key: Secret): Promise<void>
  forgetKey(): Promise<void>
  /** The address this computer is seen with from outside, without a mask. Throws AppError. */
  ownAddress(signal: AbortSignal): Promise<string>
  host(): HostSettings | null
  /** Makes it the pipeline's own machine, reached by the key that was made; null forgets it. */
  setHost(
    host: HostSettings | null,
    instance: { readonly id: string; readonly address: string },
  ): Promise<void>
}

/** Of every resource of ours. */
export const nameOf = (owner: string) => `pipeline-${owner}`
