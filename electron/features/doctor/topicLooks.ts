/** The last links: the three topics and what we may do with them, and the consumer groups. */
import type { Problem } from '../../../shared/contract/base.ts'
import type { DoctorAction } from '../../../shared/doctor.ts'
import { AppError } from '../../../shared/errors.ts'
import type { KafkaWorkbench } from '../../clients/kafka/workbench.ts'
import { type Found, notUsed, type Part, problemOf, single } from './chain.ts'

export interface TopicLookDeps {
  /** False where the pipeline has no address of Kafka. */
  readonly used: boolean
  readonly topics: readonly string[]
  kafka(): Promise<KafkaWorkbench>
  kafkaIsOurs(): boolean
}

/** A client waits for a topic whose leader moves, and for a coordinator: some seconds more than one question takes, ms. */
const limitMs = 15_000

export function topicParts({ used, topics, kafka, kafkaIsOurs }: TopicLookDeps): Part[] {
  if (!used) return [notUsed(['topics', 'groups'], 'this pipeline has no address of Kafka')]
  return [
    single('topics', ['advertised'], async () => lookAtTopics(topics, await kafka(), kafkaIsOurs()), limitMs),
    single('groups', ['advertised'], async () => lookAtGroups(await kafka()), limitMs),
  ]
}

async function lookAtTopics(names: readonly string[], kafka: KafkaWorkbench, ours: boolean): Promise<Found> {
  const looked = await Promise.all(names.map(async (name) => ({ name, ...(await oneTopic(name, kafka)) })))
  const there = looked.filter(({ partitions }) => partitions !== null)
  const text = there
    .map(({ name, partitions }) => `${name} (${partitions} partition${partitions === 1 ? '' : 's'})`)
    .join(', ')
  const wrong = looked.filter(({ problem }) => problem !== null)
  // The worst is told: one that cannot be used, before one whose settings may not be seen.
  const first = wrong.find(({ partitions, leaderless }) => partitions === null || leaderless) ?? wrong[0]
  if (first?.problem == null) return { state: 'good', text }
  const absent = looked.filter(({ missing }) => missing).map(({ name }) => name)
  const action: DoctorAction = ours ? { kind: 'setUp', step: 'topics' } : { kind: 'open', page: '/topics' }
  if (absent.length === 0)
    return {
      state: there.length < looked.length || first.leaderless ? 'bad' : 'warn',
      text,
      problem: first.problem,
    }
  return {
    state: 'bad',
    text,
    problem: {
      code: 'KAFKA_TOPIC_NOT_FOUND',
      message: `${absent.length === 1 ? 'This topic is' : 'These topics are'} not there, or may not be seen: ${absent.join(', ')}`,
      hint: 'Create them, under exactly these names: a policy that names topics lets no other through. Without the right to describe them, Kafka says the same.',
    },
    faults: ['F-13', 'F-35'],
    action,
  }
}

interface Looked {
  /** Null where it is not there or may not be seen. */
  readonly partitions: number | null
  readonly missing: boolean
  readonly leaderless: boolean
  readonly problem: Problem | null
}

async function oneTopic(name: string, kafka: KafkaWorkbench): Promise<Looked> {
  const none = { partitions: null, missing: false, leaderless: false }
  try {
    const [topic] = await kafka.topics([name])
    if (topic === undefined) return { ...none, missing: true, problem: notThere(name) }
    const partitions = topic.partitions.length
    const lost = topic.partitions.find(({ leader }) => leader < 0)
    if (lost !== undefined)
      return { partitions, missing: false, leaderless: true, problem: noLeader(name, lost.partition) }
    try {
      await kafka.topicConfig(name)
      return { partitions, missing: false, leaderless: false, problem: null }
    } catch (thrown) {
      return { partitions, missing: false, leaderless: false, problem: problemOf(thrown) }
    }
  } catch (thrown) {
    return { ...none, problem: problemOf(thrown) }
  }
}

const notThere = (name: string): Problem => ({
  code: 'KAFKA_TOPIC_NOT_FOUND',
  message: `There is no such topic or partition: ${name}`,
  hint: 'Check the name, or create the topic. Without the right to describe it, Kafka answers the same.',
})

const noLeader = (name: string, partition: number): Problem => ({
  code: 'KAFKA_NO_LEADER',
  message: `A partition has no leader at the moment: ${name}, partition ${partition}`,
  hint: 'A broker is starting or gone. Try again in a few seconds; if it stays, start the missing broker.',
})

/** No group is made: only what is there is listed, and one of them described. */
async function lookAtGroups(kafka: KafkaWorkbench): Promise<Found> {
  let named = ''
  try {
    const groups = await kafka.groups()
    const [first] = groups
    if (first === undefined)
      return { state: 'good', text: 'may be listed; there is none, or none that we may see' }
    named = first.id
    await kafka.group(first.id)
    const others = groups.length === 1 ? '1 group' : `${groups.length} groups`
    return { state: 'good', text: `${others} may be listed and described` }
  } catch (thrown) {
    // It went away between the two questions.
    if (thrown instanceof AppError && thrown.code === 'KAFKA_GROUP_NOT_FOUND')
      return { state: 'good', text: 'may be listed' }
    // This app reads without a group: only consumers of one's own are in the way.
    return { state: 'warn', text: named, problem: problemOf(thrown), faults: ['F-14'] }
  }
}
