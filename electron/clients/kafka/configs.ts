/** The settings of a topic: what they are, where each value comes from, and changing some of them. */
import { describeConfigsV3, describeConfigsV4, incrementalAlterConfigsV1 } from '@platformatic/kafka'
import type { Cluster } from './cluster.ts'
import { AnswerError, check, toAppError } from './errors.ts'
import type { KafkaClient } from './types.ts'
import type { KafkaSetting, KafkaWorkbench, SettingSource } from './workbench.ts'

const topicResource = 2
/** DescribeConfigs' sources, by number (KIP-226). */
const sources: Readonly<Record<number, SettingSource>> = {
  1: 'topic',
  2: 'broker',
  3: 'brokers',
  4: 'file',
  5: 'default',
}
/** IncrementalAlterConfigs' operations. */
const set = 0
const reset = 1
/** DescribeConfigs' types of values. */
const types: Readonly<Record<number, string>> = {
  1: 'boolean',
  2: 'string',
  3: 'int',
  4: 'short',
  5: 'long',
  6: 'double',
  7: 'list',
  8: 'class',
  9: 'password',
}

type Configs = Pick<KafkaClient, 'topicConfig'> & Pick<KafkaWorkbench, 'topicSettings' | 'alterTopicConfig'>

export function createConfigs(cluster: Cluster): Configs {
  const described = (topic: string, whole: boolean) =>
    cluster.patiently(async () => {
      const resource = { resourceType: topicResource, resourceName: topic, configurationKeys: null } as const
      const answer = await cluster.any((link) =>
        link.call([describeConfigsV4, describeConfigsV3], [resource], whole, whole),
      )
      const result = answer.results[0]
      // Not `check`: "unknown topic" must not be tried again here.
      if (result && result.errorCode !== 0)
        throw toAppError(new AnswerError(result.errorCode, topic, result.errorMessage))
      return result?.configs ?? []
    })

  return {
    topicConfig: async (topic) =>
      (await described(topic, false)).map(({ name, value, configSource }) => ({
        name,
        value: value ?? '',
        isDefault: sources[configSource] !== 'topic',
      })),

    topicSettings: async (topic) =>
      (await described(topic, true)).map((config): KafkaSetting => {
        // What would hold if nothing were set on the topic; the synonyms stand in the order in which they count.
        const fallback = config.synonyms.find(({ source }) => sources[source] !== 'topic')
        return {
          name: config.name,
          value: config.isSensitive ? null : (config.value ?? ''),
          fallback: config.isSensitive ? null : (fallback?.value ?? null),
          source: sources[config.configSource] ?? 'default',
          type: types[config.configType] ?? '',
          readOnly: config.readOnly,
          sensitive: config.isSensitive,
          documentation: config.documentation ?? '',
        }
      }),

    alterTopicConfig: (topic, changes, { validateOnly = false } = {}) =>
      cluster.patiently(async () => {
        const configs = changes.map(({ name, value }) =>
          value === null
            ? ({ name, configOperation: reset } as const)
            : ({ name, value, configOperation: set } as const),
        )
        const resource = { resourceType: topicResource, resourceName: topic, configs } as const
        const answer = await cluster.any((link) =>
          link.call([incrementalAlterConfigsV1], [resource], validateOnly),
        )
        const result = answer.responses[0]
        check(result?.errorCode ?? 0, topic, result?.errorMessage)
      }),
  }
}
