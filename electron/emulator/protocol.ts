/** The messages between the app and a run's worker. */
import type { EmulationOptions, Report, RunSnapshot, SinkId } from '../../shared/emulation.ts'
import type { ErrorDetail } from '../../shared/errors.ts'
import type { PlainSecurity } from '../clients/kafka/security.ts'
import type { PlainTarget } from '../clients/ssh/crossing.ts'
import type { Network } from '../lib/network.ts'
import type { SecretsMessage } from '../lib/openFor.ts'
import type { PumpSnapshot } from './pump/snapshot.ts'
import type { Targets } from './targets.ts'

/** Where each partition stood when the run began: what the report reads from. Offsets as decimal text. */
export interface StartPositions {
  readonly kafka: readonly { readonly topic: string; readonly partition: number; readonly offset: string }[]
}

interface Job {
  /** The run's own folder: `run.json`, `journal`, and the dry run's files. */
  readonly folder: string
  readonly targets: Targets
  /** The machine that `targets.through` is reached through. */
  readonly machine: PlainTarget | null
  /** How Kafka is spoken to; null in clear. */
  readonly security: PlainSecurity | null
  /** Whether the pipeline has an identity of AWS, whose keys are asked for over the port. */
  readonly identity: boolean
  readonly network: Network
}

/** What a worker is started with. Secrets are not among it: they follow in the message `secrets`. */
export type WorkerInit =
  | (Job & {
      readonly mode: 'run'
      readonly options: EmulationOptions
      /** The run as it was found, where it goes on after an interruption; its journal says where. */
      readonly before: RunSnapshot | null
    })
  | (Job & {
      readonly mode: 'verify'
      readonly sinks: readonly SinkId[]
      readonly startedAt: number
      readonly start: StartPositions | null
      /** The pipeline's next run: what stands from there on is not of this one, unless it was acknowledged. */
      readonly next: { readonly startedAt: number; readonly start: StartPositions | null } | null
    })

export type ToWorker = SecretsMessage | { readonly type: 'pause' | 'resume' | 'stop' }

export type FromWorker =
  | {
      readonly type: 'started'
      readonly start: StartPositions
      /** Where it goes on, counted from 0, and how many records go out again; null where it begins. */
      readonly resumed: { readonly post: number; readonly repeated: number } | null
    }
  | { readonly type: 'snapshot'; readonly snapshot: PumpSnapshot }
  | { readonly type: 'ended'; readonly snapshot: PumpSnapshot }
  | { readonly type: 'verifying'; readonly verifying: NonNullable<RunSnapshot['verifying']> }
  /** `counters` are what the journal says: the truth for a run whose app was killed. */
  | { readonly type: 'report'; readonly report: Report; readonly journal: JournalCounts }
  | { readonly type: 'failed'; readonly problem: ErrorDetail }

/** Records by sink as the journal has them. */
export type JournalCounts = Readonly<
  Partial<Record<SinkId, { readonly sent: number; readonly acknowledged: number }>>
>
