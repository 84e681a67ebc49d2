/** The steps that make what the data goes into: the three topics and the three streams. */
import { absent, present } from '../../plan/findings.ts'
import type { Finding, Step } from '../../plan/step.ts'
import { answered, type LocalPlanDeps } from './deps.ts'

/** The finding, or that nobody answers: the step before starts that part anew. */
async function asked(who: string, look: () => Promise<Finding>): Promise<Finding> {
  const answer = await answered(look())
  return 'value' in answer
    ? answer.value
    : { state: 'drifted', reason: `${who} does not answer: ${answer.why}` }
}

const lookAgain = (changes: NonNullable<Finding['changes']>): Finding => ({
  state: 'drifted',
  reason: `other than in Settings: ${changes.map(({ target }) => target).join(', ')}`,
  changes,
})

/** Topics of their own are left alone where they have more partitions: Kafka takes none away. */
export function topicsStep({ pipeline, stack }: LocalPlanDeps): Step {
  const names = () => Object.values(pipeline().names.topics)
  const wanted = () => pipeline().settings.topics

  const missing = async (): Promise<string[]> => {
    const there = await (await stack.kafka()).topics()
    return names().filter((name) => !there.some((topic) => topic.name === name))
  }
  const drift = async () => {
    const kafka = await stack.kafka()
    const { partitions, retentionMs } = wanted()
    const topics = await kafka.topics(names())
    const few = topics
      .filter((topic) => topic.partitions.length < partitions)
      .map(({ name, partitions: has }) => ({
        topic: name,
        what: 'partitions' as const,
        before: String(has.length),
        after: String(partitions),
      }))
    const retentions = await Promise.all(
      names().map(async (topic) => {
        const config = await kafka.topicConfig(topic)
        const before = config.find(({ name }) => name === 'retention.ms')?.value ?? ''
        return { topic, what: 'retention.ms' as const, before, after: String(retentionMs) }
      }),
    )
    return [...few, ...retentions.filter(({ before, after }) => before !== after)]
  }

  const look = async (): Promise<Finding> => {
    if (stack.broker.running() === null) return absent('the broker does not run')
    const gone = await missing()
    if (gone.length > 0) return absent(`missing: ${gone.join(', ')}`)
    const drifted = await drift()
    if (drifted.length === 0) return present(names().join(', '))
    return lookAgain(
      drifted.map(({ topic, what, before, after }) => ({ target: `${topic} ${what}`, before, after })),
    )
  }

  return {
    id: 'topics',
    title: 'Topics',
    needs: ['broker'],
    check: () => asked('the broker', look),
    async apply({ own, log }) {
      const { partitions, retentionMs } = wanted()
      const kafka = await stack.kafka()
      for (const topic of await missing()) {
        await own(topic)
        await kafka.createTopic({ topic, partitions, config: { 'retention.ms': String(retentionMs) } })
        log(`Created ${topic} with ${partitions} partitions`)
      }
      for (const { topic, what, before, after } of await drift()) {
        if (what === 'partitions') await kafka.addPartitions(topic, Number(after))
        else await kafka.alterTopicConfig(topic, [{ name: what, value: after }])
        log(`${topic}: ${what} from ${before} to ${after}`)
      }
    },
  }
}

/** Streams that somebody gave more shards keep them. */
export function streamsStep({ pipeline, stack }: LocalPlanDeps): Step {
  const names = () => Object.values(pipeline().names.streams)
  const wanted = () => pipeline().settings.streams

  const missing = async (): Promise<string[]> => {
    const there = await stack.kinesisClient().listStreams()
    return names().filter((name) => !there.includes(name))
  }
  const drift = async () => {
    const { shards, retentionHours } = wanted()
    const streams = await Promise.all(names().map((name) => stack.kinesisClient().describe(name)))
    return streams.flatMap(({ name: stream, openShards, retentionHours: has }) => [
      ...(openShards < shards
        ? [{ stream, what: 'shards' as const, before: String(openShards), after: String(shards) }]
        : []),
      ...(has !== retentionHours
        ? [
            {
              stream,
              what: 'retention in hours' as const,
              before: String(has),
              after: String(retentionHours),
            },
          ]
        : []),
    ])
  }

  const look = async (): Promise<Finding> => {
    if (stack.kinesis.running() === null) return absent('Kinesis does not run')
    const gone = await missing()
    if (gone.length > 0) return absent(`missing: ${gone.join(', ')}`)
    const drifted = await drift()
    if (drifted.length === 0) return present(names().join(', '))
    return lookAgain(
      drifted.map(({ stream, what, before, after }) => ({ target: `${stream} ${what}`, before, after })),
    )
  }

  return {
    id: 'streams',
    title: 'Streams',
    needs: ['kinesis'],
    check: () => asked('Kinesis', look),
    async apply({ own, log }, signal) {
      const kinesis = stack.kinesisClient()
      const { shards } = wanted()
      for (const stream of await missing()) {
        await own(stream)
        await kinesis.createStream(stream, shards, signal)
        log(`Created ${stream} with ${shards} shards`)
      }
      for (const { stream, what, before, after } of await drift()) {
        if (what === 'shards') await kinesis.scale?.(stream, Number(after), signal)
        else await kinesis.setRetention?.(stream, Number(after))
        log(`${stream}: ${what} from ${before} to ${after}`)
      }
    },
  }
}
