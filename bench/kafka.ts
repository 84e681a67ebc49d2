/** Load into Kafka: directly beside Kafka's own tool, and through the gateway beside the original script's loop. */
import { connectKafka } from '../electron/clients/kafka/client.ts'
import type { KafkaClient } from '../electron/clients/kafka/types.ts'
import { startBroker } from '../tests/helpers/broker.ts'
import { buildEntry } from '../tests/helpers/builtEntry.ts'
import { type Bench, inTurn, row } from './bench.ts'
import { evenSource, postsFor, recordBytes, runLoad, targetsOf } from './lib/load.ts'
import { producerPerformance } from './lib/perf.ts'
import { originalLoop, pythonWithRequests } from './lib/script.ts'
import { startStackChild } from './lib/stackChild.ts'

const partitions = 3

export const bench: Bench = {
  name: 'kafka',
  title: 'Load into Kafka',
  async run({ rounds, quick, say }) {
    const records = quick ? 60_000 : 300_000
    const posts = postsFor(records)
    const scripted = quick ? 200 : 1_000
    const python = await pythonWithRequests()
    const source = await evenSource()
    const built = await buildEntry('stack')
    const broker = await startBroker()
    const { bootstrap } = broker
    const kafka = await connectKafka({ bootstrap: [bootstrap], clientId: 'bench' })
    const stack = await startStackChild(built.file, { bootstrap })
    const onTopic = onFreshTopic(kafka)

    const direct = (batch: number, count = posts) =>
      onTopic(async (topic) => {
        const targets = targetsOf({ kafkaBootstrap: bootstrap }, topic)
        const input = {
          posts: count,
          batch,
          acks: 'leader' as const,
          sinks: ['kafka' as const],
          partitionKey,
        }
        return (await runLoad(source, targets, input)).perSecond
      })
    const gateway = (count = posts) =>
      onTopic(async (topic) => {
        const targets = targetsOf({ gatewayUrl: stack.url }, topic)
        const input = { posts: count, batch: 100, sinks: ['rest' as const], partitionKey }
        return (await runLoad(source, targets, input)).perSecond
      })
    try {
      // Both sides are measured warm: the peer by its own --warmup-records, ours by a run before the first round.
      const warmUp = postsFor(quick ? 15_000 : 60_000)
      await direct(500, warmUp)
      await gateway(warmUp)
      const taken = await inTurn(
        rounds,
        {
          direct: () => direct(500),
          perf: () =>
            onTopic((topic) =>
              producerPerformance({ bootstrap, topic, records, warmUp: warmUp * 3, recordBytes, acks: '1' }),
            ),
          direct100: () => direct(100),
          gateway: () => gateway(),
          script: () =>
            onTopic((topic) => originalLoop({ python, url: stack.url, topic, records: scripted, source })),
        },
        say,
      )
      const unit = 'records/s'
      const script = { name: 'one requests.post a record', values: taken.script }
      return [
        row({
          what: `direct Kafka sink, 1 KB records, ${partitions} partitions, acks=1`,
          unit,
          ours: taken.direct,
          peer: { name: 'ProducerPerformance', values: taken.perf },
          target: { atLeast: 1 },
        }),
        row({
          what: 'through the gateway, batches of 100',
          unit,
          ours: taken.gateway,
          peer: script,
          target: { atLeast: 50 },
        }),
        row({
          what: 'through the gateway, beside the direct sink with the same batches',
          unit,
          ours: taken.gateway,
          peer: { name: 'direct sink', values: taken.direct100 },
          target: { atLeast: 0.6 },
        }),
      ]
    } finally {
      await stack.end()
      await kafka.close()
      await broker.stop()
      await built.remove()
    }
  },
}

/** In turn over the partitions, as ProducerPerformance's records without a key go. */
const partitionKey = { kind: 'none' } as const

/** A topic of its own for each run, deleted after it, so that no run meets what another left. */
function onFreshTopic(kafka: KafkaClient) {
  let made = 0
  return async (work: (topic: string) => Promise<number>): Promise<number> => {
    made += 1
    const topic = `bench.${made}`
    await kafka.createTopic({ topic, partitions })
    try {
      return await work(topic)
    } finally {
      await kafka.deleteTopic(topic)
    }
  }
}
