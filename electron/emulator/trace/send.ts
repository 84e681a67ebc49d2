/** Sends one post through the gateway and follows its three records to the end. */
import { randomUUID } from 'node:crypto'
import { emulationOptionsSchema } from '../../../shared/emulation.ts'
import type { Kind } from '../../../shared/names.ts'
import type { WhoseKeys } from '../../clients/aws/types.ts'
import type { SshHost } from '../../clients/ssh/types.ts'
import type { Network } from '../../lib/network.ts'
import type { Secret } from '../../lib/secret.ts'
import { createDataset } from '../dataset/dataset.ts'
import { toOutgoing } from '../pump/record.ts'
import { createSinks } from '../sinks/create.ts'
import type { Targets } from '../targets.ts'
import type { Outgoing, Row, Sink, SourcePost } from '../types.ts'
import { type FollowDeps, followStream, followTopic } from './follow.ts'
import type { Board } from './hops.ts'

export interface SendInput extends FollowDeps {
  readonly targets: Targets
  readonly network: Network
  readonly gatewayKey: Secret | null
  readonly gatewayVia: Pick<SshHost, 'forward'> | null
  readonly keys: WhoseKeys
  readonly index: number
}

const options = emulationOptionsSchema.parse({ sinks: ['rest', 'streams'], partitionKey: { kind: 'index' } })

/** Row `index` of the built-in data; its `unique_id` is new, so that the pin cannot be taken for another. */
function tracedPost(index: number): SourcePost {
  const { pin, geo, user } = createDataset(100)(index)
  const rows: Readonly<Record<Kind, Row>> = {
    pin: { ...pin, unique_id: randomUUID() },
    geo: { ...geo },
    user: { ...user },
  }
  return { index, rows }
}

/** Throws AppError where nothing could be sent at all. */
export async function sendTraced(input: SendInput, board: Board, signal: AbortSignal): Promise<void> {
  const sinks = createSinks({ ...input, options, folder: '' })
  try {
    const records = toOutgoing(tracedPost(input.index), options.partitionKey)
    const all = sinks.flatMap((sink) => records.map((record) => one(input, board, sink, record, signal)))
    await Promise.all(all)
  } finally {
    await Promise.allSettled(sinks.map((sink) => sink.close()))
  }
}

async function one(
  deps: SendInput,
  board: Board,
  sink: Sink,
  record: Outgoing,
  signal: AbortSignal,
): Promise<void> {
  const { kind } = record
  const step = sink.id === 'rest' ? 'gatewayToKafka' : 'gatewayToKinesis'
  const [request] = sink.preview(kind, [record])
  board.set(kind, step, { text: request?.target ?? '' })
  const sentAt = Date.now()
  const began = performance.now()
  const [outcome] = await sink.send(kind, [record], signal)
  const tookMs = performance.now() - began
  const ackAt = Date.now()
  if (outcome === undefined || !outcome.ok) {
    const note = outcome === undefined ? 'No answer came.' : `${outcome.message} ${outcome.hint}`
    return board.set(kind, step, { state: 'missing', at: ackAt, note })
  }
  board.set(kind, step, { state: 'reached', at: ackAt, tookMs, afterMs: tookMs })
  const { position } = outcome
  const times = { sentAt, ackAt }
  if (position?.to === 'kafka') {
    const { topic, partition, offset } = position
    const place = { in: 'topic', topic, partition, offset: String(offset) } as const
    await followTopic(deps, board, kind, place, times, signal)
  }
  if (position?.to === 'kinesis') {
    const { stream, shard, sequence } = position
    const place = { in: 'stream', stream, shard, sequence: String(sequence) } as const
    await followStream(deps, board, kind, place, times, signal)
  }
}
