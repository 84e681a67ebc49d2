/** The contract's branch `transfer`: exports, producing and replaying. */
import { AppError } from '../../shared/errors.ts'
import type { Kind } from '../../shared/names.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import type { ActivityLog } from './deps.ts'
import type { OpenedWay } from './endpoints.ts'
import type { Exports } from './exports.ts'
import { checkValues, produceNew, replay } from './produce.ts'
import { api } from './rpc.ts'
import { neverAborted, told } from './told.ts'
import { findTopic } from './topicRows.ts'

export interface TransferDeps {
  readonly exports: Exports
  kafka(pipeline: string): Promise<KafkaWorkbench>
  /** How the pipeline's brokers are reached; null while there are none. */
  kafkaWay(pipeline: string): Promise<OpenedWay | null>
  kindOf(pipeline: string, topic: string): Kind | null
  readonly activity: ActivityLog
}

export function transferFeature(deps: TransferDeps) {
  const note = (pipeline: string, text: string) =>
    deps.activity.add({ level: 'info', area: 'topics', pipeline, text })
  const t = api.transfer
  return t.router({
    exports: t.exports.handler(() => deps.exports.list()),
    startExport: t.startExport.handler(async ({ input }) => {
      const opened = await deps.kafkaWay(input.pipeline)
      if (opened === null) throw notRunning()
      return deps.exports.start(opened, input)
    }),
    watchExport: t.watchExport.handler(async function* ({ input, signal = neverAborted }) {
      yield* told(deps.exports.watch(input.id, signal), signal)
    }),
    stopExport: t.stopExport.handler(({ input }) => deps.exports.stop(input.id)),
    produce: t.produce.handler(async ({ input }) => {
      const { pipeline, topic, messages, anyValue } = input
      const kafka = await deps.kafka(pipeline)
      await findTopic(kafka, topic)
      const kind = deps.kindOf(pipeline, topic)
      if (kind !== null && !anyValue) checkValues(messages, kind)
      const produced = await produceNew(kafka, topic, messages)
      const sent = produced.results.filter(({ problem }) => problem === null).length
      note(pipeline, `Produced ${sent} of ${messages.length} messages to ${topic}`)
      return produced
    }),
    replay: t.replay.handler(async ({ input, signal = neverAborted }) => {
      const { pipeline, topic, to, places } = input
      const kafka = await deps.kafka(pipeline)
      for (const name of [topic, to]) await findTopic(kafka, name)
      const sent = await replay(kafka, topic, to, places, signal)
      note(pipeline, `Replayed ${sent} messages of ${topic} to ${to}`)
      return { sent }
    }),
  })
}

function notRunning(): AppError {
  return new AppError({
    code: 'ENDPOINT_MISSING',
    message: 'Kafka is not running, so there is nothing to export.',
    hint: 'Start the pipeline first.',
    field: 'pipeline',
  })
}
