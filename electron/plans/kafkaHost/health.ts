/** The last step: one marked record went through these very versions and was read back; nothing is sent again for them. */
import { randomUUID } from 'node:crypto'
import { AppError } from '../../../shared/errors.ts'
import type { KafkaWorkbench } from '../../clients/kafka/workbench.ts'
import { connectRestProxy } from '../../clients/restProxy.ts'
import { absent, present } from '../../plan/findings.ts'
import type { Step, StepContext } from '../../plan/step.ts'
import type { KafkaHostDeps } from './deps.ts'

/** From sending to having read back, ms. */
const withinMs = 30_000
/** The record is for nobody: an hour is enough to look at it. */
const retentionMs = 3_600_000

interface Place {
  readonly partition: number
  readonly offset: bigint
}

export function healthStep(deps: KafkaHostDeps): Step {
  const topic = () => deps.wanted().healthTopic
  /** What the record passes through: another version of any of it is proven anew. */
  const versions = ({ outputs }: Pick<StepContext, 'outputs'>) => {
    const kafka =
      deps.wanted().broker === 'msk'
        ? `MSK at ${outputs.broker?.bootstrap} with IAM jar ${outputs.iam?.version}`
        : `Kafka ${outputs.kafka?.version}`
    return `record through ${kafka}, ${outputs.proxy?.version || 'no proxy'}`
  }

  const produce = async (
    kafka: KafkaWorkbench,
    base: string,
    value: string,
    signal: AbortSignal,
  ): Promise<Place> => {
    if (base === '') {
      const producer = await kafka.producer({ acks: 'all', compression: 'none', idempotent: false })
      try {
        const [place] = await producer.send(topic(), [{ key: null, value: Buffer.from(value) }])
        if (place === undefined || place.offset === null) throw notProven('it was not acknowledged')
        return { partition: place.partition, offset: place.offset }
      } finally {
        await producer.close()
      }
    }
    const proxy = connectRestProxy({ base, connections: 1, via: deps.host() })
    try {
      const [result] = await proxy.produce(topic(), [{ key: null, value }], signal)
      if (result?.ok !== true) throw notProven(result?.refusal.message ?? 'the proxy gave no result')
      return result
    } finally {
      await proxy.close()
    }
  }

  return {
    id: 'health',
    title: 'One record through',
    needs: ['kafka', 'iam', 'broker', 'topics', 'proxy'],
    check: async (context) => {
      const { bootstrap } = context.outputs.broker ?? {}
      if (bootstrap === undefined) return absent('the broker does not run')
      return context.owns(versions(context))
        ? present(
            `a record went through and was read back, with ${versions(context).replace('record through ', '')}`,
          )
        : absent('no record has gone through these versions yet')
    },
    apply: async (context, signal) => {
      const limit = AbortSignal.any([signal, AbortSignal.timeout(withinMs)])
      const kafka = await deps.kafka(context.outputs.broker?.bootstrap ?? '')
      if (!(await kafka.topics()).some(({ name }) => name === topic())) {
        await context.own(topic())
        const config = { 'retention.ms': String(retentionMs) }
        await kafka.createTopic({ topic: topic(), partitions: 1, config }).catch(notAllowed)
      }
      const value = JSON.stringify({ health: randomUUID(), pipeline: deps.wanted().owner })
      const place = await produce(kafka, context.outputs.proxy?.url ?? '', value, limit)
      const read = await readAt(kafka, topic(), place, limit)
      if (read !== value)
        throw notProven(`another one stands at ${topic()} ${place.partition}/${place.offset}`)
      context.log(`Read back at ${topic()} ${place.partition}/${place.offset}`)
      await context.own(versions(context))
    },
    undo: async (context) => {
      const { bootstrap } = context.outputs.broker ?? {}
      if (context.owns(topic()) && bootstrap !== undefined) {
        const kafka = await deps.kafka(bootstrap)
        if ((await kafka.topics()).some(({ name }) => name === topic())) await kafka.deleteTopic(topic())
      }
      for (const thing of deps.ledger.things('health')) await context.disown(thing)
    },
  }
}

async function readAt(
  kafka: KafkaWorkbench,
  topic: string,
  { partition, offset }: Place,
  signal: AbortSignal,
): Promise<string | null> {
  const [from, until] = [[{ partition, offset }], [{ partition, offset: offset + 1n }]]
  for await (const { records } of kafka.read({ topic, from, until, signal }))
    for (const record of records) if (record.offset === offset) return String(record.value)
  signal.throwIfAborted()
  return null
}

/** Where only some names are allowed (F-13), a person says that the record may go to one of those. */
function notAllowed(thrown: unknown): never {
  if (!(thrown instanceof AppError) || thrown.code !== 'KAFKA_TOPIC_AUTHORIZATION') throw thrown
  const { code, message } = thrown
  throw new AppError(
    {
      code,
      message,
      hint: 'Set kafkaHost.healthTopic=pin to let the one marked record go to the topic of posts instead, or give the right to create this topic.',
      field: 'kafkaHost.healthTopic',
    },
    thrown,
  )
}

function notProven(why: string): AppError {
  return new AppError({
    code: 'HOST_NOT_PROVEN',
    message: `A record did not come through: ${why}`,
    hint: 'Look at the log of the step, and at the units on the machine: journalctl -u "pipeline-*".',
  })
}
