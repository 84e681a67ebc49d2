/** A change of a stream as a plan: each step with what it means, AWS's limits, and what it costs by list price. */
import type { StreamChange, StreamChangePlan } from '../../shared/contract/streamOps.ts'
import type { KinesisClient, StreamInfo } from '../clients/kinesis/types.ts'

/** US dollars in us-east-1, August 2026: a shard's hour, the same kept beyond a day, an on-demand stream's hour. */
const prices = { shardHour: 0.015, keptShardHour: 0.02, streamHour: 0.04 } as const
/** What a stream keeps without a price of its own, hours. */
const keptFree = 24
const hoursOfMonth = 720
/** UpdateShardCount: so many calls in 24 hours, each at most to double or half. */
const callsADay = 10

type Step = StreamChangePlan['steps'][number]
export interface PlannedStep extends Step {
  run(client: Required<KinesisClient>, signal: AbortSignal): Promise<void>
}

const modeWords = { PROVISIONED: 'provisioned', ON_DEMAND: 'on demand' } as const

/** How many calls it takes from one number of shards to another. */
export function callsBetween(before: number, after: number): number {
  let calls = 0
  for (let now = before; now !== after; calls += 1)
    now = Math.min(now * 2, Math.max(Math.ceil(now / 2), after))
  return calls
}

/** The steps in the order in which they can be done; a mode that takes shard counts comes before them. */
export function planChange(info: StreamInfo, change: StreamChange): PlannedStep[] {
  const steps: PlannedStep[] = []
  const { name: stream } = info
  const mode = change.mode ?? info.mode
  if (change.mode !== undefined && change.mode !== info.mode) {
    const to = change.mode
    steps.push({
      what: 'mode',
      title: 'Mode',
      before: modeWords[info.mode],
      after: modeWords[to],
      note: `${to === 'ON_DEMAND' ? 'AWS then adds shards by itself.' : 'It keeps its shards, and you choose their number from then on.'} AWS allows two changes in 24 hours.`,
      refused: null,
      run: (client, signal) => client.setMode(stream, to, signal),
    })
  }
  if (change.shards !== undefined && change.shards !== info.openShards) {
    const to = change.shards
    const calls = callsBetween(info.openShards, to)
    steps.push({
      what: 'shards',
      title: 'Open shards',
      before: String(info.openShards),
      after: String(to),
      note: `${calls === 1 ? 'One call' : `${calls} calls, each at most to double or half`}; AWS allows ${callsADay} in 24 hours. Closed shards can be read until their records are too old.`,
      refused:
        mode === 'ON_DEMAND'
          ? 'An on-demand stream chooses its shards by itself.'
          : calls > callsADay
            ? `That takes ${calls} calls, and AWS allows ${callsADay} in 24 hours.`
            : null,
      run: (client, signal) => client.scale(stream, to, signal),
    })
  }
  if (change.retentionHours !== undefined && change.retentionHours !== info.retentionHours) {
    const to = change.retentionHours
    steps.push({
      what: 'retentionHours',
      title: 'Kept for',
      before: `${info.retentionHours} h`,
      after: `${to} h`,
      note:
        to < info.retentionHours
          ? 'Records older than that can no longer be read, at once and for good.'
          : 'Above 24 hours AWS charges each shard-hour more, above 7 days each GB kept.',
      refused: null,
      run: (client) => client.setRetention(stream, to),
    })
  }
  const beforeKiB = info.maxRecordBytes / 1_024
  if (change.maxRecordKiB !== undefined && change.maxRecordKiB !== beforeKiB) {
    const to = change.maxRecordKiB
    steps.push({
      what: 'maxRecordKiB',
      title: 'Largest record',
      before: `${beforeKiB} KiB`,
      after: `${to} KiB`,
      note: 'Records above 1 MiB use a shard’s burst; its 1 MB a second stays. Readers must take what comes.',
      refused: null,
      run: (client, signal) => client.setMaxRecord(stream, to, signal),
    })
  }
  return steps
}

/** What the stream costs for 30 days before and after, without what its data costs. */
export function costOf(info: StreamInfo, change: StreamChange, own: boolean): StreamChangePlan['cost'] {
  const month = (mode: StreamInfo['mode'], shards: number, hours: number) =>
    hoursOfMonth *
    (mode === 'ON_DEMAND'
      ? prices.streamHour
      : shards * (prices.shardHour + (hours > keptFree ? prices.keptShardHour : 0)))
  const list = 'by AWS’s list price of August 2026 in us-east-1, without what its data costs'
  return {
    before: month(info.mode, info.openShards, info.retentionHours),
    after: month(
      change.mode ?? info.mode,
      change.shards ?? info.openShards,
      change.retentionHours ?? info.retentionHours,
    ),
    note: own ? `Nothing on this computer; on AWS ${list}.` : `For 30 days ${list}.`,
  }
}
