/** Kafka directly: one producer for the run; what certainly was not written is told apart for the pump to repeat. */
import type { EmulationOptions } from '../../../shared/emulation.ts'
import { toErrorDetail } from '../../../shared/errors.ts'
import type { Kind } from '../../../shared/names.ts'
import type { KafkaReach } from '../../clients/kafka/reach.ts'
import { isFailure, KafkaSendError, type SendOutcome } from '../../clients/kafka/sendError.ts'
import type { KafkaClient, KafkaProducer, OutRecord } from '../../clients/kafka/types.ts'
import { bootstrapList } from '../targets.ts'
import type { Outcome, Outgoing, Sink } from '../types.ts'

export function kafkaSink(options: {
  readonly reach: KafkaReach
  readonly bootstrap: string
  readonly topics: Readonly<Record<Kind, string>>
  readonly acks: EmulationOptions['acks']
  readonly compression: EmulationOptions['compression']
}): Sink {
  const { reach, bootstrap, topics, acks, compression } = options
  let opened: Promise<{ readonly client: KafkaClient; readonly producer: KafkaProducer }> | null = null

  const open = async () => {
    const client = await reach({ bootstrap: bootstrapList(bootstrap), clientId: 'pipeline-emulator' })
    // Idempotent where it is possible: a lost answer is then asked for again without writing twice.
    const producer = await client.producer({ acks, compression, idempotent: acks === 'all' })
    return { client, producer }
  }

  return {
    id: 'kafka',
    send: async (kind, records) => {
      const topic = topics[kind]
      let producer: KafkaProducer
      try {
        opened ??= open()
        producer = (await opened).producer
      } catch (thrown) {
        // Nothing was sent yet; the next attempt connects anew.
        opened = null
        const failure = notConnected(thrown)
        return records.map(() => failure)
      }
      try {
        const positions = await producer.send(topic, records.map(toRecord))
        return positions.map((position) => toOutcome(topic, position))
      } catch (thrown) {
        if (thrown instanceof KafkaSendError)
          return thrown.outcomes.map((outcome) => toOutcome(topic, outcome))
        const { code, message, hint } = toErrorDetail(thrown)
        return records.map(() => ({ ok: false, code, message, hint, retriable: false, uncertain: true }))
      }
    },
    preview: (kind, records) =>
      records.map(({ json, partitionKey }) => ({
        sink: 'kafka',
        kind,
        target: topics[kind],
        headers: partitionKey === null ? [] : [{ name: 'key', value: partitionKey }],
        body: json,
      })),
    close: async () => {
      const open = await opened?.catch(() => null)
      await open?.producer.close()
      await open?.client.close()
    },
  }
}

function toRecord({ json, partitionKey }: Outgoing): OutRecord {
  return { key: partitionKey === null ? null : Buffer.from(partitionKey), value: Buffer.from(json) }
}

function toOutcome(topic: string, outcome: SendOutcome): Outcome {
  if (isFailure(outcome)) {
    const { code, message, hint } = outcome.error
    return { ok: false, code, message, hint, retriable: outcome.retriable, uncertain: outcome.uncertain }
  }
  const { partition, offset } = outcome
  return { ok: true, position: offset === null ? null : { to: 'kafka', topic, partition, offset } }
}

/** What a moment's patience may mend where nothing was sent yet. */
const passing = new Set(['KAFKA_UNREACHABLE', 'KAFKA_TOO_MANY_CONNECTS'])

function notConnected(thrown: unknown): Outcome {
  const { code, message, hint } = toErrorDetail(thrown)
  return { ok: false, code, message, hint, retriable: passing.has(code) }
}
