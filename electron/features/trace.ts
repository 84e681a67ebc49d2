/** The contract's branch `trace`: one post followed through every hop. */
import { randomInt } from 'node:crypto'
import type { Trace } from '../../shared/contract/trace.ts'
import type { WhoseKeys } from '../clients/aws/types.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import type { ReadPace } from '../clients/kinesis/pace.ts'
import type { SshHost } from '../clients/ssh/types.ts'
import { checkTargets } from '../emulator/sinks/create.ts'
import type { Targets } from '../emulator/targets.ts'
import { findRecord } from '../emulator/trace/find.ts'
import { type Board, traceBoard } from '../emulator/trace/hops.ts'
import { sendTraced } from '../emulator/trace/send.ts'
import { networkOf } from '../lib/network.ts'
import type { ActivityLog, SettingsStore } from './deps.ts'
import { api } from './rpc.ts'
import { gatewaySecret } from './secretNames.ts'
import type { SecretStore } from './secretStore.ts'
import type { PipelineKinesis } from './streams.ts'
import { neverAborted, told } from './told.ts'

export interface TraceDeps {
  kafka(pipeline: string): Promise<KafkaWorkbench>
  kinesis(pipeline: string): Promise<PipelineKinesis>
  targets(pipeline: string): Targets
  /** The pipeline's machine, where its gateway is reached through it. */
  gatewayVia(pipeline: string): Promise<SshHost | null>
  /** Whose keys sign for the gateway. */
  awsKeys(pipeline: string): WhoseKeys
  readonly pace: ReadPace
  readonly settings: SettingsStore
  readonly secrets: Pick<SecretStore, 'get'>
  readonly activity: ActivityLog
}

/** Rows of the built-in data: as many as the original's tables have. */
const rows = 11_154
/** The lake's own default for when it writes what it holds, ms. */
const rotateMs = 60_000

export function traceFeature(deps: TraceDeps) {
  const reading = async (pipeline: string, targets: Targets) => ({
    kafka: targets.kafkaBootstrap === null ? null : await deps.kafka(pipeline),
    kinesis: targets.kinesisEndpoint === null ? null : (await deps.kinesis(pipeline)).client,
    pace: deps.pace,
    targets,
    lakeDir: targets.lakeDir,
    lakeRotateMs: targets.lakeRotateMs ?? rotateMs,
  })

  /** Watches while the work goes on; who stops watching ends it. */
  async function* watched(
    board: Board,
    work: (signal: AbortSignal) => Promise<void>,
    signal: AbortSignal,
  ): AsyncGenerator<Trace, void, void> {
    const over = new AbortController()
    const both = AbortSignal.any([signal, over.signal])
    void work(both).then(() => board.end(), board.end)
    try {
      yield* board.watch(both)
    } finally {
      over.abort()
    }
  }

  const t = api.trace
  return t.router({
    send: t.send.handler(async function* ({ input: { pipeline }, signal = neverAborted }) {
      const index = randomInt(rows)
      const board = traceBoard(index)
      const work = async (until: AbortSignal) => {
        const targets = deps.targets(pipeline)
        const gatewayKey =
          targets.gatewayAccess === 'apiKey' ? await deps.secrets.get(gatewaySecret(pipeline)) : null
        checkTargets({ sinks: ['rest', 'streams'] }, targets, gatewayKey !== null)
        const network = await networkOf(deps.settings.get())
        deps.activity.add({ level: 'info', area: 'trace', pipeline, text: `Sent post ${index} to follow it` })
        const gatewayVia = await deps.gatewayVia(pipeline)
        const keys = deps.awsKeys(pipeline)
        const input = { ...(await reading(pipeline, targets)), network, gatewayKey, gatewayVia, keys, index }
        await sendTraced(input, board, until)
      }
      yield* told(watched(board, work, signal), signal)
    }),
    find: t.find.handler(async function* ({ input: { pipeline, place }, signal = neverAborted }) {
      const board = traceBoard(null)
      const work = async (until: AbortSignal) =>
        findRecord(await reading(pipeline, deps.targets(pipeline)), board, place, until)
      yield* told(watched(board, work, signal), signal)
    }),
  })
}
