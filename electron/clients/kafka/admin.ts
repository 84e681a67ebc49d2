/** Topics and brokers: list, create, delete, settings, bytes on disk. */
import {
  createTopicsV5,
  createTopicsV6,
  createTopicsV7,
  deleteTopicsV5,
  deleteTopicsV6,
} from '@platformatic/kafka'
import { AppError } from '../../../shared/errors.ts'
import { pause } from '../../lib/broadcast.ts'
import type { Cluster } from './cluster.ts'
import { AnswerError, check, toAppError } from './errors.ts'
import { LinkError } from './link.ts'
import { logDirs } from './logDirs.ts'
import { createOffsets } from './offsets.ts'
import type { KafkaClient, KafkaTopic } from './types.ts'

/** How long the controller may take, ms. */
const controllerTimeoutMs = 30_000
/** Until a new topic has its leaders, or a deleted one is gone, ms. */
const settleMs = 30_000
const topicExists = 36
const topicUnknown = 3

type Admin = Pick<KafkaClient, 'topics' | 'brokers' | 'createTopic' | 'deleteTopic' | 'sizes'>

export function createAdmin(cluster: Cluster): Admin {
  const { offsets } = createOffsets(cluster)

  const controller = async () => {
    const { controller: node, brokers } = await cluster.metadata([])
    return cluster.link(brokers.some(({ id }) => id === node) ? node : (brokers[0]?.id ?? node), 'main')
  }

  /** Waits until the metadata says so; a change is not everywhere at once. */
  async function settled(topic: string, done: (seen: KafkaTopic | undefined) => boolean): Promise<void> {
    const deadline = Date.now() + settleMs
    for (;;) {
      const { topics } = await cluster.patiently(() => cluster.metadata([topic]))
      if (done(topics[0])) return
      if (Date.now() > deadline) throw toAppError(new AnswerError(5, topic))
      await pause(50, undefined)
    }
  }

  return {
    async topics(names) {
      const { topics, missing } = await cluster.patiently(() => cluster.metadata(names ?? null))
      for (const [name, code] of missing) {
        if (code !== topicUnknown && names !== undefined) throw toAppError(new AnswerError(code, name))
      }
      return [...topics]
    },

    brokers: async () => {
      const { clusterId, controller: node, brokers } = await cluster.patiently(() => cluster.metadata([]))
      return { clusterId, controller: node, brokers }
    },

    async createTopic({ topic, partitions, replicationFactor, config }) {
      let uncertain = false
      await cluster.patiently(async () => {
        const link = await controller()
        const request = {
          name: topic,
          numPartitions: partitions,
          replicationFactor: replicationFactor ?? -1,
          assignments: [],
          configs: Object.entries(config ?? {}).map(([name, value]) => ({ name, value })),
        }
        try {
          const answer = await link.call(
            [createTopicsV7, createTopicsV6, createTopicsV5],
            [request],
            controllerTimeoutMs,
            false,
          )
          const result = answer.topics[0]
          // The first try broke off after it was sent: then the topic is most likely ours.
          if (uncertain && result?.errorCode === topicExists) return
          check(result?.errorCode ?? 0, topic, result?.errorMessage)
        } catch (error) {
          if (error instanceof LinkError && error.sent) uncertain = true
          throw error
        }
      })
      await settled(topic, (seen) => {
        const there = seen?.partitions ?? []
        return there.length >= partitions && there.every(({ leader }) => leader >= 0)
      })
      // The metadata names a leader before that broker knows it: only an answer for each partition proves it.
      await offsets(topic)
    },

    async deleteTopic(topic) {
      let uncertain = false
      await cluster.patiently(async () => {
        const link = await controller()
        try {
          const answer = await link.call(
            [deleteTopicsV6, deleteTopicsV5],
            [{ name: topic }],
            controllerTimeoutMs,
          )
          const result = answer.responses[0]
          if (uncertain && result?.errorCode === topicUnknown) return
          // Not `check`: "unknown topic" must not be tried again here.
          if (result && result.errorCode !== 0) throw final(result.errorCode, topic)
        } catch (error) {
          if (error instanceof LinkError && error.sent) uncertain = true
          throw error
        }
      })
      cluster.forget(topic)
      await settled(topic, (seen) => seen === undefined)
    },

    async sizes() {
      const { brokers } = await cluster.patiently(() => cluster.metadata([]))
      const sizes = new Map<string, Map<number, number>>()
      const answers = await Promise.all(
        brokers.map(({ id }) => cluster.patiently(() => logDirs(cluster, id)).catch(orNothing)),
      )
      for (const { name, partitions } of answers.flat().flatMap(({ topics }) => topics)) {
        const known = sizes.get(name) ?? new Map<number, number>()
        sizes.set(name, known)
        for (const { partitionIndex, partitionSize, isFutureKey } of partitions) {
          if (isFutureKey) continue
          // Each replica has its own copy; the largest is what one of them needs.
          known.set(partitionIndex, Math.max(known.get(partitionIndex) ?? 0, Number(partitionSize)))
        }
      }
      return new Map(
        [...sizes].map(([name, known]) => [
          name,
          [...known]
            .map(([partition, bytes]) => ({ partition, bytes }))
            .sort((a, b) => a.partition - b.partition),
        ]),
      )
    },
  }
}

/** A cluster that does not tell (no right to, or too old) has no sizes; one that cannot be reached is an error. */
function orNothing(error: unknown): [] {
  if (error instanceof AppError && error.code === 'KAFKA_UNREACHABLE') throw error
  return []
}

function final(code: number, about: string, detail?: string | null): unknown {
  return toAppError(new AnswerError(code, about, detail))
}
