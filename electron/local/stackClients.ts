/** One client of Kafka and one of Kinesis for all who look into a stack, made anew where a part came back elsewhere. */
import { connectKafka } from '../clients/kafka/client.ts'
import type { KafkaWorkbench } from '../clients/kafka/workbench.ts'
import { connectKinesis } from '../clients/kinesis/client.ts'
import type { KinesisClient } from '../clients/kinesis/types.ts'

export interface Places {
  /** Where the broker is now. Throws AppError where it is not. */
  bootstrap(): string
  /** As `bootstrap`, of Kinesis. */
  endpoint(): string
  readonly region: string
}

export interface StackClients {
  /** Rejects with AppError where the broker does not run. */
  kafka(): Promise<KafkaWorkbench>
  /** Throws AppError where Kinesis does not run. */
  kinesis(): KinesisClient
  close(): Promise<void>
}

export function stackClients({ bootstrap, endpoint, region }: Places): StackClients {
  let kafka: { readonly at: string; readonly client: Promise<KafkaWorkbench> } | null = null
  let kinesis: { readonly at: string; readonly client: KinesisClient } | null = null
  return {
    async kafka() {
      const at = bootstrap()
      if (kafka?.at !== at) {
        void kafka?.client.then((client) => client.close()).catch(() => {})
        const client = connectKafka({ bootstrap: [at], clientId: 'pipeline-control' })
        kafka = { at, client }
        client.catch(() => {
          if (kafka?.client === client) kafka = null
        })
      }
      return kafka.client
    },
    kinesis() {
      const at = endpoint()
      if (kinesis?.at !== at) {
        void kinesis?.client.close()
        kinesis = { at, client: connectKinesis({ endpoint: at, region }) }
      }
      return kinesis.client
    },
    async close() {
      const before = { kafka, kinesis }
      kafka = null
      kinesis = null
      await before.kafka?.client.then((client) => client.close()).catch(() => {})
      await before.kinesis?.client.close()
    },
  }
}
