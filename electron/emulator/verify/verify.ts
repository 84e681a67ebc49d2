/**
 * The report of a run: every acknowledged position read back at its place in Kafka, Kinesis and the lake (decision 4).
 * Everything is read once, in order, in constant memory.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Report, RunSnapshot, SinkId } from '../../../shared/emulation.ts'
import type { WhoseKeys } from '../../clients/aws/types.ts'
import type { KafkaReach } from '../../clients/kafka/reach.ts'
import { connectKinesis } from '../../clients/kinesis/client.ts'
import { scanJournal } from '../journal/scan.ts'
import type { JournalCounts, WorkerInit } from '../protocol.ts'
import { bootstrapList } from '../targets.ts'
import { createProgress } from './progress.ts'
import { noProof } from './proof.ts'
import { type KafkaProof, proveKafka } from './proveKafka.ts'
import { proveKinesis } from './proveKinesis.ts'
import { proveLake } from './proveLake.ts'

export interface VerifyDeps {
  readonly reach: KafkaReach
  readonly keys: WhoseKeys
  readonly signal: AbortSignal
  readonly onProgress: (verifying: NonNullable<RunSnapshot['verifying']>) => void
}

type Init = Extract<WorkerInit, { mode: 'verify' }>

/** Throws AppError where the journal or something that should answer does not; the signal's reason once aborted. */
export async function verify(
  init: Init,
  { reach, keys, signal, onProgress }: VerifyDeps,
): Promise<{ readonly report: Report; readonly journal: JournalCounts }> {
  const aside = join(init.folder, 'verify')
  await rm(aside, { recursive: true, force: true })
  const scan = await scanJournal(join(init.folder, 'journal'), init.sinks, aside, signal)
  try {
    const progress = createProgress(2 * scan.positions.kafka + scan.positions.kinesis, onProgress)
    const notRead: NonNullable<Report['notRead']> = []
    const skip = (place: 'kafka' | 'kinesis' | 'lake', reason: string) => {
      notRead.push({ place, reason })
      return noProof
    }
    const to = (...sinks: readonly SinkId[]) => init.sinks.some((sink) => sinks.includes(sink))
    const { kafkaBootstrap, kinesisEndpoint, region, lakeDir } = init.targets

    let [kafka, kinesis, lake] = [noProof, noProof, noProof]
    let reached: KafkaProof['reached'] = []
    if (to('streams', 'kinesis')) {
      if (kinesisEndpoint === null) kinesis = skip('kinesis', 'The address of Kinesis is not known.')
      else {
        const client = connectKinesis({ endpoint: kinesisEndpoint, region }, init.network, keys)
        kinesis = await proveKinesis(client, init, scan, progress, signal).finally(() => client.close())
      }
    }
    if (to('rest', 'kafka')) {
      if (kafkaBootstrap === null) kafka = skip('kafka', 'The address of the brokers is not known.')
      else {
        const address = { bootstrap: bootstrapList(kafkaBootstrap), clientId: 'pipeline-verify' }
        const client = await reach(address)
        const proof = await proveKafka(client, init, scan, progress, signal).finally(() => client.close())
        kafka = proof
        reached = proof.reached
      }
      if (lakeDir === null) lake = skip('lake', 'The lake is not on this computer.')
      else lake = await proveLake(lakeDir, init, scan, reached, progress, signal)
    }
    const report: Report = {
      posts: scan.posts,
      acknowledged: scan.positions,
      found: { kafka: kafka.found, kinesis: kinesis.found, lake: lake.found },
      unacknowledgedFound: {
        kafka: kafka.unacknowledged,
        kinesis: kinesis.unacknowledged,
        lake: lake.unacknowledged,
      },
      unaccounted: kafka.missing + kinesis.missing + lake.missing,
      ...(notRead.length > 0 ? { notRead } : {}),
    }
    return { report, journal: scan.counts }
  } finally {
    await scan.close()
  }
}
