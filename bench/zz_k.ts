import { connectKafka } from '../electron/clients/kafka/client.ts'
import { startBroker } from '../tests/helpers/broker.ts'
import { evenSource, postsFor, runLoad, targetsOf } from './lib/load.ts'

const broker = await startBroker()
const kafka = await connectKafka({ bootstrap: [broker.bootstrap], clientId: 'bench' })
const source = await evenSource()
for (let i = 0; i < 4; i++) {
  const topic = 't' + i
  await kafka.createTopic({ topic, partitions: 3 })
  const t = targetsOf({ kafkaBootstrap: broker.bootstrap }, topic)
  const c0 = process.cpuUsage()
  const r = await runLoad(source, t, {
    posts: postsFor(300_000),
    batch: 500,
    acks: 'leader',
    sinks: ['kafka'],
    partitionKey: { kind: 'index' } as never,
  })
  const c = process.cpuUsage(c0)
  console.log(Math.round(r.perSecond), 'cpu us/record', ((c.user + c.system) / 300000).toFixed(1))
}
await kafka.close()
await broker.stop()
