/** Enhanced fan-out for tests: features without it, and the records of a subscription as the SDK gives them. */
import {
  DescribeStreamSummaryCommand,
  KinesisClient,
  RegisterStreamConsumerCommand,
  type StartingPosition,
  SubscribeToShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import type { FanOutTails } from '../../electron/features/streamConsumers.ts'

/** For features that a test uses without it. */
export const noFanOut: FanOutTails = {
  consumer: () => Promise.reject(new Error('No fan-out here')),
  hold: () => Promise.reject(new Error('No fan-out here')),
}

/** The SDK's own client: HTTP/2, its default, or HTTP/1.1 as boto3 speaks. */
export function plainSdk(endpoint: string, protocol: 'h1' | 'h2'): KinesisClient {
  return new KinesisClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
    maxAttempts: 1,
    ...(protocol === 'h1' ? { requestHandler: new NodeHttpHandler() } : {}),
  })
}

/** ARN of a consumer that is registered now. */
export async function registered(sdk: KinesisClient, stream: string, name: string): Promise<string> {
  const summary = await sdk.send(new DescribeStreamSummaryCommand({ StreamName: stream }))
  const StreamARN = summary.StreamDescriptionSummary?.StreamARN
  const answer = await sdk.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: name }))
  return answer.Consumer?.ConsumerARN ?? ''
}

export interface TestSubscription {
  /** Every event so far. */
  readonly events: readonly SubscribeToShardEvent[]
  /** Records so far. */
  count(): number
  /** Data of every record so far. */
  texts(): string[]
  /** Name of the error it ended with; null where it just ended. */
  readonly ended: Promise<string | null>
  leave(): void
}

/** Subscribes and reads as fast as events come. Throws what the call is refused with. */
export async function subscribeTo(
  sdk: KinesisClient,
  consumer: string,
  start: StartingPosition,
  shard = 'shardId-000000000000',
): Promise<TestSubscription> {
  const over = new AbortController()
  const input = { ConsumerARN: consumer, ShardId: shard, StartingPosition: start }
  const { EventStream } = await sdk.send(new SubscribeToShardCommand(input), { abortSignal: over.signal })
  const events: SubscribeToShardEvent[] = []
  const read = async () => {
    try {
      for await (const { SubscribeToShardEvent: event } of EventStream ?? []) if (event) events.push(event)
      return null
    } catch (thrown) {
      return (thrown as Error).name
    }
  }
  return {
    events,
    count: () => events.reduce((sum, { Records }) => sum + (Records?.length ?? 0), 0),
    texts: () =>
      events.flatMap(({ Records }) => (Records ?? []).map(({ Data }) => Buffer.from(Data ?? []).toString())),
    ended: read(),
    leave: () => over.abort(),
  }
}
